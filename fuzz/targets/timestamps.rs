//! What is read is written and read again as the same instant, and RFC 3339 is read as the `time`
//! crate reads it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthog_wasm::event::time::Timestamp;
use posthog_wasm::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

fuzz_target!(|text: &str| {
    let _ = Timestamp::read(text, "timestamp");
    let mut quoted = String::new();
    json::quote(&mut quoted, text);
    let found = Timestamp::parse(text);
    assert_eq!(Timestamp::read(&quoted, "timestamp").ok(), found);
    if let Some(found) = found {
        comes_back(found);
    }
    if let Some(known) = OffsetDateTime::parse(text, &Rfc3339).ok().filter(|_| is_alike(text)) {
        let nanos = known.unix_timestamp_nanos();
        let millis = i64::try_from(nanos.div_euclid(1_000_000)).ok();
        let possible = millis.and_then(Timestamp::from_millis);
        assert_eq!(found.map(Timestamp::millis), possible.map(Timestamp::millis));
        // As exact as it was given.
        if let Some(found) = found {
            assert_eq!(nanos_of(&written(found)), Some(nanos));
        }
    }
    // Any eight bytes are a number too.
    if let Some((bytes, _)) = text.as_bytes().split_first_chunk() {
        if let Some(at) = Timestamp::from_millis(i64::from_le_bytes(*bytes) >> 16) {
            comes_back(at);
        }
    }
});

fn comes_back(at: Timestamp) {
    let text = written(at);
    // Of a fraction, three digits, six or nine.
    assert!(matches!(text.len(), 24 | 27 | 30), "{text}");
    assert_eq!(Timestamp::parse(&text), Some(at), "{text}");
    let millis = nanos_of(&text).map(|nanos| nanos.div_euclid(1_000_000));
    assert_eq!(millis, Some(i128::from(at.millis())), "{text}");
}

fn written(at: Timestamp) -> String {
    let mut text = String::new();
    at.write(&mut text);
    text
}

fn nanos_of(text: &str) -> Option<i128> {
    OffsetDateTime::parse(text, &Rfc3339).map(OffsetDateTime::unix_timestamp_nanos).ok()
}

/// Whether both take it in the same way: `time` lets anything stand between date and time, and a leap
/// second is the next minute's first here and the last nanosecond before it there.
fn is_alike(text: &str) -> bool {
    matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) && text.get(17..19) != Some("60")
}
