//! What a profile store adds to a call: profiles keep their order; and LogSnag, which is told beside
//! PostHog.

use crate::delivery::concurrent::all;
use crate::delivery::host::Host;
use crate::delivery::outcome::{Outcome, ProviderOutcome, Status};
use crate::delivery::profiles;
use crate::delivery::queue::{BatchResult, Batches, send_in_order};
use crate::delivery::retry::Retry;
use crate::delivery::send::{Delivery, Events};
use crate::event::input::Input;
use crate::request::logsnag::Account;
use crate::request::{Request, Wire};

impl<H: Host> Delivery<'_, '_, H> {
    /// With ordered profiles among the inputs. No more than half of the budget is the profile
    /// store's, so that a store that hangs costs nobody else's event.
    pub(super) async fn through_store(&self, inputs: &mut [Input<'_>]) -> Outcome {
        let end_ms = self.retry.budget_ms;
        let passed = profiles::through_store(self.budget, inputs, end_ms / 2).await;
        let mut marks = match passed {
            Ok(marks) => marks,
            Err(failed) => {
                let error = profiles::failure(failed, self.options.secrets());
                // A profile that might be out of date is not sent; what else happened is.
                for input in inputs.iter_mut().filter(|input| profiles::is_ordered(input)) {
                    *input = Input::refused(&error);
                }
                return self.send(inputs, None, end_ms).await;
            }
        };
        // A part is kept back to look once more: another handler may have been faster to the store
        // and slower to PostHog, and a request whose answer never came may have arrived.
        let kept_ms = end_ms.saturating_sub(end_ms / 5).max(1);
        let mut outcome = self.send(inputs, None, kept_ms).await;
        if outcome.providers.posthog.status != Status::Skipped {
            match self.catch_up(&mut marks).await {
                Ok(None) => {}
                Ok(Some(worse)) => outcome.worst = worse,
                Err(failed) => {
                    let error = profiles::failure(failed, self.options.secrets());
                    outcome.warnings.push(error.into());
                }
            }
        }
        outcome.elapsed_ms = self.budget.host.now_ms();
        outcome
    }

    /// Sends what the store holds now, until nothing is newer. What went wrong with that, if
    /// anything did.
    pub(super) async fn catch_up(
        &self,
        marks: &mut profiles::Marks,
    ) -> Result<Option<ProviderOutcome>, profiles::StoreFailed> {
        let end_ms = self.retry.budget_ms;
        while self.budget.host.now_ms() < end_ms && !self.budget.is_over() {
            let mut inputs = profiles::newer(self.budget, marks, end_ms).await?;
            if inputs.is_empty() {
                return Ok(None);
            }
            let outcome = self.send(&mut inputs, None, end_ms).await;
            if !outcome.worst.ok {
                return Ok(Some(outcome.worst));
            }
        }
        Ok(None)
    }

    /// Side by side: what becomes of one provider changes nothing for the other.
    pub(super) async fn send_both(
        &self,
        retry: Retry,
        wires: &[(usize, Wire)],
        logsnag_events: &[(usize, String)],
    ) -> Vec<BatchResult> {
        let Self { budget, options, .. } = self;
        let posthog = options.project.as_ref().map(|project| Events { project, wires });
        let logsnag = options.account().map(|account| LogSnagEvents {
            account,
            first: wires.len(),
            bodies: logsnag_events,
        });
        let places: Vec<usize> = (0..wires.len()).collect();
        let last = wires.len().saturating_add(logsnag_events.len());
        let behind: Vec<usize> = (wires.len()..last).collect();
        // Most calls have nothing for LogSnag.
        if let (Some(events), true) = (&posthog, behind.is_empty()) {
            return send_in_order(budget, options, retry, events, &places).await;
        }
        let results = all(vec![
            Box::pin(async {
                match &posthog {
                    Some(events) => send_in_order(budget, options, retry, events, &places).await,
                    None => Vec::new(),
                }
            }),
            Box::pin(async {
                match &logsnag {
                    Some(events) => send_in_order(budget, options, retry, events, &behind).await,
                    None => Vec::new(),
                }
            }),
        ]);
        results.await.into_iter().flatten().collect()
    }
}

/// What LogSnag is told of a call's events: one at a time, at places behind the events' own.
struct LogSnagEvents<'e> {
    account: &'e Account,
    first: usize,
    bodies: &'e [(usize, String)],
}

impl Batches for LogSnagEvents<'_> {
    fn split(&self, places: &[usize]) -> Vec<Vec<usize>> {
        places.iter().map(|place| vec![*place]).collect()
    }

    fn request(&self, places: &[usize]) -> Option<Request> {
        let at = places.first()?.checked_sub(self.first)?;
        self.bodies.get(at).map(|(_, body)| self.account.request(body))
    }
}
