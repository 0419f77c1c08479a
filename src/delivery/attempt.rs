//! One request, tried until it is through, refused, or out of tries or time.

use crate::delivery::cancellation::Cancellation;
use crate::delivery::host::{AttemptResult, Host};
use crate::delivery::options::Secrets;
use crate::delivery::outcome::ProviderOutcome;
use crate::delivery::retry::{Retry, Step};
use crate::request::Request;

/// Sends one request with so many events in it. `Err`: they are too many for one request, after so
/// many attempts.
pub(super) async fn deliver<H: Host>(
    secrets: Secrets<'_>,
    request: &Request,
    events: usize,
    retry: &Retry,
    cancellation: &mut Cancellation<'_, '_, H>,
) -> Result<ProviderOutcome, u32> {
    let host = cancellation.host();
    let mut attempt = 0_u32;
    let outcome = loop {
        if let Some(stopped) = cancellation.stopped() {
            break ProviderOutcome::of(stopped, attempt);
        }
        attempt = attempt.saturating_add(1);
        let result = once(request, cancellation).await;
        if result == AttemptResult::TooLarge {
            attempt = attempt.saturating_sub(1);
        }
        match retry.decide(attempt, &result, host.now_ms(), || host.random(), events) {
            Step::Done => break ProviderOutcome::of(result, attempt),
            Step::Split => return Err(attempt),
            Step::Wait(ms) => {
                if let Err(stopped) = cancellation.race(&mut host.sleep(ms)).await {
                    // Nobody waits any longer; what the server said last stays worth knowing.
                    let last = ProviderOutcome::of(result, attempt);
                    break ProviderOutcome {
                        http_status: last.http_status,
                        ..ProviderOutcome::of(stopped, attempt)
                    };
                }
            }
        }
    };
    let message = outcome.message.map(|message| secrets.hide(&message));
    Ok(ProviderOutcome { message, ..outcome })
}

/// Sends it once. A status that came is believed even when its body does not come; a refusal is
/// not, since what it says decides what is done about it.
pub(super) async fn once<H: Host>(
    request: &Request,
    cancellation: &mut Cancellation<'_, '_, H>,
) -> AttemptResult {
    let host = cancellation.host();
    let mut attempt = host.fetch(request);
    match cancellation.race(&mut attempt).await {
        Ok(result) => result,
        Err(stopped) => match host.abandon(&mut attempt) {
            Some(status) if (200..300).contains(&status) => {
                AttemptResult::Answered { status, body: String::new(), retry_after_ms: None }
            }
            _ => stopped,
        },
    }
}
