//! What an outbox adds to a call: it keeps what is not delivered.

use crate::delivery::host::{AttemptResult, Host};
use crate::delivery::outbox::{Disposition, LEASE_SLACK_MS, reserve_ms};
use crate::delivery::outcome::{ProviderOutcome, Status};
use crate::delivery::queue::BatchResult;
use crate::delivery::send::Delivery;
use crate::delivery::store::Outbox;
use crate::error::Warning;
use crate::event::id;
use crate::request::Wire;
use crate::request::entry::{Content, NewEntry, Write};

impl<H: Host> Delivery<'_, '_, H> {
    /// Sends events and what LogSnag is told, with the outbox before or after it. The results'
    /// places are those of `wires`, and behind them those of `logsnag_events`.
    pub(super) async fn send_all(
        &self,
        wires: &[(usize, Wire)],
        logsnag_events: &[(usize, String)],
        end_ms: u32,
        warnings: &mut Vec<Warning>,
    ) -> Vec<BatchResult> {
        let Self { budget, options, outbox, .. } = self;
        let host = budget.host;
        let reserve_ms = outbox.map_or(0, |_| reserve_ms(end_ms));
        let retry = self.retry.ending(end_ms.saturating_sub(reserve_ms));
        // Made only for an outbox.
        let ids: Vec<String> = match outbox {
            Some(_) => {
                let count = wires.len().saturating_add(logsnag_events.len());
                (0..count).map(|_| id::text(host.seed().uuid())).collect()
            }
            None => Vec::new(),
        };
        let contents = wires.iter().map(|(_, wire)| Content::Event(wire));
        let contents =
            contents.chain(logsnag_events.iter().map(|(_, body)| Content::LogSnag(body)));
        let entries: Vec<NewEntry<'_>> =
            ids.iter().zip(contents).map(|(id, content)| NewEntry { id, content }).collect();
        // Without a key there is nothing for PostHog.
        let first = if options.project.is_some() { 0 } else { wires.len() };
        let mut saved = Err(AttemptResult::Aborted);
        if let Some(write @ (Write::BeforeSend | Write::Only)) = outbox {
            let (until_ms, lease_ms) = match write {
                Write::Only => (end_ms, 0),
                _ => (
                    host.now_ms().saturating_add(end_ms / 2),
                    end_ms.saturating_add(LEASE_SLACK_MS),
                ),
            };
            let mut store = Outbox::until(budget, options, until_ms);
            saved = store.put(entries.get(first..).unwrap_or_default(), lease_ms).await;
            warnings.extend(store.failure().map(Warning::from));
        }
        let mut results = match outbox {
            Some(Write::Only) => {
                let (events, others): (Vec<_>, Vec<_>) =
                    (first..entries.len()).partition(|at| *at < wires.len());
                let unsent = saved.clone().err().unwrap_or(AttemptResult::Aborted);
                let outcome = ProviderOutcome::of(unsent, 0);
                let result = |places: Vec<usize>| {
                    BatchResult::of(places, outcome.clone(), Disposition::RetryLater)
                };
                let both = [events, others].into_iter();
                both.filter(|places| !places.is_empty()).map(result).collect()
            }
            _ => self.send_both(retry, wires, logsnag_events).await,
        };
        match outbox {
            Some(Write::BeforeSend) if saved.is_ok() => {
                let mut store = Outbox::until(budget, options, end_ms);
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                store.settle(&results, &ids, None).await;
                warnings.extend(store.failure().map(Warning::from));
            }
            Some(Write::OnFailure) => {
                let left = results
                    .iter()
                    .filter(|result| result.waits() && result.outcome.status != Status::Aborted);
                let places = left.flat_map(|result| &result.places);
                let left: Vec<NewEntry<'_>> =
                    places.filter_map(|place| entries.get(*place).copied()).collect();
                if !left.is_empty() {
                    let mut store = Outbox::until(budget, options, end_ms);
                    saved = store.put(&left, 0).await;
                    warnings.extend(store.failure().map(Warning::from));
                }
            }
            _ => {}
        }
        for result in results.iter_mut().filter(|result| saved.is_ok() && result.waits()) {
            // What the options may be to blame for is told as it is, though the entry stays.
            if result.disposition == Disposition::Split || result.outcome.status != Status::Rejected
            {
                result.outcome = result.outcome.clone().queued();
            }
        }
        results
    }
}
