//! Requests of one call, one after the other: the order in which things happened is the order in
//! which PostHog hears of them.

use crate::delivery::attempt::deliver;
use crate::delivery::cancellation::{Budget, Cancellation};
use crate::delivery::host::Host;
use crate::delivery::options::ClientOptions;
use crate::delivery::outbox::{Disposition, disposition};
use crate::delivery::outcome::ProviderOutcome;
use crate::delivery::retry::Retry;
#[cfg(feature = "v1")]
use crate::delivery::v1;
use crate::request::Request;
#[cfg(feature = "v1")]
use crate::request::v1::{V1Event, Verdict};

/// How the events at these places fared.
#[derive(Debug)]
pub(super) struct BatchResult {
    pub(super) places: Vec<usize>,
    pub(super) outcome: ProviderOutcome,
    pub(super) disposition: Disposition,
    /// What the server said of single ones, by their places.
    #[cfg(feature = "v1")]
    pub(super) verdicts: Vec<(usize, Verdict)>,
}

impl BatchResult {
    pub(super) const fn of(
        places: Vec<usize>,
        outcome: ProviderOutcome,
        disposition: Disposition,
    ) -> Self {
        Self {
            places,
            outcome,
            disposition,
            #[cfg(feature = "v1")]
            verdicts: Vec::new(),
        }
    }

    /// Whether they may arrive another time.
    pub(super) const fn waits(&self) -> bool {
        matches!(self.disposition, Disposition::Split | Disposition::RetryLater)
    }
}

/// What can be sent, by places.
pub(super) trait Batches {
    /// As few requests as it takes, each given by its places.
    fn split(&self, places: &[usize]) -> Vec<Vec<usize>>;

    /// One of them. `None`: there is nothing to send it with.
    fn request(&self, places: &[usize]) -> Option<Request>;

    /// The same as events of the newer endpoint. `None`: they go to another.
    #[cfg(feature = "v1")]
    fn v1_events(&self, _: &[usize], _now: &str) -> Option<Vec<(usize, V1Event)>> {
        None
    }
}

/// Sends what is at these places. What is too large for one request is sent in two.
pub(super) async fn send_in_order<H: Host>(
    budget: &Budget<'_, H>,
    options: &ClientOptions,
    retry: Retry,
    batches: &dyn Batches,
    places: &[usize],
) -> Vec<BatchResult> {
    let mut results = Vec::new();
    if places.is_empty() {
        return results;
    }
    let mut cancellation = Cancellation::at(budget, retry.budget_ms);
    // The last is the next.
    let mut queue = batches.split(places);
    queue.reverse();
    let mut in_vain = 0_u32;
    while let Some(places) = queue.pop() {
        #[cfg(feature = "v1")]
        match v1::deliver(options, batches, &places, &retry, &mut cancellation).await {
            v1::Sent::Parts(parts) => {
                results.extend(parts.into_iter().map(|mut part| {
                    let in_vain = std::mem::take(&mut in_vain);
                    part.outcome.attempts = part.outcome.attempts.saturating_add(in_vain);
                    part
                }));
                continue;
            }
            v1::Sent::Split(attempts) => {
                in_vain = in_vain.saturating_add(attempts);
                halve(&mut queue, &places);
                continue;
            }
            v1::Sent::Elsewhere(attempts) => in_vain = in_vain.saturating_add(attempts),
        }
        // Made when it is sent, and not before: its text is as long as all of its events.
        let Some(request) = batches.request(&places) else { continue };
        let outcome =
            deliver(options.secrets(), &request, places.len(), &retry, &mut cancellation).await;
        match outcome {
            Ok(outcome) => {
                let attempts = outcome.attempts.saturating_add(std::mem::take(&mut in_vain));
                let disposition = disposition(&outcome, places.len());
                let outcome = ProviderOutcome { attempts, ..outcome };
                results.push(BatchResult::of(places, outcome, disposition));
            }
            Err(attempts) => {
                in_vain = in_vain.saturating_add(attempts);
                halve(&mut queue, &places);
            }
        }
    }
    results
}

/// What is at these places, in two; the last is the next.
fn halve(queue: &mut Vec<Vec<usize>>, places: &[usize]) {
    let (one, two) = places.split_at(places.len() / 2);
    queue.push(two.to_vec());
    queue.push(one.to_vec());
}
