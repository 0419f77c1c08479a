//! What a `before_send` hook returned: it may change anything, but not into something for which
//! PostHog would refuse the whole batch.

use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::writer::JsonMap;
use crate::json::{self, RawObject};
use crate::request::Wire;

/// PostHog's broker takes about a megabyte.
const MAX_BYTES: usize = 1_000_000;
const MAX_REPLAY_BYTES: usize = 20_000_000;
/// What an event has on the wire. A member of another name could make PostHog refuse the batch.
const MEMBERS: [&str; 5] = ["event", "distinct_id", "properties", "timestamp", "uuid"];

/// What became of an event in the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeforeSend {
    /// Changed or not, as JSON text.
    Event(String),
    /// `null`: not to be sent.
    Dropped,
    /// It threw.
    Failed,
}

/// The event to send, if there is one.
pub fn check(edited: BeforeSend, replay: bool) -> Result<Option<Wire>, Error> {
    let refused = |field: &'static str, message: &'static str| {
        Err(Error::new(Code::BeforeSend, field, message))
    };
    let text = match edited {
        BeforeSend::Event(text) => json::replace_lone_surrogates(&text).unwrap_or(text),
        BeforeSend::Dropped => return Ok(None),
        BeforeSend::Failed => return refused("before_send", "threw, so the event was not sent"),
    };
    if text.len() > if replay { MAX_REPLAY_BYTES } else { MAX_BYTES } {
        return refused("before_send", "made the event larger than PostHog takes");
    }
    let Ok(object) = RawObject::read(&text, "before_send") else {
        return refused("before_send", "must return an event, or null to drop it");
    };
    let mut fields = Fields::of(object);
    let name = fields.take_str("event").ok().flatten().unwrap_or_default();
    if name.is_empty() {
        return refused("before_send", "returned an event without a name");
    }
    let id = fields.take_str("distinct_id").ok().flatten().unwrap_or_default();
    if id.is_empty() {
        return refused("before_send", "returned an event without a distinct_id");
    }
    let uuid = fields.take_str("uuid").ok().flatten().unwrap_or_default();
    if uuid::Uuid::try_parse(&uuid).is_err() {
        return refused("before_send", "returned an event without a valid uuid");
    }
    if !matches!(fields.take_object("properties"), Ok(Some(_))) {
        return refused("before_send", "returned an event without properties");
    }
    let timestamp = fields.take_raw_or_null("timestamp");
    if timestamp.is_some_and(|raw| json::unquote(raw).is_none()) {
        return refused("before_send", "returned a timestamp that is no string");
    }
    if json::check_depth(&text, "before_send").is_err() {
        return refused("before_send", "returned an event that is nested too deep");
    }
    let mut known = JsonMap::default();
    for (name, value) in object.entries().filter(|(name, _)| MEMBERS.contains(&name.as_ref())) {
        known.put(name, value.to_owned());
    }
    let mut text = String::new();
    known.write(&mut text);
    Ok(Some(Wire { text, replay }))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const GOOD: &str = r#"{"event":"e","distinct_id":"u","uuid":"0190a0a0-0000-7000-8000-000000000000","properties":{}}"#;

    #[test]
    fn a_good_event_passes_and_null_drops() {
        let wire = check(BeforeSend::Event(GOOD.into()), false).unwrap().unwrap();
        assert_eq!(wire.text, GOOD);
        assert_eq!(check(BeforeSend::Dropped, false), Ok(None));
    }

    #[test]
    fn members_that_an_event_does_not_have_are_left_out() {
        let odd =
            GOOD.replace(r#""event":"e""#, r#""event":"e","$set":5,"offset":1.5,"token":"t""#);
        assert_eq!(check(BeforeSend::Event(odd), false).unwrap().unwrap().text, GOOD);
    }

    #[test]
    fn nothing_that_would_spoil_a_batch_passes() {
        for (from, to) in [
            (r#""event":"e""#, r#""event":"""#),
            (r#""distinct_id":"u""#, r#""distinct_id":7"#),
            ("0190a0a0-0000-7000-8000-000000000000", "evt_1"),
            (r#""properties":{}"#, r#""properties":[]"#),
            (r#""properties":{}"#, r#""properties":{},"timestamp":7"#),
            (GOOD, "true"),
        ] {
            let error = check(BeforeSend::Event(GOOD.replace(from, to)), false).unwrap_err();
            assert_eq!(error.code, Code::BeforeSend, "{to}");
        }
        assert_eq!(check(BeforeSend::Failed, false).unwrap_err().field, "before_send");
    }
}
