//! How long flags are waited for, when they are asked for again, and what a failure is called. The
//! shell fetches; it decides nothing of this.

use crate::delivery::retry;
use crate::error::{Code, Error};
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::json::text;
use crate::request::Project;

/// What one attempt may take, its body included.
const ATTEMPT_MS: u32 = 3_000;
/// What fetching definitions may take.
const DEFINITIONS_MS: u32 = 10_000;
/// How often flags are asked for again.
const MAX_RETRIES: u32 = 1;
/// The wait before the second attempt.
const WAIT_MS: u32 = 300;
/// An attempt that cannot take that long is not begun.
const SHORTEST_ATTEMPT_MS: u32 = 50;

/// What a client's options say of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whom to ask. `None`: there is no key.
    pub project: Option<Project>,
    /// Nothing is to be sent.
    pub disabled: bool,
    /// When all of it ends.
    pub budget_ms: u32,
}

impl Settings {
    /// Reads the text of a client's options.
    pub fn read(options: &str) -> Result<Self, Error> {
        let mut fields = Fields::of(RawObject::read(options, "options")?);
        let allow_http = fields.take_bool("allowHttp")?.unwrap_or(false);
        Ok(Self {
            budget_ms: retry::Retry::read(&mut fields)?.budget_ms,
            disabled: fields.take_bool("disabled")?.unwrap_or(false),
            project: Project::read(&mut fields, allow_http)?,
        })
    }
}

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One attempt.
    pub attempt_ms: u32,
    /// All of it.
    pub budget_ms: u32,
}

impl Limits {
    /// Of asking for flags: `timeoutMs` and `budgetMs`, as JSON, are the call's own.
    pub fn of_flags(settings: &Settings, options: &mut Fields<'_>) -> Result<Self, Error> {
        let attempt_ms = timeout(options)?.unwrap_or(ATTEMPT_MS);
        let budget = options.take_raw("budgetMs");
        let budget_ms = budget.map_or(Ok(settings.budget_ms), retry::budget_ms)?;
        Ok(Self { attempt_ms: attempt_ms.min(budget_ms), budget_ms })
    }

    /// Of fetching definitions.
    pub fn of_definitions(options: &mut Fields<'_>) -> Result<Self, Error> {
        let attempt_ms = timeout(options)?.unwrap_or(DEFINITIONS_MS);
        Ok(Self { attempt_ms, budget_ms: attempt_ms })
    }

    /// The wait before another attempt; `None`: this was the last. `attempt` counts from 1.
    pub fn wait(self, attempt: u32, failure: Failure<'_>, elapsed_ms: u32) -> Option<u32> {
        let again = match failure {
            Failure::Status(status) => matches!(status, 502 | 504),
            Failure::TimedOut => true,
            // Nobody listens there: nobody will in a moment.
            Failure::Cause(cause) => !is_refused(cause),
        };
        let begins = elapsed_ms.saturating_add(WAIT_MS);
        let fits = begins.saturating_add(SHORTEST_ATTEMPT_MS) <= self.budget_ms;
        (again && attempt <= MAX_RETRIES && fits).then_some(WAIT_MS)
    }
}

fn timeout(options: &mut Fields<'_>) -> Result<Option<u32>, Error> {
    let Some(raw) = options.take_raw("timeoutMs") else { return Ok(None) };
    let ms = text::number::<u32>(raw).filter(|ms| (1..=600_000).contains(ms));
    ms.map(Some).ok_or_else(|| {
        Error::new(Code::InvalidConfig, "timeoutMs", "must be a whole number, 1 to 600000")
    })
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure<'t> {
    /// The server said so.
    Status(u16),
    /// Nothing came in time.
    TimedOut,
    /// There was no connection: what the runtime says of it.
    Cause(&'t str),
}

fn is_refused(cause: &str) -> bool {
    let cause = cause.to_ascii_lowercase();
    ["econnrefused", "connection refused", "connectionrefused"]
        .iter()
        .any(|words| text::find(&cause, words).is_some())
}

/// What came of asking for definitions.
pub const fn definitions_status(status: u16) -> &'static str {
    match status {
        200 => "loaded",
        304 => "not_modified",
        401 => "unauthorized",
        402 => "quota_limited",
        403 => "forbidden",
        429 => "rate_limited",
        408 | 500..=599 => "unreachable",
        _ => "rejected",
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn flags_are_asked_for_again_once_and_in_time() {
        let limits = Limits { attempt_ms: 3_000, budget_ms: 5_000 };
        for (failure, again) in [
            (Failure::Status(502), true),
            (Failure::Status(504), true),
            (Failure::Status(500), false),
            (Failure::Status(503), false),
            (Failure::Status(429), false),
            (Failure::TimedOut, true),
            (Failure::Cause("fetch failed: other side closed"), true),
            (Failure::Cause("connect ECONNREFUSED 127.0.0.1:9"), false),
            (Failure::Cause("tcp connect error: Connection refused (os error 111)"), false),
        ] {
            assert_eq!(limits.wait(1, failure, 3_000).is_some(), again, "{failure:?}");
            assert_eq!(limits.wait(2, failure, 3_000), None);
            assert_eq!(limits.wait(1, failure, 4_651), None);
        }
    }

    #[test]
    fn a_call_may_have_limits_of_its_own() {
        let settings = Settings::read(r#"{"apiKey":"phc_k","budgetMs":2000}"#).unwrap();
        let of = |text| {
            let mut fields = Fields::of(RawObject::read(text, "options").unwrap());
            Limits::of_flags(&settings, &mut fields)
        };
        assert_eq!(of("{}").unwrap(), Limits { attempt_ms: 2_000, budget_ms: 2_000 });
        let own = of(r#"{"timeoutMs":100,"budgetMs":900}"#).unwrap();
        assert_eq!(own, Limits { attempt_ms: 100, budget_ms: 900 });
        for (text, field) in [
            (r#"{"timeoutMs":0}"#, "timeoutMs"),
            (r#"{"timeoutMs":"5"}"#, "timeoutMs"),
            (r#"{"budgetMs":0}"#, "budgetMs"),
        ] {
            assert_eq!(of(text).unwrap_err().field, field);
        }
    }

    #[test]
    fn every_status_has_a_name() {
        let names = [200, 304, 401, 402, 403, 429, 503, 404].map(definitions_status);
        assert_eq!(
            names,
            [
                "loaded",
                "not_modified",
                "unauthorized",
                "quota_limited",
                "forbidden",
                "rate_limited",
                "unreachable",
                "rejected"
            ]
        );
    }
}
