//! The way out that the requests of one call share: one deadline, one request after the other.

use crate::delivery::fetch::{Cancellation, Flight, deliver};
use crate::delivery::outbox::{Disposition, after};
use crate::delivery::retry::Retry;
use crate::delivery::{ProviderOutcome, Status};
use crate::request::Requests;

/// What all requests of a call share.
pub(super) struct Line<'l> {
    pub(super) retry: Retry,
    pub(super) elapsed: &'l dyn Fn() -> u32,
    pub(super) flight: &'l Flight,
    /// What one event may be to blame for is sent in two, and behind the first that must wait
    /// nothing is tried.
    pub(super) drains: bool,
    /// From then on a drain begins no request.
    pub(super) begins_ms: u32,
}

/// How the events at these places fared.
pub(super) struct Part {
    pub(super) places: Vec<usize>,
    pub(super) outcome: ProviderOutcome,
    pub(super) after: Disposition,
}

impl Part {
    /// Whether they may arrive another time.
    pub(super) fn waits(&self) -> bool {
        matches!(self.after, Disposition::Split | Disposition::RetryLater)
    }
}

impl Line<'_> {
    /// A deadline so many milliseconds after the call's beginning; what was spent is part of it.
    pub(super) fn stops(&self, end_ms: u32) -> Cancellation {
        Cancellation::start(self.flight, end_ms.saturating_sub((self.elapsed)()))
    }

    /// Sends requests one after the other. What must be sent in two is made anew by `again`.
    pub(super) async fn send_all(
        &self,
        requests: Requests,
        again: &dyn Fn(&[usize]) -> Requests,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        if requests.is_empty() {
            return parts;
        }
        let mut stops = self.stops(self.retry.budget_ms);
        // The next is the last.
        let mut queue = requests;
        queue.reverse();
        let mut split = 0_u32;
        while let Some((places, request)) = queue.pop() {
            let Self { retry, elapsed, flight, .. } = self;
            if self.drains && elapsed() >= self.begins_ms {
                queue.push((places, request));
                parts.push(unsent(&mut queue, &ProviderOutcome::accepted()));
                break;
            }
            let outcome = deliver(&request, places.len(), retry, elapsed, flight, &mut stops).await;
            let part = outcome.map(|outcome| (after(&outcome, places.len()), outcome));
            let (after, outcome) = match part {
                Some((after, outcome)) if !(self.drains && after == Disposition::Split) => {
                    let attempts = outcome.attempts.saturating_add(std::mem::take(&mut split));
                    (after, ProviderOutcome { attempts, ..outcome })
                }
                part => {
                    // What was sent in vain counts too.
                    let attempts = part.map_or(1, |(_, outcome)| outcome.attempts);
                    split = split.saturating_add(attempts);
                    let (one, two) = places.split_at(places.len() / 2);
                    let mut halves = again(one);
                    halves.extend(again(two));
                    halves.reverse();
                    queue.extend(halves);
                    continue;
                }
            };
            // Its caller ended it: that is not the event's fault.
            let ended = self.drains && outcome.status == Status::Aborted;
            let after = if ended { Disposition::NotSent } else { after };
            if self.drains && matches!(after, Disposition::RetryLater | Disposition::NotSent) {
                parts.push(unsent(&mut queue, &outcome));
            }
            parts.push(Part { places, outcome, after });
        }
        parts
    }
}

/// All that is left, for the reason that ended it.
fn unsent(queue: &mut Requests, why: &ProviderOutcome) -> Part {
    let mut places = Vec::new();
    while let Some((more, _)) = queue.pop() {
        places.extend(more);
    }
    let outcome = ProviderOutcome { attempts: 0, ..why.clone() };
    Part { places, outcome, after: Disposition::NotSent }
}
