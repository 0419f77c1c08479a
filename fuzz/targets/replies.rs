//! A server may say anything: what is told of a verdict is a harmless word, and of one event there is one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthog_wasm::request::v1::Verdicts;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let mut verdicts = Verdicts::read(text);
    let answer = serde_json::from_str::<Value>(text).unwrap_or_default();
    let none = serde_json::Map::new();
    for uuid in answer["results"].as_object().unwrap_or(&none).keys() {
        if let Some(verdict) = verdicts.take(uuid) {
            for word in [Some(verdict.result), verdict.details].into_iter().flatten() {
                assert!(
                    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
                    "{word}"
                );
            }
            assert_eq!(verdicts.take(uuid), None);
        }
    }
    // What is no JSON has no verdicts.
    if answer.is_null() {
        assert_eq!(verdicts.take("0190a0a0-0000-7000-8000-000000000000"), None);
    }
});
