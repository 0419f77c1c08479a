//! Whether to try again, and when: decided purely, from what is known after an attempt.

use crate::delivery::host::AttemptResult;
use crate::delivery::outcome::is_retryable;
use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::text;

/// The longest first wait; each next one may be twice as long.
const FIRST_WAIT_MS: u32 = 600;
/// No wait is shorter: whatever made a server fail is not over at once.
const SHORTEST_WAIT_MS: u32 = 100;
/// The last attempt of a patient call waits for this moment, but no longer.
const LAST_NOT_BEFORE_MS: u32 = 2_000;
/// What an attempt takes at the very least. One that cannot end in time is not begun.
const SHORTEST_ATTEMPT_MS: u32 = 50;
const MAX_RETRIES: u32 = 10;
const DEFAULT_BUDGET_MS: u32 = 5_000;
const DEFAULT_RETRIES: u32 = 3;

/// How far a call goes to deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often it tries again after the first attempt.
    pub max_retries: u32,
    /// How long after the call's beginning all of it ends.
    pub budget_ms: u32,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It ended, well or not, or there is no time left.
    Done,
    /// The request is too large: send its events in two.
    Split,
    /// Wait so many milliseconds, then send the same bytes again.
    Wait(u32),
}

impl Retry {
    /// Reads `maxRetries` and `budgetMs` from the options.
    pub fn read(options: &mut Fields<'_>) -> Result<Self, Error> {
        let max_retries = match options.take_raw("maxRetries") {
            None => DEFAULT_RETRIES,
            Some(raw) => {
                text::number(raw).filter(|retries| *retries <= MAX_RETRIES).ok_or_else(|| {
                    Error::new(Code::InvalidConfig, "maxRetries", "must be a whole number, 0 to 10")
                })?
            }
        };
        let budget = options.take_raw_or_null("budgetMs");
        Ok(Self { max_retries, budget_ms: budget.map_or(Ok(DEFAULT_BUDGET_MS), budget_ms)? })
    }

    /// The same, with another end.
    pub const fn ending(self, budget_ms: u32) -> Self {
        Self { budget_ms, ..self }
    }

    /// What follows from one attempt. `attempt` counts from 1, `elapsed_ms` from the call's
    /// beginning; `random` is at least 0 and less than 1; `events` is how many were sent.
    #[inline(never)]
    pub fn decide(
        &self,
        attempt: u32,
        result: &AttemptResult,
        elapsed_ms: u32,
        random: impl FnOnce() -> f64,
        events: usize,
    ) -> Step {
        let asked_ms = match result {
            AttemptResult::Answered { status, body, .. }
                if events > 1 && is_too_large(*status, body) =>
            {
                return Step::Split;
            }
            AttemptResult::TooLarge if events > 1 => return Step::Split,
            AttemptResult::Answered { status, retry_after_ms, .. } if is_retryable(*status) => {
                *retry_after_ms
            }
            AttemptResult::Failed(_) => None,
            _ => return Step::Done,
        };
        if attempt > self.max_retries {
            return Step::Done;
        }
        let longest = FIRST_WAIT_MS
            .saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        let mut wait = jittered(longest, random()).max(SHORTEST_WAIT_MS);
        // The last one is not wasted on the moment after the first.
        if attempt == self.max_retries {
            wait =
                wait.max((self.budget_ms / 4).min(LAST_NOT_BEFORE_MS).saturating_sub(elapsed_ms));
        }
        let floor = SHORTEST_WAIT_MS.max(asked_ms.unwrap_or(0));
        // The longest wait after which an attempt can still end in time.
        let left = self.budget_ms.saturating_sub(elapsed_ms).saturating_sub(SHORTEST_ATTEMPT_MS);
        if floor > left {
            return Step::Done;
        }
        // If there is no time for the whole wait, the last attempt is made sooner.
        let wait = if wait > left { left / 2 } else { wait };
        Step::Wait(wait.max(floor))
    }
}

/// Reads milliseconds as a caller gives them: a fraction of one is none.
pub fn budget_ms(raw: &str) -> Result<u32, Error> {
    let whole = raw.split_once('.').map_or(raw, |(whole, _)| whole);
    let ms = text::number::<i32>(whole).and_then(|ms| u32::try_from(ms).ok());
    ms.filter(|ms| *ms > 0 && !raw.contains('e')).ok_or_else(|| {
        let message = "must be milliseconds: at least 1, less than 2^31";
        Error::new(Code::InvalidConfig, "budgetMs", message)
    })
}

/// Equal jitter: half of the wait is certain, and those who failed together do not come back
/// together.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most longest")]
pub fn jittered(longest_ms: u32, random: f64) -> u32 {
    let half = f64::from(longest_ms) / 2.0;
    (half + random.clamp(0.0, 1.0) * half) as u32
}

/// Whether a request may pass with fewer events: newer PostHogs answer 413 where older ones answer
/// 400 and say why (posthog-protocol, limits).
fn is_too_large(status: u16, body: &str) -> bool {
    status == 413 || (status == 400 && text::find(body, "event size exceeded").is_some())
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn answered(status: u16, retry_after_ms: Option<u32>) -> AttemptResult {
        AttemptResult::Answered { status, body: String::new(), retry_after_ms }
    }

    const RETRY: Retry = Retry { max_retries: 3, budget_ms: 5000 };

    fn decided(attempt: u32, result: &AttemptResult, elapsed_ms: u32, random: f64) -> Step {
        RETRY.decide(attempt, result, elapsed_ms, || random, 1)
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for (result, again) in [
            (answered(200, None), false),
            (answered(302, None), false),
            (answered(400, None), false),
            (answered(401, None), false),
            (answered(408, None), true),
            (answered(413, None), false),
            (answered(429, None), true),
            (answered(500, None), true),
            (answered(502, None), true),
            (answered(503, None), true),
            (answered(504, None), true),
            (answered(501, None), false),
            (AttemptResult::Failed(String::new()), true),
            (AttemptResult::Denied(String::new()), false),
            (AttemptResult::TimedOut, false),
            (AttemptResult::Aborted, false),
        ] {
            assert_eq!(matches!(decided(1, &result, 10, 0.5), Step::Wait(_)), again, "{result:?}");
        }
    }

    #[test]
    fn what_is_too_large_is_sent_in_two() {
        let said = |status, body: &str| AttemptResult::Answered {
            status,
            body: body.into(),
            retry_after_ms: None,
        };
        for (result, split) in [
            (said(413, ""), true),
            (said(400, "maximum event size exceeded"), true),
            (said(400, "failed to parse request"), false),
        ] {
            assert_eq!(RETRY.decide(1, &result, 10, || 0.5, 2) == Step::Split, split, "{result:?}");
            assert_eq!(RETRY.decide(1, &result, 10, || 0.5, 1), Step::Done, "{result:?}");
        }
    }

    #[test]
    fn waits_grow_with_equal_jitter_and_never_come_at_once() {
        let busy = answered(503, None);
        assert_eq!(decided(1, &busy, 0, 0.0), Step::Wait(300));
        assert_eq!(decided(1, &busy, 0, 0.999), Step::Wait(599));
        assert_eq!(decided(2, &busy, 100, 0.5), Step::Wait(900));
        // The last one is kept for later than the first second.
        assert_eq!(decided(3, &busy, 100, 0.0), Step::Wait(1200));
        assert_eq!(decided(4, &busy, 100, 0.0), Step::Done);
        let short = |budget_ms, random| {
            Retry { max_retries: 3, budget_ms }.decide(1, &busy, 0, || random, 1)
        };
        assert_eq!(short(300, 0.0), Step::Wait(125));
        assert_eq!(short(160, 0.0), Step::Wait(100));
        assert_eq!(short(149, 0.0), Step::Done);
    }

    #[test]
    fn the_servers_word_is_a_floor_whatever_it_is() {
        assert_eq!(decided(1, &answered(429, Some(2000)), 0, 0.1), Step::Wait(2000));
        assert_eq!(decided(1, &answered(429, Some(4950)), 0, 0.1), Step::Wait(4950));
        for long in [4951, 6000, u32::MAX] {
            assert_eq!(decided(1, &answered(429, Some(long)), 0, 0.1), Step::Done, "{long}");
        }
        assert_eq!(decided(1, &answered(429, Some(0)), 0, 0.0), Step::Wait(300));
    }
}
