//! Delivering what an outbox holds.

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::delivery::{Call, both, elapsed_since};
use super::line::{Line, Part};
use super::outbox::{Settled, Store};
use super::{Setup, tasks, told};
use crate::error::{Code, Error};
use crate::event::fields::Fields;
use crate::event::json::{self, Object};
use crate::event::writer::Members;
use crate::request::entry::{Entry, Provider, to_logsnag, to_posthog};
use crate::transport::fetch::Flight;
use crate::transport::outbox::{After, reserve_ms};
use crate::transport::retry::Retry;
use crate::transport::{ProviderOutcome, Reply, Status};

/// How many entries are borrowed at a time, and for how long beyond the budget.
const LIMIT: u32 = 100;
const SLACK_MS: u32 = 10_000;
const MAX_TRIES: u32 = 100;

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
        let Settled { accepted, retried, buried, profiles } = &self.settled;
        let mut text = String::new();
        let mut object = Members::open(&mut text);
        told::provider_members(&mut object, &self.worst);
        told::maybe_error(&mut object, self.error.as_ref());
        object.raw("elapsedMs", &elapsed_ms.to_string());
        for (name, count) in [("accepted", accepted), ("retried", retried), ("buried", buried)] {
            object.raw(name, &count.to_string());
        }
        object.raw("more", if self.more { "true" } else { "false" });
        told::list(object.key("profiles"), profiles, |to, key| json::quote(to, key));
        object.close();
        text
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
    let ready = Setup::read(options).and_then(|setup| Ok((max_tries(options)?, setup)));
    tasks::start(call.id(), async move {
        let elapsed = move || elapsed_since(started);
        let mut drained = match ready {
            Err(error) => {
                let mut drained = Drained::of(ProviderOutcome::invalid(&error));
                drained.error = Some(error);
                drained
            }
            Ok((_, setup)) if setup.disabled => Drained::of(ProviderOutcome::skipped("disabled")),
            Ok((_, setup)) if !setup.has(Provider::Posthog) && !setup.has(Provider::Logsnag) => {
                Drained::of(ProviderOutcome::skipped("not_configured"))
            }
            Ok((max_tries, setup)) => run(&setup, max_tries, &flight, &elapsed).await,
        };
        drained.settled.profiles.sort_unstable();
        drained.settled.profiles.dedup();
        call.settle(&drained.told(elapsed()));
    });
}

/// How often an entry is tried before it is set aside: with the waits between, for days.
fn max_tries(options: &str) -> Result<u32, Error> {
    let Some(raw) = Fields::of(Object::read(options, "options")?).raw("maxTries") else {
        return Ok(MAX_TRIES);
    };
    let invalid = || Error::new(Code::InvalidConfig, "maxTries", "must be a whole number from 1");
    raw.parse().ok().filter(|tries| *tries > 0).ok_or_else(invalid)
}

async fn run(setup: &Setup, max_tries: u32, flight: &Flight, elapsed: &dyn Fn() -> u32) -> Drained {
    let budget_ms = setup.retry.budget_ms;
    // The last part is for telling the store.
    let sending_ms = budget_ms.saturating_sub(reserve_ms(budget_ms));
    let line = Line {
        retry: Retry { budget_ms: sending_ms, ..setup.retry },
        elapsed,
        flight,
        drains: true,
    };
    let mut drained = Drained::of(ProviderOutcome::accepted());
    let mut store = Store::until(budget_ms, &line, setup);
    let mut down = Down::default();
    loop {
        if elapsed() >= sending_ms {
            drained.more = true;
            break;
        }
        let lease_ms = budget_ms.saturating_sub(elapsed()).saturating_add(SLACK_MS);
        let Some(entries) = store.take(LIMIT, lease_ms).await else {
            match store.warning() {
                Some(error) => drained.failed(error),
                None => drained.add(&ProviderOutcome::of(Reply::Aborted, 0)),
            }
            break;
        };
        let parts = send(setup, &line, &entries, &mut down).await;
        for part in &parts {
            drained.add(&part.outcome);
        }
        drained.settled.and(store.settle(&parts, &entries, Some(max_tries)).await);
        if let Some(error) = store.warning() {
            drained.failed(error);
            break;
        }
        drained.more = entries.len() >= LIMIT as usize;
        let works = |provider| setup.has(provider) && down.of(provider).is_none();
        if !drained.more || !(works(Provider::Posthog) || works(Provider::Logsnag)) {
            break;
        }
    }
    drained
}

/// Who is known to be down.
#[derive(Default)]
struct Down {
    posthog: Option<ProviderOutcome>,
    logsnag: Option<ProviderOutcome>,
}

impl Down {
    const fn of(&self, provider: Provider) -> Option<&ProviderOutcome> {
        match provider {
            Provider::Posthog => self.posthog.as_ref(),
            Provider::Logsnag => self.logsnag.as_ref(),
        }
    }
}

/// Sends borrowed entries; to a provider that is down, or that nobody set up, none.
async fn send(setup: &Setup, line: &Line<'_>, entries: &[Entry], down: &mut Down) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut places = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let provider = entry.target.provider();
        let waits = match down.of(provider) {
            _ if !entry.is_whole() => Some((ProviderOutcome::unreadable(), After::Never)),
            _ if !setup.has(provider) => {
                Some((ProviderOutcome::skipped("not_configured"), After::Later))
            }
            Some(outcome) => Some((outcome.clone(), After::Later)),
            None => None,
        };
        match waits {
            Some((outcome, after)) => parts.push(Part { places: vec![place], outcome, after }),
            None => places.push(place),
        }
    }
    let posthog = |places: &[usize]| match &setup.project {
        Some(project) => to_posthog(project, entries, places),
        None => Vec::new(),
    };
    let logsnag = |places: &[usize]| match &setup.logsnag {
        Ok(Some(account)) => to_logsnag(account, entries, places),
        _ => Vec::new(),
    };
    let (events, others) =
        both(line.send_all(posthog(&places), &posthog), line.send_all(logsnag(&places), &logsnag))
            .await;
    let first_that_waits = |parts: &[Part]| {
        let part = parts.iter().find(|part| part.after == After::Later)?;
        Some(ProviderOutcome { attempts: 0, ..part.outcome.clone() })
    };
    down.posthog = down.posthog.take().or_else(|| first_that_waits(&events));
    down.logsnag = down.logsnag.take().or_else(|| first_that_waits(&others));
    parts.extend(events.into_iter().chain(others));
    parts
}
