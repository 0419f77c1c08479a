//! How a call went: a plain account of it.

use crate::delivery::host::AttemptResult;
use crate::error::{Code, Error, Warning};
use crate::request::prepare::PrepareResult;
#[cfg(feature = "v1")]
use crate::request::v1::Verdict;

/// Why PostHog does not take it: the project has spent what it pays for.
pub const OVER_QUOTA: &str = "over_quota";

/// How a call, or a part of it, ended. Ordered from good to bad: the worst part is the whole's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Status {
    /// The server answered 2xx, which does not promise storage.
    Accepted,
    /// The outbox has acknowledged it.
    Queued,
    /// Nothing was to be sent.
    Skipped,
    /// The caller's mistake.
    Invalid,
    /// The caller's signal.
    Aborted,
    /// The server refused, and would again.
    Rejected,
    /// The server could not be reached, or did not want it now.
    Unreachable,
    /// The budget is spent.
    TimedOut,
    /// A fault of ours.
    Failed,
}

impl Status {
    /// What callers see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Skipped => "skipped",
            Self::Invalid => "invalid",
            Self::Aborted => "aborted",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Failed => "failed",
        }
    }
}

/// How one provider fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderOutcome {
    /// It has arrived, or it is safe in the outbox.
    pub ok: bool,
    /// How it ended.
    pub status: Status,
    /// How often it was tried.
    pub attempts: u32,
    /// What the server answered last.
    pub http_status: Option<u16>,
    /// For people.
    pub message: Option<String>,
    /// Why nothing was to be sent.
    pub reason: Option<&'static str>,
}

/// How one event fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventOutcome {
    /// Its id; empty if it never got one.
    pub uuid: String,
    /// How it ended.
    pub status: Status,
    /// What was wrong with it.
    pub error: Option<Error>,
    /// What PostHog's newer endpoint said of it.
    #[cfg(feature = "v1")]
    pub verdict: Option<Verdict>,
}

impl EventOutcome {
    /// Of an event that never got an id.
    pub fn refused(error: Error) -> Self {
        Self::of((String::new(), PrepareResult::Refused(error)))
    }

    /// Before anything is sent: what is ready counts as accepted until a reply says otherwise.
    pub fn of((uuid, result): (String, PrepareResult)) -> Self {
        let (status, error) = match result {
            PrepareResult::Ready => (Status::Accepted, None),
            PrepareResult::Dropped => (Status::Skipped, None),
            PrepareResult::Refused(error) if error.code == Code::BeforeSend => {
                (Status::Skipped, Some(error))
            }
            PrepareResult::Refused(error) => (Status::Invalid, Some(error)),
        };
        Self {
            uuid,
            status,
            error,
            #[cfg(feature = "v1")]
            verdict: None,
        }
    }
}

/// How a whole call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The worst of its parts.
    pub worst: ProviderOutcome,
    /// The first mistake, when the status is `invalid`.
    pub error: Option<Error>,
    /// From the call to its end.
    pub elapsed_ms: u32,
    /// In the order they were given.
    pub events: Vec<EventOutcome>,
    /// What was changed or left out on the way.
    pub warnings: Vec<Warning>,
    /// Each provider by name.
    pub providers: Providers,
}

/// Each provider's own outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Providers {
    /// PostHog's.
    pub posthog: ProviderOutcome,
    /// LogSnag's, where there was something to announce.
    pub logsnag: Option<ProviderOutcome>,
}

impl ProviderOutcome {
    /// It has arrived, or there was nothing to do.
    pub fn accepted() -> Self {
        Self { ok: true, status: Status::Accepted, reason: None, ..Self::skipped("") }
    }

    /// An outbox has something that cannot be sent.
    pub fn unsendable(why: &str) -> Self {
        let message = Some(why.to_owned());
        Self { status: Status::Rejected, message, reason: None, ..Self::skipped("") }
    }

    /// Nothing was sent.
    pub const fn skipped(reason: &'static str) -> Self {
        Self {
            ok: false,
            status: Status::Skipped,
            attempts: 0,
            http_status: None,
            message: None,
            reason: Some(reason),
        }
    }

    /// It could not be delivered, and is in the outbox.
    #[must_use]
    pub fn queued(self) -> Self {
        Self { ok: true, status: Status::Queued, ..self }
    }

    /// It is set up wrongly.
    pub fn invalid(error: &Error) -> Self {
        Self {
            ok: false,
            status: Status::Invalid,
            attempts: 0,
            http_status: None,
            message: Some([&error.field, " ", &error.message].concat()),
            reason: None,
        }
    }

    /// What an attempt's reply comes to, when no other attempt follows.
    pub fn of(reply: AttemptResult, attempts: u32) -> Self {
        let (status, http_status, message) = match reply {
            AttemptResult::Aborted => (Status::Aborted, None, None),
            AttemptResult::Answered { status, body, .. } if (200..300).contains(&status) => {
                (of_success(&body), Some(status), None)
            }
            AttemptResult::Answered { status, body, .. } => {
                let kind =
                    if is_retryable(status) { Status::Unreachable } else { Status::Rejected };
                let message = if (300..400).contains(&status) {
                    "the host redirects: set `host` to where it points".to_owned()
                } else {
                    body
                };
                (kind, Some(status), Some(message))
            }
            AttemptResult::Denied(message) | AttemptResult::Failed(message) => {
                (Status::Unreachable, None, Some(message))
            }
            AttemptResult::TooLarge => (Status::Rejected, None, None),
            AttemptResult::TimedOut => {
                (Status::TimedOut, None, Some("the budget is spent".to_owned()))
            }
        };
        Self {
            ok: status == Status::Accepted,
            status,
            attempts,
            http_status,
            message,
            reason: (http_status == Some(402) || is_over_quota(status, http_status))
                .then_some(OVER_QUOTA),
        }
    }
}

/// Replays are answered 200 over quota too, and it is said. Nobody else's success is read.
fn of_success(body: &str) -> Status {
    #[cfg(feature = "routes")]
    if crate::json::text::find(body, r#""quota_limited":[""#).is_some() {
        return Status::Rejected;
    }
    let _ = body;
    Status::Accepted
}

/// A success that is a refusal.
const fn is_over_quota(status: Status, http_status: Option<u16>) -> bool {
    matches!((status, http_status), (Status::Rejected, Some(200..300)))
}

/// Whether a server that answers this may answer otherwise later.
pub const fn is_retryable(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

impl Outcome {
    /// Puts a call's parts together.
    pub fn of(
        providers: Providers,
        events: Vec<EventOutcome>,
        warnings: Vec<Warning>,
        elapsed_ms: u32,
    ) -> Self {
        let mut worst = providers.posthog.clone();
        // A provider that nobody configured is no trouble.
        if let Some(logsnag) = &providers.logsnag
            && logsnag.status > worst.status
            && logsnag.status != Status::Skipped
        {
            worst = logsnag.clone();
        }
        let mut error = None;
        // Of several that are equally bad, the first.
        if let Some(event) = events.iter().rev().max_by_key(|event| event.status)
            && event.status > worst.status
        {
            worst.status = event.status;
            worst.ok = false;
            worst.reason = None;
            error.clone_from(&event.error);
            worst.message = error.as_ref().map(|error| error.message.clone().into_owned());
        }
        Self { worst, error, elapsed_ms, events, warnings, providers }
    }
}

impl Outcome {
    /// The id of the one event, if all there is to say is that PostHog accepted it.
    pub fn plainly_accepted(&self) -> Option<&str> {
        match self.events.as_slice() {
            [event]
                if self.worst.status == Status::Accepted
                    && event.is_plainly_accepted()
                    && self.warnings.is_empty()
                    && self.providers.logsnag.is_none() =>
            {
                Some(&event.uuid)
            }
            _ => None,
        }
    }
}

impl EventOutcome {
    #[cfg(not(feature = "v1"))]
    fn is_plainly_accepted(&self) -> bool {
        self.status == Status::Accepted
    }

    #[cfg(feature = "v1")]
    fn is_plainly_accepted(&self) -> bool {
        self.status == Status::Accepted && self.verdict.is_none()
    }
}

impl From<ProviderOutcome> for Providers {
    fn from(posthog: ProviderOutcome) -> Self {
        Self { posthog, logsnag: None }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn answered(status: u16) -> ProviderOutcome {
        ProviderOutcome::of(
            AttemptResult::Answered { status, body: "why".into(), retry_after_ms: None },
            1,
        )
    }

    #[test]
    fn every_reply_has_its_status() {
        for (status, meaning) in [
            (200, Status::Accepted),
            (204, Status::Accepted),
            (301, Status::Rejected),
            (400, Status::Rejected),
            (401, Status::Rejected),
            (404, Status::Rejected),
            (408, Status::Unreachable),
            (413, Status::Rejected),
            (429, Status::Unreachable),
            (500, Status::Unreachable),
            (501, Status::Rejected),
            (503, Status::Unreachable),
        ] {
            let outcome = answered(status);
            assert_eq!((outcome.status, outcome.http_status), (meaning, Some(status)));
            assert_eq!(outcome.ok, meaning == Status::Accepted);
        }
        assert_eq!(ProviderOutcome::of(AttemptResult::TimedOut, 1).status, Status::TimedOut);
        assert_eq!(ProviderOutcome::of(AttemptResult::Aborted, 1).status, Status::Aborted);
    }

    #[test]
    fn the_worst_part_is_the_whole() {
        let event = |status| {
            let ready = EventOutcome::of((String::new(), PrepareResult::Ready));
            EventOutcome { status, ..ready }
        };
        let outcome = Outcome::of(
            answered(200).into(),
            vec![event(Status::Accepted), event(Status::Invalid)],
            vec![],
            1,
        );
        assert_eq!((outcome.worst.status, outcome.worst.ok), (Status::Invalid, false));
        assert_eq!(outcome.providers.posthog.status, Status::Accepted);
        let outcome = Outcome::of(answered(503).into(), vec![event(Status::Invalid)], vec![], 1);
        assert_eq!(outcome.worst.status, Status::Unreachable);
    }
}
