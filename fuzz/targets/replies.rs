//! A server may say anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthog_wasm::event::time::Timestamp;
use posthog_wasm::request::reply;

fuzz_target!(|text: &str| {
    let now = Timestamp::EPOCH.millis();
    let wait = |now| reply::retry_after_ms(text, now);
    for other in [i64::MIN, -1, i64::MAX] {
        let _ = wait(other);
    }
    let digits = text.trim();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = digits.parse().unwrap_or(u32::MAX);
        assert_eq!(wait(now), Some(seconds.saturating_mul(1000)));
    }
    // The later it is, the less there is to wait for.
    if let (Some(sooner), Some(later)) = (wait(now), wait(now + 1000)) {
        assert!(later <= sooner);
    }
});
