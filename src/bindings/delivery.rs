//! One call to PostHog, from the caller's text to its outcome.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::{Setup, caller, tasks, thrown, to_js};
use crate::error::Error;
use crate::event::split;
use crate::request::Request;
use crate::request::edited::Edited;
use crate::request::prepare::Prepared;
use crate::transport::fetch::{Flight, Stops, deliver as deliver_request};
use crate::transport::retry::Retry;
use crate::transport::{EventOutcome, Outcome, ProviderOutcome, Providers, Status};

#[wasm_bindgen]
extern "C" {
    /// The part of the shell's call that only delivery needs.
    type Call;
    #[wasm_bindgen(method)]
    fn id(this: &Call) -> u32;
    #[wasm_bindgen(method)]
    fn settle(this: &Call, outcome: JsValue);
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
        Err(outcome) => call.settle(to_js(&Outcome { elapsed_ms: elapsed(), ..*outcome })),
        Ok((setup, prepared)) => tasks::start(call.id(), async move {
            let outcome = run(setup, prepared, &flight, &elapsed).await;
            call.settle(to_js(&outcome));
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
) -> Result<(Setup, Prepared), Box<Outcome>> {
    let setup = Setup::read(options).map_err(invalid)?;
    if setup.disabled {
        return Err(skipped("disabled"));
    }
    if setup.project.is_none() && !matches!(setup.logsnag, Ok(Some(_))) {
        return Err(skipped("not_configured"));
    }
    let inputs = split(events).map_err(invalid)?;
    let exception = thrown::read(thrown);
    let mut hook = |event: &str| edited(&call.edit(event));
    let prepared = setup.prepare(&inputs, caller(track), exception, &mut hook);
    Ok((setup, prepared))
}

async fn run(
    setup: Setup,
    prepared: Prepared,
    flight: &Flight,
    elapsed: &dyn Fn() -> u32,
) -> Outcome {
    let wires = &prepared.wires;
    let again = |places: &[usize]| match &setup.project {
        Some(project) => project.requests(wires.iter().filter(|(place, _)| places.contains(place))),
        None => Vec::new(),
    };
    let all: Vec<usize> = wires.iter().map(|(place, _)| *place).collect();
    let announcements =
        prepared.announcements.into_iter().map(|(place, request)| (vec![place], request)).collect();
    // Side by side: what becomes of one provider changes nothing for the other.
    let line = Line { retry: setup.retry, elapsed, flight };
    let (posthog, logsnag) =
        both(line.send_all(again(&all), &again), line.send_all(announcements, &|_| Vec::new()))
            .await;
    let mut events: Vec<_> = prepared.events.into_iter().map(EventOutcome::of).collect();
    for (place, status) in posthog.events {
        if let Some(event) = events.get_mut(place) {
            event.status = status;
        }
    }
    let unannounced = || {
        prepared.announced.then(|| match &setup.logsnag {
            Ok(_) => ProviderOutcome::skipped("not_configured"),
            Err(error) => ProviderOutcome::invalid(error),
        })
    };
    let unconfigured = setup.project.is_none();
    for event in events.iter_mut().filter(|event| unconfigured && event.error.is_none()) {
        event.status = Status::Skipped;
    }
    let nothing = || match unconfigured {
        true => ProviderOutcome::skipped("not_configured"),
        false => nothing_left(&events),
    };
    let providers = Providers {
        posthog: posthog.worst.unwrap_or_else(nothing),
        logsnag: logsnag.worst.or_else(unannounced),
    };
    Outcome::of(providers, events, prepared.warnings, elapsed())
}

/// How one provider's requests fared.
#[derive(Default)]
struct Sent {
    worst: Option<ProviderOutcome>,
    events: Vec<(usize, Status)>,
}

/// Requests, each with the places of its events.
type Requests = Vec<(Vec<usize>, Request)>;

/// What all requests of a call share.
struct Line<'l> {
    retry: Retry,
    elapsed: &'l dyn Fn() -> u32,
    flight: &'l Flight,
}

impl Line<'_> {
    /// Sends requests one after the other, under one deadline. What is too large for the server is
    /// made anew by `again`, in two.
    async fn send_all(&self, requests: Requests, again: &dyn Fn(&[usize]) -> Requests) -> Sent {
        let mut sent = Sent::default();
        if requests.is_empty() {
            return sent;
        }
        // What was spent on getting here is part of the budget.
        let left = self.retry.budget_ms.saturating_sub((self.elapsed)()).max(1);
        let mut stops = Stops::start(self.flight, left);
        let mut queue = VecDeque::from(requests);
        while let Some((places, request)) = queue.pop_front() {
            let Self { retry, elapsed, flight } = self;
            let part =
                deliver_request(&request, places.len(), retry, elapsed, flight, &mut stops).await;
            let Some(part) = part else {
                let (one, two) = places.split_at(places.len() / 2);
                for request in again(one).into_iter().chain(again(two)).rev() {
                    queue.push_front(request);
                }
                continue;
            };
            sent.events.extend(places.into_iter().map(|place| (place, part.status)));
            sent.worst = Some(match sent.worst {
                Some(worst) if worst.status >= part.status => worst,
                _ => part,
            });
        }
        sent
    }
}

/// Waits for two things at once.
async fn both<T: Default>(one: impl Future<Output = T>, two: impl Future<Output = T>) -> (T, T) {
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

fn edited(result: &JsValue) -> Option<Edited> {
    if result.is_undefined() {
        return None;
    }
    Some(match result.as_string() {
        Some(text) => Edited::Event(text),
        None if result.is_null() => Edited::Dropped,
        None => Edited::Failed,
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
