//! One call to PostHog, from the caller's text to its outcome.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::line::{Line, Part};
use super::outbox::Store;
use super::{ClientOptions, caller, js_error, seed, serialize, tasks};
use crate::delivery::fetch::Flight;
use crate::delivery::outbox::{Disposition, reserve_ms};
use crate::delivery::retry::Retry;
use crate::delivery::{AttemptResult, EventOutcome, Outcome, ProviderOutcome, Providers, Status};
use crate::error::{Error, Warning};
use crate::event::{id, split};
use crate::request::Wire;
use crate::request::before_send::BeforeSend;
use crate::request::entry::{Entry, Target, Write};
use crate::request::prepare::Prepared;

/// What nobody else may take from the outbox while this call may still deliver it: how much longer
/// than its budget.
const SLACK_MS: u32 = 10_000;

#[wasm_bindgen]
extern "C" {
    /// The part of the shell's call that only delivery needs.
    pub(super) type Call;
    #[wasm_bindgen(method)]
    pub(super) fn id(this: &Call) -> u32;
    #[wasm_bindgen(method)]
    pub(super) fn settle(this: &Call, outcome: &str);
    /// Runs `before_send`: text, `null` for dropped, `false` for thrown, `undefined` for no hook.
    #[wasm_bindgen(method)]
    fn edit(this: &Call, event: &str) -> JsValue;
}

/// Sends events; the call is settled with their outcome, at once or later.
#[wasm_bindgen]
pub fn deliver(options: &str, events: &str, track: bool, thrown: JsValue, flight: Flight) {
    let started = Date::now();
    let call: Call = flight.clone().unchecked_into();
    let ready = prepare(options, events, track, &thrown, &call);
    let elapsed = move || elapsed_since(started);
    match ready {
        Err(outcome) => {
            call.settle(&serialize::outcome(&Outcome { elapsed_ms: elapsed(), ..*outcome }))
        }
        Ok((options, prepared)) => tasks::start(call.id(), async move {
            let outcome = run(options, prepared, &flight, &elapsed).await;
            call.settle(&serialize::outcome(&outcome));
        }),
    }
}

/// Everything that happens before the first byte leaves.
fn prepare(
    options: &str,
    events: &str,
    track: bool,
    thrown: &JsValue,
    call: &Call,
) -> Result<(ClientOptions, Prepared), Box<Outcome>> {
    let options = ClientOptions::read(options).map_err(invalid)?;
    if options.disabled {
        return Err(skipped("disabled"));
    }
    if !options.has(Target::Posthog) && !options.has(Target::Logsnag) {
        return Err(skipped("not_configured"));
    }
    let inputs = split(events);
    let exception = js_error::read(thrown);
    let mut hook = |event: &str| edited(&call.edit(event));
    let prepared = options.prepare(&inputs, caller(track), exception, &mut hook);
    Ok((options, prepared))
}

async fn run(
    options: ClientOptions,
    prepared: Prepared,
    flight: &Flight,
    elapsed: &dyn Fn() -> u32,
) -> Outcome {
    let Prepared { events, wires, logsnag_events, announced, mut warnings } = prepared;
    let mut parts = Vec::new();
    if !wires.is_empty() {
        parts = deliver_all(&options, &wires, logsnag_events, flight, elapsed, &mut warnings).await;
    }
    let mut events: Vec<_> = events.into_iter().map(EventOutcome::of).collect::<Vec<_>>();
    let unconfigured = options.project.is_none();
    for event in events.iter_mut().filter(|event| unconfigured && event.error.is_none()) {
        event.status = Status::Skipped;
    }
    // A place behind the events' own is an logsnag_event's.
    let is_posthog = |part: &Part| part.places.iter().all(|place| *place < wires.len());
    for part in parts.iter().filter(|part| is_posthog(part)) {
        for (place, _) in part.places.iter().filter_map(|at| wires.get(*at)) {
            if let Some(event) = events.get_mut(*place) {
                event.status = part.outcome.status;
            }
        }
    }
    let worst = |posthog: bool| {
        let parts = parts.iter().filter(|part| is_posthog(part) == posthog);
        // Of several that are equally bad, the first.
        let worst = parts.rev().max_by_key(|part| part.outcome.status);
        worst.map(|part| part.outcome.clone())
    };
    let unannounced = || {
        announced.then(|| match &options.logsnag {
            Ok(_) => ProviderOutcome::skipped("not_configured"),
            Err(error) => ProviderOutcome::invalid(error),
        })
    };
    let nothing = || match unconfigured {
        true => ProviderOutcome::skipped("not_configured"),
        false => nothing_left(&events),
    };
    let providers = Providers {
        posthog: worst(true).unwrap_or_else(nothing),
        logsnag: worst(false).or_else(unannounced),
    };
    Outcome::of(providers, events, warnings, elapsed())
}

/// Sends events and logsnag_events, with the outbox before or after it. The parts' places are those
/// of `wires`, and behind them those of the logsnag_events.
async fn deliver_all(
    options: &ClientOptions,
    wires: &[(usize, Wire)],
    logsnag_events: Vec<(usize, String)>,
    flight: &Flight,
    elapsed: &dyn Fn() -> u32,
    warnings: &mut Vec<Warning>,
) -> Vec<Part> {
    let budget_ms = options.retry.budget_ms;
    let reserve_ms = options.outbox.map_or(0, |_| reserve_ms(budget_ms));
    let retry = Retry { budget_ms: budget_ms.saturating_sub(reserve_ms), ..options.retry };
    let line = Line { retry, elapsed, flight, drains: false, begins_ms: u32::MAX };
    let entries = match options.outbox {
        Some(_) => entries(options, wires, &logsnag_events),
        None => Vec::new(),
    };
    // Without a key there is nothing for PostHog.
    let first = if options.project.is_some() { 0 } else { wires.len() };
    let mut saved = Err(AttemptResult::Aborted);
    if let Some(write @ (Write::BeforeSend | Write::Only)) = options.outbox {
        let spent_ms = elapsed();
        let (end_ms, lease_ms) = match write {
            Write::Only => (budget_ms, 0),
            _ => (spent_ms.saturating_add(budget_ms / 2), budget_ms.saturating_add(SLACK_MS)),
        };
        let mut store = Store::until(end_ms, &line, options);
        saved = store.put(&entries.iter().skip(first).collect::<Vec<_>>(), lease_ms).await;
        warnings.extend(store.warning());
    }
    let mut parts = match options.outbox {
        Some(Write::Only) => {
            let (events, others): (Vec<_>, Vec<_>) =
                (first..entries.len()).partition(|at| *at < wires.len());
            let unsent = saved.clone().err().unwrap_or(AttemptResult::Aborted);
            let outcome = ProviderOutcome::of(unsent, 0);
            let part = |places: Vec<usize>| Part {
                places,
                outcome: outcome.clone(),
                after: Disposition::RetryLater,
            };
            [events, others]
                .into_iter()
                .filter(|places| !places.is_empty())
                .map(part)
                .collect::<Vec<_>>()
        }
        _ => send(options, &line, wires, logsnag_events).await,
    };
    match options.outbox {
        Some(Write::BeforeSend) if saved.is_ok() => {
            let mut store = Store::until(budget_ms, &line, options);
            store.settle(&parts, &entries, None).await;
            warnings.extend(store.warning());
        }
        Some(Write::OnFailure) => {
            let left =
                parts.iter().filter(|part| part.waits() && part.outcome.status != Status::Aborted);
            let places = left.flat_map(|part| &part.places);
            let left: Vec<&Entry> =
                places.filter_map(|place| entries.get(*place)).collect::<Vec<_>>();
            if !left.is_empty() {
                let mut store = Store::until(budget_ms, &line, options);
                saved = store.put(&left, 0).await;
                warnings.extend(store.warning());
            }
        }
        _ => {}
    }
    for part in parts.iter_mut().filter(|part| saved.is_ok() && part.waits()) {
        // What the options may be to blame for is told as it is, though the entry stays.
        if part.after == Disposition::Split || part.outcome.status != Status::Rejected {
            part.outcome = part.outcome.clone().queued();
        }
    }
    parts
}

/// What the outbox is given: one entry for each event and each logsnag_event, in their order.
fn entries(
    options: &ClientOptions,
    wires: &[(usize, Wire)],
    logsnag_events: &[(usize, String)],
) -> Vec<Entry> {
    let entry = |target, body: &str| Entry {
        id: id::text(seed(options.now).uuid()),
        target,
        body: body.to_owned(),
        tries: 0,
    };
    let events = wires.iter().map(|(_, wire)| entry(Target::of(wire), &wire.text));
    let others = logsnag_events.iter().map(|(_, body)| entry(Target::Logsnag, body));
    events.chain(others).collect::<Vec<_>>()
}

/// Side by side: what becomes of one provider changes nothing for the other.
async fn send(
    options: &ClientOptions,
    line: &Line<'_>,
    wires: &[(usize, Wire)],
    logsnag_events: Vec<(usize, String)>,
) -> Vec<Part> {
    let again = |places: &[usize]| match &options.project {
        Some(project) => {
            let wire = |at: &usize| wires.get(*at).map(|(_, wire)| (*at, wire));
            project.requests(&places.iter().filter_map(wire).collect::<Vec<_>>())
        }
        None => Vec::new(),
    };
    let all: Vec<usize> = (0..wires.len()).collect::<Vec<_>>();
    let announced = match &options.logsnag {
        Ok(Some(account)) => {
            let request = |(at, (_, body)): (usize, (usize, String))| {
                (vec![wires.len().saturating_add(at)], account.request(body))
            };
            logsnag_events.into_iter().enumerate().map(request).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    let (mut parts, others) =
        both(line.send_all(again(&all), &again), line.send_all(announced, &|_| Vec::new())).await;
    parts.extend(others);
    parts
}

/// Waits for two things at once.
pub(super) async fn both<T: Default>(
    one: impl Future<Output = T>,
    two: impl Future<Output = T>,
) -> (T, T) {
    let (mut one, mut two) = (pin!(one), pin!(two));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none()
            && let Poll::Ready(done) = one.as_mut().poll(context)
        {
            first = Some(done);
        }
        if second.is_none()
            && let Poll::Ready(done) = two.as_mut().poll(context)
        {
            second = Some(done);
        }
        if first.is_some() && second.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.unwrap_or_default(), second.unwrap_or_default())
}

/// No event came as far as the wire.
fn nothing_left(events: &[EventOutcome]) -> ProviderOutcome {
    let hooked = events.iter().any(|event| event.status == Status::Skipped);
    ProviderOutcome::skipped(if hooked { "before_send" } else { "no_valid_event" })
}

fn edited(result: &JsValue) -> Option<BeforeSend> {
    if result.is_undefined() {
        return None;
    }
    Some(match result.as_string() {
        Some(text) => BeforeSend::Event(text),
        None if result.is_null() => BeforeSend::Dropped,
        None => BeforeSend::Failed,
    })
}

fn skipped(reason: &'static str) -> Box<Outcome> {
    Box::new(Outcome::of(ProviderOutcome::skipped(reason).into(), Vec::new(), Vec::new(), 0))
}

fn invalid(error: Error) -> Box<Outcome> {
    let event = EventOutcome { uuid: String::new(), status: Status::Invalid, error: Some(error) };
    let nothing = ProviderOutcome::skipped("no_valid_event");
    Box::new(Outcome::of(nothing.into(), vec![event], Vec::new(), 0))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds")]
pub(super) fn elapsed_since(started: f64) -> u32 {
    (Date::now() - started).max(0.0) as u32
}
