//! Calls that were gathered, to leave in as few requests as possible. Each has its own outcome, as if it
//! had been sent alone.

use crate::delivery::cancellation::Budget;
use crate::delivery::host::Host;
use crate::delivery::options::{CallOptions, ClientOptions};
use crate::delivery::outcome::{Outcome, ProviderOutcome};
use crate::delivery::profiles;
use crate::delivery::queue::BatchResult;
use crate::delivery::send::{Delivery, refused};
use crate::event::exception::Exception;
use crate::event::id::EventSeed;
use crate::event::input::Input;
use crate::event::time::Timestamp;
use crate::request::Wire;
use crate::request::prepare::Prepared;

/// One call, as it was made.
#[derive(Debug)]
pub struct Gathered<'i> {
    /// When. An event without a time of its own happened then.
    pub at: Timestamp,
    /// Its events.
    pub inputs: Vec<Input<'i>>,
    /// What it says was thrown.
    pub exception: Option<Exception>,
}

/// Delivers the calls, and gives their outcomes in their order. All of it ends within one budget.
pub async fn deliver_all<H: Host>(
    host: &H,
    options: &ClientOptions,
    call: &CallOptions,
    mut calls: Vec<Gathered<'_>>,
) -> Vec<Outcome> {
    if options.disabled || !options.is_configured() {
        let reason = if options.disabled { "disabled" } else { "not_configured" };
        let nothing = || ProviderOutcome::skipped(reason).into();
        return calls.iter().map(|_| Outcome::of(nothing(), vec![], vec![], 0)).collect();
    }
    if let Some(error) = options.conflict(call) {
        return calls.iter().map(|_| refused(error.clone(), 0)).collect();
    }
    let budget = Budget::new(host, call.retry.budget_ms);
    let delivery = Delivery::new(&budget, options, call);
    // What must pass the profile store does so by itself, behind the others.
    let is_ordered = |gathered: &Gathered<'_>| {
        call.profile_store && gathered.inputs.iter().any(profiles::is_ordered)
    };
    let mut prepared = Vec::new();
    for gathered in &mut calls {
        if is_ordered(gathered) {
            prepared.push(None);
            continue;
        }
        let at = gathered.at;
        let mut seed = || EventSeed { now: at, ..host.seed() };
        let exception = gathered.exception.take();
        prepared.push(Some(delivery.prepare(&mut gathered.inputs, exception, &mut seed)));
    }
    let results = send_together(&delivery, &mut prepared, call.retry.budget_ms).await;
    let mut outcomes = Vec::new();
    for ((gathered, prepared), results) in calls.iter_mut().zip(prepared).zip(results) {
        outcomes.push(match prepared {
            Some(prepared) => delivery.outcome(prepared, &results),
            None => delivery.through_store(&mut gathered.inputs).await,
        });
    }
    outcomes
}

/// Sends what all of them have as one call would, and gives each its own part of the results.
async fn send_together<H: Host>(
    delivery: &Delivery<'_, '_, H>,
    prepared: &mut [Option<Prepared>],
    end_ms: u32,
) -> Vec<Vec<BatchResult>> {
    let (mut wires, mut announcements, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    // Whose each one is, and its place there.
    let (mut wires_of, mut announcements_of) = (Vec::new(), Vec::new());
    for (owner, prepared) in prepared.iter_mut().enumerate() {
        let Some(prepared) = prepared else { continue };
        let count = prepared.wires.len();
        for (at, (place, wire)) in prepared.wires.iter_mut().enumerate() {
            // Its text is not needed there any more.
            wires.push((*place, std::mem::replace(wire, Wire::sent())));
            wires_of.push((owner, at));
        }
        for (at, event) in prepared.logsnag_events.drain(..).enumerate() {
            announcements.push(event);
            announcements_of.push((owner, count.saturating_add(at)));
        }
    }
    let mut own: Vec<Vec<BatchResult>> = prepared.iter().map(|_| Vec::new()).collect();
    if wires.is_empty() {
        return own;
    }
    let results = delivery.send_all(&wires, &announcements, end_ms, &mut warnings).await;
    let whose: Vec<(usize, usize)> = wires_of.into_iter().chain(announcements_of).collect();
    for result in results {
        // They are in the order of the places.
        let mut verdicts = result.verdicts.into_iter().peekable();
        // Places of one owner come one after the other.
        let mut last = None;
        for place in result.places {
            let Some((owner, own_place)) = whose.get(place).copied() else { continue };
            let Some(own) = own.get_mut(owner) else { continue };
            if last != Some(owner) {
                own.push(BatchResult::of(vec![], result.outcome.clone(), result.disposition));
                last = Some(owner);
            }
            if let Some(part) = own.last_mut() {
                part.places.push(own_place);
                let said = verdicts.next_if(|(at, _)| *at == place);
                part.verdicts.extend(said.map(|(_, said)| (own_place, said)));
            }
        }
    }
    for prepared in prepared.iter_mut().flatten() {
        prepared.warnings.extend(warnings.iter().cloned());
    }
    own
}
