//! The rules of an outbox: what a reply means for an entry, and when it is tried again.

use crate::delivery::outcome::{ProviderOutcome, Status};
use crate::delivery::retry::jittered;

/// The first wait between two drains' tries; each next one is twice as long, up to the longest.
const FIRST_WAIT_MS: u32 = 30_000;
const LONGEST_WAIT_MS: u32 = 3_600_000;
/// What nobody else may take from the outbox while a call may still deliver it: how much longer
/// than its budget.
pub const LEASE_SLACK_MS: u32 = 10_000;

/// What is to become of the events of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// They have arrived.
    Delivered,
    /// One of them may be to blame for all: send them in two.
    Split,
    /// They may arrive another time.
    RetryLater,
    /// Nobody tried: somebody else was in the way, or there was no time.
    NotSent,
    /// The server will never take it.
    Discard,
}

/// What the end of one request with so many events means for them.
pub fn disposition(outcome: &ProviderOutcome, events: usize) -> Disposition {
    let about_the_events = matches!(outcome.http_status, Some(400 | 413 | 422));
    match outcome.status {
        Status::Accepted => Disposition::Delivered,
        Status::Rejected if about_the_events && events > 1 => Disposition::Split,
        Status::Rejected if about_the_events => Disposition::Discard,
        // Another key or host may help: 401, 403, 404, a redirect.
        _ => Disposition::RetryLater,
    }
}

/// How long to leave an entry alone that so many drains have tried in vain. `random` is at least 0
/// and less than 1: half of the wait is jitter, so that a backlog does not come back as one.
pub fn backoff_ms(tries: u32, random: f64) -> u32 {
    let doubled =
        FIRST_WAIT_MS.saturating_mul(1_u32.checked_shl(tries.min(31)).unwrap_or(u32::MAX));
    jittered(doubled.min(LONGEST_WAIT_MS), random)
}

/// The part of a budget that is kept for the outbox, after everything else.
pub const fn reserve_ms(budget_ms: u32) -> u32 {
    let fifth = budget_ms / 5;
    if fifth > 2000 { 2000 } else { fifth }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::delivery::host::AttemptResult;

    fn answered(status: u16) -> ProviderOutcome {
        ProviderOutcome::of(
            AttemptResult::Answered { status, body: String::new(), retry_after_ms: None },
            1,
        )
    }

    #[test]
    fn every_end_means_something_for_the_events() {
        for (status, one, several) in [
            (200, Disposition::Delivered, Disposition::Delivered),
            (400, Disposition::Discard, Disposition::Split),
            (413, Disposition::Discard, Disposition::Split),
            (401, Disposition::RetryLater, Disposition::RetryLater),
            (307, Disposition::RetryLater, Disposition::RetryLater),
            (404, Disposition::RetryLater, Disposition::RetryLater),
            (429, Disposition::RetryLater, Disposition::RetryLater),
            (503, Disposition::RetryLater, Disposition::RetryLater),
        ] {
            assert_eq!(
                (disposition(&answered(status), 1), disposition(&answered(status), 2)),
                (one, several)
            );
        }
        for reply in
            [AttemptResult::TimedOut, AttemptResult::Aborted, AttemptResult::Failed("reset".into())]
        {
            assert_eq!(disposition(&ProviderOutcome::of(reply, 1), 2), Disposition::RetryLater);
        }
    }

    #[test]
    fn waits_double_up_to_an_hour() {
        for (tries, random, ms) in [
            (0, 0.0, 15_000),
            (0, 1.0, 30_000),
            (1, 1.0, 60_000),
            (6, 1.0, 1_920_000),
            (7, 1.0, 3_600_000),
            (40, 0.0, 1_800_000),
            (u32::MAX, 1.0, 3_600_000),
        ] {
            assert_eq!(backoff_ms(tries, random), ms, "{tries}");
        }
    }

    #[test]
    fn the_reserve_is_always_inside_the_budget() {
        for budget in [1, 4, 5, 200, 5000, 50_000, u32::MAX] {
            assert!(reserve_ms(budget) < budget && reserve_ms(budget) <= 2000);
        }
    }
}
