//! Event ids. One event has one uuid, made once and the same on every attempt.

use uuid::Uuid;

use crate::error::{Code, Error};
use crate::event::time::Timestamp;
use crate::json::text::number;
use crate::json::writer::format_u64;
use crate::json::{self, RawObject};

/// The namespace of every uuid that is made from a source. Printed in docs/webhooks.md, so that anyone
/// can compute the same ids.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x6f70_6572_8e1c_5b3d_9a47_d2c0_11f5_7e29);

/// What the outside world gives a call: the time, and as much randomness as one id takes.
#[derive(Clone, Copy, Debug)]
pub struct EventSeed {
    /// When the call was made.
    pub now: Timestamp,
    /// Fresh for every event.
    pub random: [u8; 10],
}

impl EventSeed {
    /// A version 7 uuid of this seed.
    pub fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now.millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random).into_uuid()
    }
}

/// As it is written: lower case, with hyphens.
pub fn text(uuid: Uuid) -> String {
    uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

/// Where a fact comes from: the webhook or the row that says so, and when it happened. The same
/// source gives the same uuid and the same timestamp, however often it is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `stripe`, `supabase`, …
    pub system: String,
    /// The webhook's or row's own id.
    pub id: String,
    /// When the fact happened.
    pub at: Timestamp,
    /// Tells several events of one source apart.
    pub seq: u64,
}

impl Source {
    /// Reads `{ system, id, at, seq? }`.
    pub fn read(raw: &str) -> Result<Self, Error> {
        let object = RawObject::read(raw, "source")?;
        let invalid = |field: &'static str, message: &'static str| {
            Err(Error::new(Code::InvalidSource, field, message))
        };
        let text = |name| object.get(name).and_then(json::unquote);
        let seq = object.get("seq").map_or(Some(0), number);
        let (Some(system), Some(id), Some(seq)) = (text("system"), text("id"), seq) else {
            return invalid("source", "needs system and id (strings); seq is a whole number");
        };
        if system.is_empty() {
            return invalid("source.system", "must not be empty");
        }
        if id.is_empty() {
            return invalid("source.id", "must not be empty");
        }
        let Some(at) = object.get("at") else {
            return invalid("source.at", "is missing: when did it happen?");
        };
        let at = Timestamp::read(at, "source.at")?;
        Ok(Self { system: system.into_owned(), id: id.into_owned(), at, seq })
    }

    /// The uuid of one event of this source.
    ///
    /// ```
    /// use posthog_wasm::event::id::Source;
    ///
    /// let webhook = r#"{"system":"stripe","id":"evt_1","at":"2026-01-02T03:04:05Z"}"#;
    /// let first = Source::read(webhook)?.uuid("User subscribe", "org_1");
    /// assert_eq!(first, Source::read(webhook)?.uuid("User subscribe", "org_1"));
    /// assert_ne!(first, Source::read(webhook)?.uuid("User cancel", "org_1"));
    /// # Ok::<(), posthog_wasm::error::Error>(())
    /// ```
    pub fn uuid(&self, event: &str, distinct_id: &str) -> Uuid {
        let seq = format_u64(self.seq);
        // U+241F, "symbol for unit separator": no system, id or event name holds it by accident.
        let end = "\u{241f}";
        let (system, id) = (self.system.as_str(), self.id.as_str());
        let name = [system, end, id, end, &seq, end, event, end, distinct_id].concat();
        let mut sha = hmac_sha1_compact::Hash::new();
        sha.update(NAMESPACE.as_bytes());
        sha.update(&name);
        let [head @ .., _, _, _, _] = sha.finalize();
        uuid::Builder::from_sha1_bytes(head).into_uuid()
    }
}

/// A uuid, with its hyphens or without any.
pub fn parse(text: &str) -> Option<Uuid> {
    let hyphened = match text.len() {
        32 => false,
        36 => true,
        _ => return None,
    };
    let mut bits = 0_u128;
    for (at, byte) in text.bytes().enumerate() {
        if hyphened && matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
        } else {
            bits = (bits << 4) | u128::from(char::from(byte).to_digit(16)?);
        }
    }
    Some(Uuid::from_u128(bits))
}

/// Reads a caller's own uuid.
pub fn read_uuid(raw: &str) -> Result<Uuid, Error> {
    json::unquote(raw).and_then(|text| parse(&text)).ok_or_else(|| {
        Error::new(
            Code::InvalidUuid,
            "uuid",
            "must be a UUID; for an id of another system's, use source",
        )
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn source(raw: &str) -> Result<Source, Error> {
        Source::read(raw)
    }

    #[test]
    fn a_source_pins_the_uuid() {
        let text = r#"{"system":"stripe","id":"evt_1","at":"2026-01-02T03:04:05Z"}"#;
        let one = source(text).unwrap();
        assert_eq!(
            one.uuid("User subscribe", "org"),
            source(text).unwrap().uuid("User subscribe", "org")
        );
        let other = Source { seq: 1, ..one.clone() };
        assert_ne!(one.uuid("User subscribe", "org"), other.uuid("User subscribe", "org"));
        assert_ne!(one.uuid("User subscribe", "org"), one.uuid("User subscribe", "org2"));
        assert_eq!(one.uuid("a", "b").get_version_num(), 5);
    }

    #[test]
    fn every_part_of_a_source_is_checked() {
        for (raw, field) in [
            (r#"{"id":"e","at":"2026-01-02"}"#, "source"),
            (r#"{"system":"s","id":7,"at":"2026-01-02"}"#, "source"),
            (r#"{"system":"s","id":"e","seq":-1,"at":"2026-01-02"}"#, "source"),
            (r#"{"system":"","id":"e","at":"2026-01-02"}"#, "source.system"),
            (r#"{"system":"s","id":"","at":"2026-01-02"}"#, "source.id"),
            (r#"{"system":"s","id":"e"}"#, "source.at"),
            (r#"{"system":"s","id":"e","at":1735787045}"#, "source.at"),
            ("[]", "source"),
        ] {
            assert_eq!(source(raw).unwrap_err().field, field, "{raw}");
        }
    }

    #[test]
    fn a_moment_gives_version_seven() {
        let seed = EventSeed {
            now: Timestamp::parse("2026-01-02T03:04:05.678Z").unwrap(),
            random: [7; 10],
        };
        let uuid = seed.uuid();
        assert_eq!(uuid.get_version_num(), 7);
        assert_eq!(uuid.get_timestamp().unwrap().to_unix().0, 1_767_323_045);
    }
}
