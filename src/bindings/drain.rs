//! Delivering what an outbox holds.

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::delivery::{Call, both, elapsed_since};
use super::line::{Line, Part};
use super::outbox::{Settled, Store};
use super::{ClientOptions, serialize, tasks};
use crate::delivery::fetch::Flight;
use crate::delivery::outbox::{Disposition, reserve_ms};
use crate::delivery::retry::Retry;
use crate::delivery::{AttemptResult, ProviderOutcome, Status};
use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::text;
use crate::json::writer::{list, object};
use crate::json::{self, RawObject};
use crate::request::entry::{Entry, Target, to_logsnag, to_posthog};

/// How many entries are borrowed at a time, and for how long beyond the budget.
const LIMIT: u32 = 100;
const SLACK_MS: u32 = 10_000;
const MAX_TRIES: u32 = 100;
/// How long LogSnag may keep a drain waiting.
const OTHERS_MS: u32 = 3_000;

/// How a drain went.
struct Drained {
    worst: ProviderOutcome,
    error: Option<Error>,
    settled: Settled,
    more: bool,
}

impl Drained {
    fn of(worst: ProviderOutcome) -> Self {
        Self { worst, error: None, settled: Settled::default(), more: false }
    }

    fn told(&self, elapsed_ms: u32) -> String {
        let Settled { accepted, retried, dead_lettered, profiles } = &self.settled;
        object(|object| {
            serialize::provider_members(object, &self.worst);
            serialize::maybe_error(object, self.error.as_ref());
            object.number("elapsedMs", elapsed_ms);
            for (name, count) in [("accepted", accepted), ("retried", retried), ("deadLettered", dead_lettered)]
            {
                object.number(name, *count);
            }
            object.boolean("more", self.more);
            list(object.key("profiles"), profiles, |to, key| json::quote(to, key));
        })
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

/// Sends what is due in the outbox; the call is settled with how it went.
#[wasm_bindgen]
pub fn drain(options: &str, flight: Flight) {
    let started = Date::now();
    let call: Call = flight.clone().unchecked_into();
    let ready = ClientOptions::read(options).and_then(|read| Ok((max_tries(options)?, read)));
    tasks::start(call.id(), async move {
        let elapsed = move || elapsed_since(started);
        let mut drained = match ready {
            Err(error) => {
                let mut drained = Drained::of(ProviderOutcome::invalid(&error));
                drained.error = Some(error);
                drained
            }
            Ok((_, options)) if options.disabled => {
                Drained::of(ProviderOutcome::skipped("disabled"))
            }
            Ok((_, options)) if !options.has(Target::Posthog) && !options.has(Target::Logsnag) => {
                Drained::of(ProviderOutcome::skipped("not_configured"))
            }
            Ok((max_tries, options)) => run(&options, max_tries, &flight, &elapsed).await,
        };
        drained.settled.profiles.sort_unstable();
        drained.settled.profiles.dedup();
        call.settle(&drained.told(elapsed()));
    });
}

/// How often an entry is tried before it is set aside: with the waits between, for days.
fn max_tries(options: &str) -> Result<u32, Error> {
    let Some(raw) = Fields::of(RawObject::read(options, "options")?).take_raw("maxTries") else {
        return Ok(MAX_TRIES);
    };
    let invalid = || Error::new(Code::InvalidConfig, "maxTries", "must be a whole number from 1");
    text::number(raw).filter(|tries| *tries > 0).ok_or_else(invalid)
}

async fn run(
    options: &ClientOptions,
    max_tries: u32,
    flight: &Flight,
    elapsed: &dyn Fn() -> u32,
) -> Drained {
    let budget_ms = options.retry.budget_ms;
    // The last part is for telling the store.
    let sending_ms = budget_ms.saturating_sub(reserve_ms(budget_ms));
    let line = Line {
        retry: Retry { budget_ms: sending_ms, ..options.retry },
        elapsed,
        flight,
        drains: true,
        begins_ms: sending_ms,
    };
    let mut drained = Drained::of(ProviderOutcome::accepted());
    let mut store = Store::until(budget_ms, &line, options);
    let mut down = Vec::new();
    let mut left = false;
    loop {
        drained.more = true;
        if elapsed() >= sending_ms {
            break;
        }
        let lease_ms = budget_ms.saturating_sub(elapsed()).saturating_add(SLACK_MS);
        let Some(entries) = store.claim(LIMIT, lease_ms).await else {
            match store.warning() {
                Some(error) => drained.failed(error),
                None => drained.add(&ProviderOutcome::of(AttemptResult::Aborted, 0)),
            }
            break;
        };
        if entries.is_empty() {
            drained.more = left || !down.is_empty();
            break;
        }
        let parts = send(options, &line, &entries, &mut down).await;
        for part in parts.iter().filter(|part| part.outcome.status != Status::Skipped) {
            drained.add(&part.outcome);
            left = left || part.after == Disposition::NotSent;
        }
        drained.settled.and(store.settle(&parts, &entries, Some(max_tries)).await);
        if let Some(error) = store.warning() {
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

/// Sends borrowed entries, each target's beside the others', so that what becomes of one changes
/// nothing for another.
async fn send(
    options: &ClientOptions,
    line: &Line<'_>,
    entries: &[Entry],
    down: &mut Vec<Target>,
) -> Vec<Part> {
    let places = |wanted: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
        let found = entries.iter().enumerate().filter(|(_, entry)| wanted(entry));
        found.map(|(place, _)| place).collect::<Vec<_>>()
    };
    let odd = |entry: &Entry| entry.target == Target::Unknown || !entry.is_whole();
    let known_down = down.clone();
    let due = |target| {
        let up = options.has(target) && !known_down.contains(&target);
        if up { places(&|entry| entry.target == target && !odd(entry)) } else { Vec::new() }
    };
    let posthog = |places: &[usize]| match &options.project {
        Some(project) => to_posthog(project, entries, places),
        None => Vec::new(),
    };
    let logsnag = |places: &[usize]| match &options.logsnag {
        Ok(Some(account)) => to_logsnag(account, entries, places),
        _ => Vec::new(),
    };
    // Events come first: whoever keeps the others waiting has a share of the time, and what was
    // begun in it as much again.
    let now_ms = (line.elapsed)();
    let quarter_ms = line.retry.budget_ms.saturating_sub(now_ms) / 4;
    let sharing = |ms: u32| {
        let begins_ms = now_ms.saturating_add(ms);
        Line { retry: line.retry.ending(begins_ms.saturating_add(ms)), begins_ms, ..*line }
    };
    let (replays, logsnag_events) = (sharing(quarter_ms), sharing(quarter_ms.min(OTHERS_MS)));
    let (mut parts, others) =
        both(line.send_all(posthog(&due(Target::Posthog)), &posthog), async {
            let (mut parts, others) = both(
                replays.send_all(posthog(&due(Target::Replay)), &posthog),
                logsnag_events.send_all(logsnag(&due(Target::Logsnag)), &logsnag),
            )
            .await;
            parts.extend(others);
            parts
        })
        .await;
    parts.extend(others);
    for part in parts.iter().filter(|part| part.after == Disposition::RetryLater) {
        down.extend(part.places.first().and_then(|at| entries.get(*at)).map(|entry| entry.target));
    }
    let unconfigured = |entry: &Entry| !odd(entry) && !options.has(entry.target);
    for (places, outcome, after) in [
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
        (places(&unconfigured), ProviderOutcome::skipped("not_configured"), Disposition::NotSent),
    ] {
        if !places.is_empty() {
            parts.push(Part { places, outcome, after });
        }
    }
    parts
}
