//! Delivering what an outbox holds.

use std::cell::Cell;

use crate::delivery::cancellation::Budget;
use crate::delivery::concurrent::all;
use crate::delivery::host::{AttemptResult, Host};
use crate::delivery::lane::Lane;
use crate::delivery::options::{CallOptions, ClientOptions};
use crate::delivery::outbox::{Disposition, LEASE_SLACK_MS, reserve_ms};
use crate::delivery::outcome::{ProviderOutcome, Status};
#[cfg(feature = "stores")]
use crate::delivery::profiles;
use crate::delivery::queue::{BatchResult, Batches};
use crate::delivery::retry::Retry;
#[cfg(feature = "stores")]
use crate::delivery::send::Delivery;
use crate::delivery::store::{Outbox, Settled};
use crate::error::{Code, Error, Warning};
use crate::request::entry::{Entry, EntryBody, Target};
use crate::request::logsnag::Account;
#[cfg(feature = "v1")]
use crate::request::v1::V1Event;
use crate::request::{Project, Request, Wire};

/// How many entries are claimed at a time.
const LIMIT: u32 = 1000;
/// How many events go into one request, so that several are in flight.
const EVENTS: usize = 250;
/// How long LogSnag may keep a drain waiting.
const OTHERS_MS: u32 = 3_000;

/// How a drain went.
#[derive(Debug)]
pub struct Drained {
    /// The worst that happened.
    pub worst: ProviderOutcome,
    /// A mistake in the options, or a store that failed.
    pub error: Option<Error>,
    /// What is not as it was meant to be, though nothing failed.
    pub warnings: Vec<Warning>,
    /// What became of the entries.
    pub settled: Settled,
    /// Whether more may be due.
    pub more: bool,
    /// From the call to its end.
    pub elapsed_ms: u32,
}

impl Drained {
    fn of(worst: ProviderOutcome) -> Self {
        Self {
            worst,
            error: None,
            warnings: Vec::new(),
            settled: Settled::default(),
            more: false,
            elapsed_ms: 0,
        }
    }

    /// Of options that cannot be read.
    pub fn refused(error: Error) -> Self {
        Self { error: Some(error.clone()), ..Self::of(ProviderOutcome::invalid(&error)) }
    }

    fn failed(&mut self, error: Error) {
        self.worst.ok = false;
        self.worst.status = Status::Unreachable;
        self.worst.message = Some(error.message.clone().into_owned());
        self.error = Some(error);
    }

    /// The worst of all is the whole; every attempt counts.
    fn add(&mut self, part: &ProviderOutcome) {
        let attempts = self.worst.attempts.saturating_add(part.attempts);
        if part.status > self.worst.status {
            self.worst = part.clone();
        }
        self.worst.attempts = attempts;
    }
}

/// Sends what is due in the outbox.
pub async fn drain<H: Host>(host: &H, options: &ClientOptions, call: &CallOptions) -> Drained {
    if options.disabled {
        return Drained::of(ProviderOutcome::skipped("disabled"));
    }
    if !options.is_configured() {
        return Drained::of(ProviderOutcome::skipped("not_configured"));
    }
    let budget_ms = call.retry.budget_ms;
    // What drained profiles leave to do has a part of its own.
    let end_ms =
        if call.profile_store { budget_ms.saturating_sub(budget_ms / 5) } else { budget_ms };
    let budget = Budget::new(host, budget_ms);
    let mut drained = rounds(&budget, options, call, end_ms.max(1)).await;
    // What waited may have been profiles.
    #[cfg(feature = "stores")]
    if let Some(unchanged) = &options.unchanged {
        unchanged.forget();
    }
    drained.settled.profiles.sort_unstable();
    drained.settled.profiles.dedup();
    #[cfg(feature = "stores")]
    if call.profile_store && !drained.settled.profiles.is_empty() {
        // A profile that waited may be older than what arrived meanwhile: what the store holds has
        // the last word.
        let mut marks = profiles::unknown(&drained.settled.profiles);
        match Delivery::new(&budget, options, call).catch_up(&mut marks).await {
            Ok(None) => {}
            Ok(Some(worse)) => drained.add(&worse),
            Err(failed) => drained.failed(profiles::failure(failed, options.secrets())),
        }
    }
    drained.elapsed_ms = host.now_ms();
    drained
}

async fn rounds<H: Host>(
    budget: &Budget<'_, H>,
    options: &ClientOptions,
    call: &CallOptions,
    end_ms: u32,
) -> Drained {
    let host = budget.host;
    // The last part is for telling the store.
    let sending_ms = end_ms.saturating_sub(reserve_ms(end_ms));
    let mut drained = Drained::of(ProviderOutcome::accepted());
    let mut store = Outbox::until(budget, options, end_ms);
    let mut down = Vec::new();
    let mut left = false;
    let slowest_ms = Cell::new(0);
    loop {
        drained.more = true;
        let now_ms = host.now_ms();
        if now_ms >= sending_ms || budget.is_over() {
            break;
        }
        let lease_ms = end_ms.saturating_sub(now_ms).saturating_add(LEASE_SLACK_MS);
        let Some(entries) = store.claim(LIMIT, lease_ms).await else {
            match store.failure() {
                Some(error) => drained.failed(error),
                None => drained.add(&ProviderOutcome::of(AttemptResult::Aborted, 0)),
            }
            break;
        };
        if entries.is_empty() {
            drained.more = left || !down.is_empty();
            break;
        }
        let round = Round {
            budget,
            options,
            retry: call.retry.ending(sending_ms),
            slowest_ms: &slowest_ms,
        };
        let results = round.send(&entries, &mut down).await;
        for result in results.iter().filter(|part| part.outcome.status != Status::Skipped) {
            drained.add(&result.outcome);
            left = left || result.disposition == Disposition::NotSent;
        }
        if drained.warnings.is_empty() {
            let skipped = results.iter().find(|part| part.outcome.status == Status::Skipped);
            let entry = skipped.and_then(|part| entries.get(*part.places.first()?));
            drained.warnings.extend(entry.map(|entry| unconfigured(options, entry.target)));
        }
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        let tries = Some((entries.as_slice(), call.max_tries));
        drained.settled.and(store.settle(&results, &ids, tries).await);
        if let Some(error) = store.failure() {
            drained.failed(error);
            break;
        }
        // Others may be down: what is for them is stepped over.
        if down.contains(&Target::Posthog) {
            break;
        }
    }
    drained
}

/// Why entries stay where they are.
#[cold]
fn unconfigured(options: &ClientOptions, target: Target) -> Warning {
    match (target, &options.logsnag) {
        (Target::Logsnag, Err(error)) => error.clone().into(),
        (Target::Logsnag, _) => Warning::new(
            Code::NotConfigured,
            "logsnag",
            "is missing: entries for LogSnag stay in the outbox",
        ),
        _ => Warning::new(
            Code::NotConfigured,
            "apiKey",
            "is missing: entries for PostHog stay in the outbox",
        ),
    }
}

/// Entries that were claimed at once.
struct Round<'r, 'h, H: Host> {
    budget: &'r Budget<'h, H>,
    options: &'r ClientOptions,
    retry: Retry,
    slowest_ms: &'r Cell<u32>,
}

impl<H: Host> Round<'_, '_, H> {
    /// Sends them, each target's beside the others', so that what becomes of one changes nothing for
    /// another.
    async fn send(&self, entries: &[Entry], down: &mut Vec<Target>) -> Vec<BatchResult> {
        let Self { budget, options, .. } = self;
        let places = |wanted: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
            let found = entries.iter().enumerate().filter(|(_, entry)| wanted(entry));
            found.map(|(place, _)| place).collect()
        };
        let odd = |entry: &Entry| entry.target == Target::Unknown || !entry.is_whole();
        let known_down = down.clone();
        let due = |target| {
            let up = options.has(target) && !known_down.contains(&target);
            if up { places(&|entry| entry.target == target && !odd(entry)) } else { Vec::new() }
        };
        // Events come first: whoever keeps the others waiting has a share of the time, and what was
        // begun in it as much again.
        let now_ms = budget.host.now_ms();
        let quarter_ms = self.retry.budget_ms.saturating_sub(now_ms) / 4;
        let others_ms = [Cell::new(0), Cell::new(0), Cell::new(0)];
        let [replays_ms, ai_ms, announcements_ms] = &others_ms;
        let lane = |share_ms: u32, slowest_ms| {
            let begins_ms = now_ms.saturating_add(share_ms);
            let retry = self.retry.ending(begins_ms.saturating_add(share_ms));
            Lane::new(budget, options, retry, begins_ms, slowest_ms)
        };
        let events = Lane::new(budget, options, self.retry, self.retry.budget_ms, self.slowest_ms);
        let (replays, ai) = (lane(quarter_ms, replays_ms), lane(quarter_ms, ai_ms));
        let announcements = lane(quarter_ms.min(OTHERS_MS), announcements_ms);
        let posthog = options.project.as_ref().map(|project| Events::new(project, entries));
        let logsnag = options.account().map(|account| Announcements { account, entries });
        let results = all(vec![
            Box::pin(async {
                let Some(posthog) = &posthog else { return Vec::new() };
                events.send(posthog, entries, due(Target::Posthog)).await
            }),
            Box::pin(async {
                let Some(posthog) = &posthog else { return Vec::new() };
                replays.send(posthog, entries, due(Target::Replay)).await
            }),
            Box::pin(async {
                let Some(posthog) = &posthog else { return Vec::new() };
                ai.send(posthog, entries, due(Target::Ai)).await
            }),
            Box::pin(async {
                let Some(logsnag) = &logsnag else { return Vec::new() };
                announcements.send(logsnag, entries, due(Target::Logsnag)).await
            }),
        ]);
        let mut results: Vec<BatchResult> = results.await.into_iter().flatten().collect();
        let lanes = [
            (Target::Posthog, &events),
            (Target::Replay, &replays),
            (Target::Ai, &ai),
            (Target::Logsnag, &announcements),
        ];
        down.extend(lanes.iter().filter(|(_, lane)| lane.is_down()).map(|(target, _)| *target));
        let unconfigured = |entry: &Entry| !odd(entry) && !options.has(entry.target);
        let stepped_over = |entry: &Entry| {
            !odd(entry) && options.has(entry.target) && known_down.contains(&entry.target)
        };
        for (places, outcome, disposition) in [
            (
                places(&|entry| entry.target == Target::Unknown),
                ProviderOutcome::unsendable("has a target that this version does not know"),
                Disposition::RetryLater,
            ),
            (
                places(&|entry| entry.target != Target::Unknown && !entry.is_whole()),
                ProviderOutcome::unsendable("is no event that can be sent"),
                Disposition::Discard,
            ),
            (
                places(&unconfigured),
                ProviderOutcome::skipped("not_configured"),
                Disposition::NotSent,
            ),
            (places(&stepped_over), ProviderOutcome::accepted(), Disposition::NotSent),
        ] {
            if !places.is_empty() {
                results.push(BatchResult::of(places, outcome, disposition));
            }
        }
        results
    }
}

/// Entries for PostHog: events in batches, replays one by one.
struct Events<'e> {
    project: &'e Project,
    entries: &'e [Entry],
    wires: Vec<Option<Wire>>,
}

impl<'e> Events<'e> {
    fn new(project: &'e Project, entries: &'e [Entry]) -> Self {
        Self { project, entries, wires: entries.iter().map(Entry::wire).collect() }
    }

    fn wire(&self, place: usize) -> Option<&Wire> {
        self.wires.get(place)?.as_ref()
    }
}

impl Batches for Events<'_> {
    fn split(&self, places: &[usize]) -> Vec<Vec<usize>> {
        let here = places.iter().filter_map(|at| self.wire(*at).map(|wire| (*at, wire)));
        let mut batches = self.project.split_by_route(&here.collect::<Vec<_>>(), EVENTS);
        let held = places.iter().filter(|at| self.wire(**at).is_none());
        batches.extend(held.map(|at| vec![*at]));
        batches
    }

    fn request(&self, places: &[usize]) -> Option<Request> {
        let first = *places.first()?;
        if let EntryBody::Held { part, head } = &self.entries.get(first)?.body {
            return self.project.held_replay(head, *part);
        }
        let wires: Vec<&Wire> = places.iter().filter_map(|at| self.wire(*at)).collect();
        Some(self.project.request(&wires))
    }

    #[cfg(feature = "v1")]
    fn v1_events(&self, places: &[usize], now: &str) -> Option<Vec<(usize, V1Event)>> {
        let wires = places.iter().filter_map(|at| Some((*at, self.wire(*at)?)));
        self.project.v1_events(wires, now)
    }
}

/// Entries for LogSnag, which takes one at a time.
struct Announcements<'e> {
    account: &'e Account,
    entries: &'e [Entry],
}

impl Batches for Announcements<'_> {
    fn split(&self, places: &[usize]) -> Vec<Vec<usize>> {
        places.iter().map(|place| vec![*place]).collect()
    }

    fn request(&self, places: &[usize]) -> Option<Request> {
        let EntryBody::Text(body) = &self.entries.get(*places.first()?)?.body else { return None };
        Some(self.account.request(body))
    }
}
