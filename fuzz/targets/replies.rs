//! A server may say anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthog_wasm::event::time::Timestamp;
use posthog_wasm::request::reply;

fuzz_target!(|bytes: &[u8]| {
    let text = reply::text(bytes);
    // The standard library keeps a character that was cut off at the end; it is the one difference.
    let lossy = String::from_utf8_lossy(bytes);
    assert!(lossy == text || lossy.strip_suffix('\u{fffd}') == Some(&text), "{text}");

    let now = Timestamp::EPOCH.millis();
    let wait = |now| reply::retry_after_ms(&text, now);
    for other in [i64::MIN, -1, i64::MAX] {
        let _ = wait(other);
    }
    if let Ok(seconds) = text.trim().parse::<u32>() {
        assert_eq!(wait(now), Some(seconds.saturating_mul(1000)));
    }
    // The later it is, the less there is to wait for.
    if let (Some(sooner), Some(later)) = (wait(now), wait(now + 1000)) {
        assert!(later <= sooner);
    }
});
