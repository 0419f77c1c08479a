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
        let millis = i64::try_from(known.unix_timestamp_nanos().div_euclid(1_000_000)).ok();
        assert_eq!(found, millis.and_then(Timestamp::from_millis));
    }
    // Any eight bytes are a number too.
    if let Some((bytes, _)) = text.as_bytes().split_first_chunk() {
        if let Some(at) = Timestamp::from_millis(i64::from_le_bytes(*bytes) >> 16) {
            comes_back(at);
        }
    }
});

fn comes_back(at: Timestamp) {
    let mut written = String::new();
    at.write(&mut written);
    assert_eq!(written.len(), "2026-01-02T03:04:05.678Z".len());
    assert_eq!(Timestamp::parse(&written), Some(at), "{written}");
    let known = OffsetDateTime::parse(&written, &Rfc3339).map(OffsetDateTime::unix_timestamp_nanos);
    assert_eq!(known.ok(), Some(i128::from(at.millis()) * 1_000_000), "{written}");
}

/// Whether both take it in the same way: `time` lets anything stand between date and time, and a leap
/// second is the next minute's first here and the last nanosecond before it there.
fn is_alike(text: &str) -> bool {
    matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) && text.get(17..19) != Some("60")
}
