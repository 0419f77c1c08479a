//! Whether to try again, and when: decided purely, from what is known after an attempt.

use crate::delivery::{AttemptResult, is_retryable};
use crate::error::{Code, Error};

/// The longest first wait; each next one may be twice as long.
const FIRST_WAIT_MS: u32 = 800;
/// The last attempt of a patient call waits for this seed, but no longer.
const LAST_NOT_BEFORE_MS: u32 = 2_000;
/// What an attempt takes at the very least. One that cannot end in time is not begun.
const SHORTEST_ATTEMPT_MS: u32 = 50;
const MAX_RETRIES: u32 = 10;

/// How far a call goes to deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often it tries again after the first attempt.
    pub max_retries: u32,
    /// How long all of it may take.
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
    /// With `maxRetries` as the options have it, as JSON text.
    pub fn new(max_retries: Option<&str>, by_default: u32, budget_ms: u32) -> Result<Self, Error> {
        let max_retries = match max_retries {
            None => by_default,
            Some(raw) => {
                let given = raw.parse::<i64>().ok().and_then(|given| u32::try_from(given).ok());
                given.filter(|retries| *retries <= MAX_RETRIES).ok_or_else(|| {
                    Error::new(Code::InvalidConfig, "maxRetries", "must be a whole number, 0 to 10")
                })?
            }
        };
        Ok(Self { max_retries, budget_ms })
    }

    /// The same, with another end.
    pub const fn ending(self, budget_ms: u32) -> Self {
        Self { budget_ms, ..self }
    }

    /// What follows from the reply to one attempt. `attempt` counts from 1, `elapsed_ms` from the
    /// call's beginning; `random` is at least 0 and less than 1; `events` is how many were sent.
    pub fn after(
        &self,
        attempt: u32,
        reply: &AttemptResult,
        elapsed_ms: u32,
        random: f64,
        events: usize,
    ) -> Step {
        let floor = match reply {
            AttemptResult::Answered { status: 413, .. } if events > 1 => return Step::Split,
            AttemptResult::Answered { status, retry_after_ms, .. } if is_retryable(*status) => {
                *retry_after_ms
            }
            AttemptResult::Failed(_) => None,
            AttemptResult::Aborted | AttemptResult::Answered { .. } | AttemptResult::TimedOut => {
                return Step::Done;
            }
        };
        if attempt > self.max_retries {
            return Step::Done;
        }
        let longest = FIRST_WAIT_MS
            .saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        // Full jitter: those who failed together do not come back together.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most longest"
        )]
        let mut wait = (random.clamp(0.0, 1.0) * f64::from(longest)) as u32;
        // The last one is not wasted on the seed after the first.
        if attempt == self.max_retries {
            wait =
                wait.max((self.budget_ms / 4).min(LAST_NOT_BEFORE_MS).saturating_sub(elapsed_ms));
        }
        // Nor sooner than the server asked for.
        let wait = wait.max(floor.unwrap_or(0));
        let needed = elapsed_ms.saturating_add(wait).saturating_add(SHORTEST_ATTEMPT_MS);
        if needed > self.budget_ms {
            // There may be time for a last attempt, if it is made sooner.
            let last =
                self.budget_ms.saturating_sub(elapsed_ms).saturating_sub(SHORTEST_ATTEMPT_MS);
            let sooner = last / 2;
            if floor.is_some_and(|floor| floor > last) || sooner < SHORTEST_ATTEMPT_MS {
                return Step::Done;
            }
            return Step::Wait(sooner.max(floor.unwrap_or(0)));
        }
        Step::Wait(wait)
    }
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

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for (reply, again) in [
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
            (AttemptResult::TimedOut, false),
            (AttemptResult::Aborted, false),
        ] {
            let step = RETRY.after(1, &reply, 10, 0.5, 1);
            assert_eq!(matches!(step, Step::Wait(_)), again, "{reply:?}");
        }
        assert_eq!(RETRY.after(1, &answered(413, None), 10, 0.5, 2), Step::Split);
    }

    #[test]
    fn waits_grow_with_full_jitter_and_the_servers_word_is_a_floor() {
        let busy = answered(503, None);
        assert_eq!(RETRY.after(1, &busy, 0, 0.0, 1), Step::Wait(0));
        assert_eq!(RETRY.after(1, &busy, 0, 0.999, 1), Step::Wait(799));
        assert_eq!(RETRY.after(2, &busy, 100, 0.5, 1), Step::Wait(800));
        // The last one is kept for later than the first second.
        assert_eq!(RETRY.after(3, &busy, 100, 0.0, 1), Step::Wait(1150));
        assert_eq!(RETRY.after(4, &busy, 100, 0.0, 1), Step::Done);
        assert_eq!(RETRY.after(1, &answered(429, Some(2000)), 0, 0.1, 1), Step::Wait(2000));
        assert_eq!(RETRY.after(1, &answered(429, Some(6000)), 0, 0.1, 1), Step::Done);
    }

    /// Every sequence of replies up to length five, in virtual time, each attempt taking as long
    /// as it may: the call ends within its budget, and no attempt follows one that ended it.
    #[test]
    #[allow(clippy::arithmetic_side_effects, reason = "a test may")]
    fn every_sequence_of_replies_ends_within_the_budget() {
        let replies = [
            answered(200, None),
            answered(400, None),
            answered(429, Some(1000)),
            answered(503, None),
            answered(503, Some(4900)),
            AttemptResult::Failed(String::new()),
        ];
        let mut tried = 0_u32;
        for code in 0..6_usize.pow(5) {
            for (budget_ms, took) in [(5000, 0), (5000, 900), (300, 10), (60, 30), (1, 0)] {
                let retry = Retry { max_retries: 4, budget_ms };
                let (mut elapsed, mut attempt, mut code) = (0_u32, 0, code);
                loop {
                    attempt += 1;
                    elapsed += took;
                    let reply = &replies[code % 6];
                    code /= 6;
                    let random = f64::from(tried % 10) / 10.0;
                    match retry.after(attempt, reply, elapsed, random, 1) {
                        Step::Wait(ms) => {
                            assert!(matches!(
                                reply,
                                AttemptResult::Failed(_)
                                    | AttemptResult::Answered { status: 429 | 503, .. }
                            ));
                            elapsed += ms;
                            assert!(
                                elapsed + SHORTEST_ATTEMPT_MS <= budget_ms,
                                "{elapsed} of {budget_ms}"
                            );
                        }
                        step => {
                            assert_eq!(step, Step::Done);
                            break;
                        }
                    }
                    assert!(attempt <= 4);
                }
                tried += 1;
            }
        }
        assert_eq!(tried, 38_880);
    }
}
