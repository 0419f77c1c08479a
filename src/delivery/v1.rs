//! A request to PostHog's newer endpoint, whose answer has a verdict for each event. What it says to
//! send again is sent again alone, with the same ids, as another attempt of the same request.

use crate::delivery::attempt::once;
use crate::delivery::cancellation::Cancellation;
use crate::delivery::host::{AttemptResult, Host};
use crate::delivery::options::ClientOptions;
use crate::delivery::outbox::{Disposition, disposition};
use crate::delivery::outcome::{OVER_QUOTA, ProviderOutcome, Status};
use crate::delivery::queue::{BatchResult, Batches};
use crate::delivery::retry::{Retry, Step};
use crate::event::id;
use crate::event::time::Timestamp;
use crate::json::index::Index;
use crate::request::v1::{Attempt, V1Event, Verdict, Verdicts};

/// What came of it.
pub(super) enum Sent {
    /// How the events fared, those that fared alike together.
    Parts(Vec<BatchResult>),
    /// They are too many for one request, after so many attempts.
    Split(u32),
    /// They are for an older endpoint, after so many attempts at this one.
    Elsewhere(u32),
}

/// Sends the events at these places, if they go to this endpoint and it is there.
pub(super) async fn deliver<H: Host>(
    options: &ClientOptions,
    batches: &dyn Batches,
    places: &[usize],
    retry: &Retry,
    cancellation: &mut Cancellation<'_, '_, H>,
) -> Sent {
    let Some(project) = options.project.as_ref().filter(|project| project.protocol.is_v1()) else {
        return Sent::Elsewhere(0);
    };
    let host = cancellation.host();
    let seed = host.seed();
    let now = || {
        let now = seed.now.millis().saturating_add(i64::from(host.now_ms()));
        let mut text = String::new();
        Timestamp::from_millis(now).unwrap_or(seed.now).write(&mut text);
        text
    };
    let (id, created_at) = (id::text(seed.uuid()), now());
    let Some(mut left) = batches.v1_events(places, &created_at) else { return Sent::Elsewhere(0) };
    let mut parts = Vec::new();
    let mut attempt = 0_u32;
    let mut outcome = loop {
        if let Some(stopped) = cancellation.stopped() {
            break ProviderOutcome::of(stopped, attempt);
        }
        attempt = attempt.saturating_add(1);
        let at = now();
        let named = Attempt { id: &id, number: attempt, created_at: &created_at, at: &at };
        let request = project.v1_request(&left, &named);
        let mut result = once(&request, cancellation).await;
        drop(request);
        if result == AttemptResult::TooLarge {
            attempt = attempt.saturating_sub(1);
        }
        let mut taken = None;
        if let AttemptResult::Answered { status, body, retry_after_ms } = &result {
            if *status == 404 && parts.is_empty() {
                project.protocol.give_up();
                return Sent::Elsewhere(attempt);
            }
            if (200..300).contains(status) {
                left = judge(left, body, *status, attempt, &mut parts);
                if left.is_empty() {
                    return Sent::Parts(parts);
                }
                taken = Some(*status);
                // What was not persisted may be taken later, as of a server that is busy.
                result = AttemptResult::Answered {
                    status: 503,
                    body: "PostHog did not persist it".to_owned(),
                    retry_after_ms: *retry_after_ms,
                };
            }
        }
        let step = retry.decide(attempt, &result, host.now_ms(), || host.random(), left.len());
        let last = ProviderOutcome::of(result, attempt);
        let last = ProviderOutcome { http_status: taken.or(last.http_status), ..last };
        match step {
            Step::Split if parts.is_empty() => return Sent::Split(attempt),
            Step::Done | Step::Split => break last,
            Step::Wait(ms) => {
                if let Err(stopped) = cancellation.race(&mut host.sleep(ms)).await {
                    let stopped = ProviderOutcome::of(stopped, attempt);
                    break ProviderOutcome { http_status: last.http_status, ..stopped };
                }
            }
        }
    };
    outcome.message = outcome.message.map(|message| options.secrets().hide(&message));
    let disposition = disposition(&outcome, left.len());
    let places = left.iter().map(|(place, _)| *place).collect();
    parts.push(BatchResult { places, outcome, disposition, verdicts: Vec::new() });
    Sent::Parts(parts)
}

/// Takes out the events that the answer settles: taken, or dropped for good. An event of which it says
/// nothing, or a word that nobody knows, was taken: it answered 2xx.
fn judge(
    events: Vec<(usize, V1Event)>,
    answer: &str,
    status: u16,
    attempts: u32,
    parts: &mut Vec<BatchResult>,
) -> Vec<(usize, V1Event)> {
    let mut verdicts = Verdicts::read(answer);
    let mut left = Vec::new();
    let mut taken = Vec::new();
    // By the reason why.
    let mut reasons = Index::default();
    let mut dropped: Vec<(String, Vec<(usize, Verdict)>)> = Vec::new();
    for (place, event) in events {
        match verdicts.take(&event.uuid) {
            Some(verdict) if verdict.result == "retry" => left.push((place, event)),
            Some(verdict) if matches!(verdict.result.as_str(), "drop" | "limited") => {
                let why = verdict.details.clone().unwrap_or_else(|| verdict.result.clone());
                let at = reasons.get(&why).unwrap_or(dropped.len());
                if at == dropped.len() {
                    reasons.set(why.clone().into(), at);
                    dropped.push((why, Vec::new()));
                }
                if let Some((_, same)) = dropped.get_mut(at) {
                    same.push((place, verdict));
                }
            }
            verdict => taken.push((place, verdict)),
        }
    }
    let accepted =
        ProviderOutcome { attempts, http_status: Some(status), ..ProviderOutcome::accepted() };
    if !taken.is_empty() {
        let places = taken.iter().map(|(place, _)| *place).collect();
        let known = taken.into_iter().filter_map(|(place, verdict)| Some((place, verdict?)));
        parts.push(BatchResult {
            places,
            outcome: accepted.clone(),
            disposition: Disposition::Delivered,
            verdicts: known.collect(),
        });
    }
    for (why, verdicts) in dropped {
        let over_quota = why == "limited" || why.ends_with("_over_quota");
        let outcome = ProviderOutcome {
            ok: false,
            status: Status::Rejected,
            message: Some(["PostHog dropped it: ", &why].concat()),
            reason: over_quota.then_some(OVER_QUOTA),
            ..accepted.clone()
        };
        parts.push(BatchResult {
            places: verdicts.iter().map(|(place, _)| *place).collect(),
            outcome,
            disposition: Disposition::Discard,
            verdicts,
        });
    }
    left
}
