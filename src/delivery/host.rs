//! What delivery needs of the world.

use std::future::Future;

use crate::event::id::EventSeed;
use crate::request::Request;
use crate::request::before_send::BeforeSend;

/// The world of one call. Futures are polled again when something that the call waits for has come.
pub trait Host {
    /// A request that is on its way.
    type Attempt: Future<Output = AttemptResult> + Unpin;
    /// A timer.
    type Sleep: Future<Output = ()> + Unpin;
    /// A store that was asked: what it answered, or what it threw.
    type Answer: Future<Output = Result<Option<String>, String>> + Unpin;

    /// Sends a request, once. Resolves when the answer has been read as far as anybody cares.
    fn fetch(&self, request: &Request) -> Self::Attempt;

    /// Ends a request that nobody waits for any more. If its status has come, that is the answer.
    fn abandon(&self, attempt: &mut Self::Attempt) -> Option<u16>;

    /// Resolves after so many milliseconds, whatever the clock says then.
    fn sleep(&self, ms: u32) -> Self::Sleep;

    /// Whether the caller's signal has fired.
    fn is_aborted(&self) -> bool;

    /// Asks the outbox; `given` are the method's arguments as a JSON array.
    fn store(&self, method: StoreMethod, given: &str) -> Self::Answer;

    /// Asks the profile store: writes `mark` if `expected` is what is stored, and answers what is
    /// stored then.
    fn profile_store(&self, key: &str, expected: Option<&str>, mark: &str) -> Self::Answer;

    /// The caller's last word on an event. `None`: there is no hook.
    fn before_send(&self, event: &str) -> Option<BeforeSend>;

    /// Milliseconds since the call began, by a clock that nobody sets.
    fn now_ms(&self) -> u32;

    /// The wall clock's time and the randomness that one event needs.
    fn seed(&self) -> EventSeed;

    /// At least 0 and less than 1.
    fn random(&self) -> f64;
}

/// The methods of an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreMethod {
    /// `claim(limit, leaseMs)`
    Claim,
    /// `deadLetter(ids, reason)`
    DeadLetter,
    /// `delete(ids)`
    Delete,
    /// `put(entries, afterMs)`
    Put,
    /// `retry(entries, reason)`
    Retry,
}

impl StoreMethod {
    /// As the store's interface has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::DeadLetter => "deadLetter",
            Self::Delete => "delete",
            Self::Put => "put",
            Self::Retry => "retry",
        }
    }
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    /// The caller's signal fired.
    Aborted,
    /// The server answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The start of the body's text; empty where nobody reads it.
        body: String,
        /// How long the server wants to be left alone.
        retry_after_ms: Option<u32>,
    },
    /// It is not allowed, and will not be the next time.
    Denied(String),
    /// No connection, or it broke.
    Failed(String),
    /// Our own timer fired.
    TimedOut,
    /// It was not sent: even packed, it is larger than a server takes.
    TooLarge,
}
