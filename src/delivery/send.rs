//! One call, from its inputs to its outcome.

use crate::delivery::cancellation::Budget;
use crate::delivery::host::Host;
use crate::delivery::options::{CallOptions, ClientOptions};
use crate::delivery::outcome::{EventOutcome, Outcome, ProviderOutcome, Providers, Status};
#[cfg(feature = "stores")]
use crate::delivery::profiles;
#[cfg(not(feature = "stores"))]
use crate::delivery::queue::send_in_order;
use crate::delivery::queue::{BatchResult, Batches};
use crate::delivery::retry::Retry;
use crate::error::Error;
#[cfg(not(feature = "outbox"))]
use crate::error::Warning;
use crate::event::exception::Exception;
use crate::event::id::EventSeed;
use crate::event::input::Input;
use crate::request::entry::Write;
use crate::request::prepare::{Prepared, Rules, prepare};
#[cfg(feature = "v1")]
use crate::request::v1::V1Event;
use crate::request::{Project, Request, Wire};

/// Delivers the inputs. Ends within the call's budget, however the world behaves.
pub async fn deliver<H: Host>(
    host: &H,
    options: &ClientOptions,
    call: &CallOptions,
    mut inputs: Vec<Input<'_>>,
    exception: Option<Exception>,
) -> Outcome {
    if options.disabled {
        return Outcome::of(ProviderOutcome::skipped("disabled").into(), Vec::new(), Vec::new(), 0);
    }
    if !options.is_configured() {
        let nothing = ProviderOutcome::skipped("not_configured");
        return Outcome::of(nothing.into(), Vec::new(), Vec::new(), 0);
    }
    #[cfg(feature = "stores")]
    if let Some(error) = options.conflict(call) {
        return refused(error, 0);
    }
    let budget = Budget::new(host, call.retry.budget_ms);
    let delivery = Delivery::new(&budget, options, call);
    #[cfg(feature = "stores")]
    if call.profile_store && inputs.iter().any(profiles::is_ordered) {
        return delivery.through_store(&mut inputs).await;
    }
    delivery.send(&mut inputs, exception, call.retry.budget_ms).await
}

/// The outcome of inputs that are not even looked at.
#[cold]
pub fn refused(error: Error, elapsed_ms: u32) -> Outcome {
    let event = EventOutcome { status: Status::Invalid, ..EventOutcome::refused(error) };
    let nothing = ProviderOutcome::skipped("no_valid_event");
    Outcome::of(nothing.into(), vec![event], Vec::new(), elapsed_ms)
}

/// What a call sends, and how.
pub(super) struct Delivery<'d, 'h, H: Host> {
    pub(super) budget: &'d Budget<'h, H>,
    pub(super) options: &'d ClientOptions,
    pub(super) outbox: Option<Write>,
    pub(super) retry: Retry,
}

impl<'d, 'h, H: Host> Delivery<'d, 'h, H> {
    pub(super) const fn new(
        budget: &'d Budget<'h, H>,
        options: &'d ClientOptions,
        call: &CallOptions,
    ) -> Self {
        Self { budget, options, outbox: call.outbox, retry: call.retry }
    }

    /// Prepares and sends, until so many milliseconds after the call's beginning.
    pub(super) async fn send(
        &self,
        inputs: &mut [Input<'_>],
        exception: Option<Exception>,
        end_ms: u32,
    ) -> Outcome {
        let host = self.budget.host;
        let mut prepared = self.prepare(inputs, exception, &mut || host.seed());
        let mut results = Vec::new();
        if !prepared.wires.is_empty() {
            let Prepared { wires, logsnag_events, warnings, .. } = &mut prepared;
            results = self.send_all(wires, logsnag_events, end_ms, warnings).await;
        }
        self.outcome(prepared, &results)
    }

    /// Makes of inputs what can be sent.
    pub(super) fn prepare(
        &self,
        inputs: &mut [Input<'_>],
        exception: Option<Exception>,
        seed: &mut dyn FnMut() -> EventSeed,
    ) -> Prepared {
        let Self { budget, options, .. } = self;
        let rules = Rules { policy: &options.policy, logsnag: options.account() };
        #[cfg_attr(not(feature = "stores"), allow(unused_mut, reason = "nothing is left out"))]
        let mut prepared =
            prepare(inputs, exception, &rules, seed, &mut |event| budget.host.before_send(event));
        #[cfg(feature = "stores")]
        if let Some(unchanged) = &options.unchanged {
            unchanged.leave_out(&mut prepared, seed().now);
        }
        prepared
    }

    /// What it came to. The results' places are those of its wires, and behind them LogSnag's.
    #[inline(never)]
    pub(super) fn outcome(&self, prepared: Prepared, results: &[BatchResult]) -> Outcome {
        let Self { budget, options, .. } = self;
        #[cfg(feature = "stores")]
        let (left_out, profiles) = (prepared.unchanged, prepared.profiles);
        let Prepared { events, wires, announced, warnings, .. } = prepared;
        let mut events: Vec<_> = events.into_iter().map(EventOutcome::of).collect();
        let unconfigured = options.project.is_none();
        for event in events.iter_mut().filter(|event| unconfigured && event.error.is_none()) {
            event.status = Status::Skipped;
        }
        // A place behind the events' own is LogSnag's.
        let is_posthog =
            |result: &BatchResult| result.places.iter().all(|place| *place < wires.len());
        for result in results.iter().filter(|result| is_posthog(result)) {
            for (place, _) in result.places.iter().filter_map(|at| wires.get(*at)) {
                if let Some(event) = events.get_mut(*place) {
                    event.status = result.outcome.status;
                }
            }
            #[cfg(feature = "v1")]
            for (at, verdict) in &result.verdicts {
                let event = wires.get(*at).and_then(|(place, _)| events.get_mut(*place));
                if let Some(event) = event {
                    event.verdict = Some(verdict.clone());
                }
            }
        }
        #[cfg(feature = "stores")]
        for (place, group) in profiles {
            let is_accepted = events.get(place).is_some_and(|it| it.status == Status::Accepted);
            if let Some(unchanged) = &options.unchanged {
                unchanged.settle(&group, is_accepted);
            }
        }
        let worst = |posthog: bool| {
            let results = results.iter().filter(|result| is_posthog(result) == posthog);
            // Of several that are equally bad, the first.
            let worst = results.rev().max_by_key(|result| result.outcome.status);
            worst.map(|result| result.outcome.clone())
        };
        let unannounced = || {
            announced.then(|| match &options.logsnag {
                Ok(_) => ProviderOutcome::skipped("not_configured"),
                Err(error) => ProviderOutcome::invalid(error),
            })
        };
        let nothing = || match unconfigured {
            true => ProviderOutcome::skipped("not_configured"),
            #[cfg(feature = "stores")]
            false if !left_out.is_empty() => ProviderOutcome::skipped("unchanged"),
            false => nothing_left(&events),
        };
        let providers = Providers {
            posthog: worst(true).unwrap_or_else(nothing),
            logsnag: worst(false).or_else(unannounced),
        };
        #[cfg_attr(not(feature = "stores"), allow(unused_mut, reason = "nothing is left out"))]
        let mut outcome = Outcome::of(providers, events, warnings, budget.host.now_ms());
        // LogSnag is set up wrongly, which is worse than what became of the events.
        #[cfg(feature = "stores")]
        if let (Err(error), None, Status::Invalid) =
            (&options.logsnag, &outcome.error, outcome.worst.status)
        {
            outcome.error = Some(error.clone());
        }
        // Told last: beside events that were sent, it makes the whole no worse.
        #[cfg(feature = "stores")]
        for place in left_out {
            if let Some(event) = outcome.events.get_mut(place) {
                event.status = Status::Skipped;
            }
        }
        outcome
    }

    /// Sends events. The results' places are those of `wires`.
    #[cfg(not(feature = "outbox"))]
    async fn send_all(
        &self,
        wires: &[(usize, Wire)],
        logsnag_events: &[(usize, String)],
        end_ms: u32,
        _: &mut [Warning],
    ) -> Vec<BatchResult> {
        self.send_both(self.retry.ending(end_ms), wires, logsnag_events).await
    }

    /// To PostHog alone, where LogSnag is not told.
    #[cfg(not(feature = "stores"))]
    pub(super) async fn send_both(
        &self,
        retry: Retry,
        wires: &[(usize, Wire)],
        _: &[(usize, String)],
    ) -> Vec<BatchResult> {
        let Some(project) = &self.options.project else { return Vec::new() };
        let places: Vec<usize> = (0..wires.len()).collect();
        let events = Events { project, wires };
        send_in_order(self.budget, self.options, retry, &events, &places).await
    }
}

/// A call's events for PostHog.
pub(super) struct Events<'e> {
    pub(super) project: &'e Project,
    pub(super) wires: &'e [(usize, Wire)],
}

impl Batches for Events<'_> {
    fn split(&self, places: &[usize]) -> Vec<Vec<usize>> {
        let wire = |at: &usize| self.wires.get(*at).map(|(_, wire)| (*at, wire));
        let wires = places.iter().filter_map(wire);
        #[cfg(feature = "routes")]
        return self.project.split_by_route(&wires.collect::<Vec<_>>(), usize::MAX);
        #[cfg(not(feature = "routes"))]
        self.project.split(wires, usize::MAX)
    }

    #[cfg(feature = "v1")]
    fn v1_events(&self, places: &[usize], now: &str) -> Option<Vec<(usize, V1Event)>> {
        let wire = |at: &usize| self.wires.get(*at).map(|(_, wire)| (*at, wire));
        self.project.v1_events(places.iter().filter_map(wire), now)
    }

    fn request(&self, places: &[usize]) -> Option<Request> {
        let wire = |at: &usize| self.wires.get(*at).map(|(_, wire)| wire);
        let wires: Vec<&Wire> = places.iter().filter_map(wire).collect();
        Some(self.project.request(&wires))
    }
}

/// No event came as far as the wire.
fn nothing_left(events: &[EventOutcome]) -> ProviderOutcome {
    let hooked = events.iter().any(|event| event.status == Status::Skipped);
    ProviderOutcome::skipped(if hooked { "before_send" } else { "no_valid_event" })
}
