//! One event as PostHog reads it, without the key that it goes under.
//!
//! The fields are private: an event is spelt from an [`Admitted`](crate::policy::Admitted) one
//! ([`payload`](crate::request::payload)), is what `before_send` made of it and was checked
//! ([`before_send`](crate::request::before_send)), or comes back from a store
//! ([`entry`](crate::request::entry)). Nothing else can make one.

use crate::error::{Code, Error};
#[cfg(feature = "routes")]
use crate::json::writer::format_u64;

/// What PostHog's broker takes of one event, less what PostHog writes around it.
const MAX_BYTES: usize = 980_000;
/// What the endpoint for AI events takes of one.
#[cfg(feature = "routes")]
const MAX_AI_BYTES: usize = 8 * 1024 * 1024;

/// One event, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    text: String,
    replay: bool,
    clocked: bool,
    #[cfg(feature = "routes")]
    ai: bool,
    splice: Option<Splice>,
}

/// A part that the host holds, because it is too long to cross: its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Where in the text it belongs.
    pub at: usize,
    /// Which of the call's parts it is.
    pub part: u32,
}

impl Wire {
    /// An event for the batch endpoint. `field` is what to blame if it is too large.
    pub(super) fn event(text: String, field: &'static str) -> Result<Self, Error> {
        fits(&text, field)?;
        Ok(Self::of(text, false, None))
    }

    /// A session replay; its events may be a part that the host holds.
    pub(super) const fn replay(text: String, splice: Option<Splice>) -> Self {
        Self::of(text, true, splice)
    }

    /// What a store gave back.
    pub(super) const fn stored(text: String, replay: bool) -> Self {
        Self::of(text, replay, None)
    }

    const fn of(text: String, replay: bool, splice: Option<Splice>) -> Self {
        Self {
            text,
            replay,
            clocked: false,
            #[cfg(feature = "routes")]
            ai: false,
            splice,
        }
    }

    /// The same event, of which it is known whether its time is what this machine's clock showed.
    #[must_use]
    pub(super) fn clocked(self, clocked: bool) -> Self {
        Self { clocked, ..self }
    }

    /// Whether its time is what this machine's clock showed just now.
    pub const fn is_clocked(&self) -> bool {
        self.clocked
    }

    /// The event's JSON, without the part that the host holds.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it goes to the endpoint for replays.
    pub const fn is_replay(&self) -> bool {
        cfg!(feature = "routes") && self.replay
    }

    /// The same event for the endpoint of AI events, which takes larger ones.
    #[cfg(feature = "routes")]
    pub(super) fn ai(text: String, field: &'static str) -> Result<Self, Error> {
        if text.len() > MAX_AI_BYTES {
            let size = format_u64(text.len());
            let message = ["makes the AI event ", &size, " bytes; PostHog takes 8 MiB"].concat();
            return Err(Error::with(Code::TooLarge, field, message));
        }
        Ok(Self::stored_ai(text))
    }

    /// What a store gave back for that endpoint.
    #[cfg(feature = "routes")]
    pub(super) const fn stored_ai(text: String) -> Self {
        Self { text, replay: false, clocked: false, ai: true, splice: None }
    }

    /// Stands where an event was that somebody else sends.
    #[cfg(feature = "full")]
    pub(crate) const fn sent() -> Self {
        Self::of(String::new(), false, None)
    }

    /// Whether it goes to the endpoint for AI events.
    #[cfg(feature = "routes")]
    pub const fn is_ai(&self) -> bool {
        self.ai
    }

    /// The part that the host holds.
    pub const fn splice(&self) -> Option<Splice> {
        if cfg!(feature = "routes") { self.splice } else { None }
    }
}

/// Refuses what PostHog's broker would.
pub fn fits(text: &str, field: &'static str) -> Result<(), Error> {
    // In what the broker takes, nothing is longer than twice its length.
    if text.len() <= MAX_BYTES / 2 || produced_bytes(text) <= MAX_BYTES {
        return Ok(());
    }
    Err(Error::new(
        Code::TooLarge,
        field,
        "makes the event larger than PostHog takes: 980 kB, in which quotes and backslashes count \
         twice (a replay: 20 MB)",
    ))
}

/// How long an event is for PostHog: it hands the event's JSON on as a string inside of JSON, where
/// every quote and every backslash has a backslash before it.
fn produced_bytes(text: &str) -> usize {
    let mut escapes = 0_usize;
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            escapes = escapes.wrapping_add(1);
        }
    }
    text.len().saturating_add(escapes)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// The figures are those of PostHog's capture service (posthog-protocol, limits).
    #[test]
    fn sizes_are_counted_as_posthog_counts_them() {
        let event = |inside: String| ["{\"properties\":{\"x\":", &inside, "}}"].concat();
        let rows = |rows: usize| {
            let row = r#"{"id":"row_000001","name":"An ordinary row of a table","count":12345,"price":"12.50","done":false,"x":1}"#;
            ["[", &vec![row; rows].join(","), "]"].concat()
        };
        for (text, taken) in [
            (event(format!("\"{}\"", "a".repeat(900_000))), true),
            (event(rows(5_000)), true),
            (event(rows(9_000)), false),
            (event(format!("\"{}\"", r#"\"a\":1,"#.repeat(100_000))), false),
            (event(format!("\"{}\"", r"\u0001".repeat(150_000))), false),
            (event(format!("\"{}\"", "ü".repeat(500_000))), false),
        ] {
            assert_eq!(fits(&text, "properties").is_ok(), taken, "{}", text.len());
        }
        let error = fits(&event(rows(9_000)), "properties").unwrap_err();
        assert_eq!((error.code, error.field.as_ref()), (Code::TooLarge, "properties"));
    }
}
