//! Scrubbing twice is scrubbing once, and what is left of an object is an object.
#![no_main]

mod oracle;

use libfuzzer_sys::fuzz_target;
use posthog_wasm::json;
use posthog_wasm::policy::identifiers::{scrub_members, scrub_text};

fuzz_target!(|text: &str| {
    for key in [None, Some(b"a key".as_slice())] {
        for ips in [false, true] {
            if let Some(clean) = scrub_text(text, ips, key) {
                assert_eq!(scrub_text(&clean, ips, key), None, "{clean}");
            }
        }
        members(text, key);
    }
});

fn members(text: &str, key: Option<&[u8]>) {
    let mut dropped = Vec::new();
    let Some(clean) = scrub_members(text, key, &mut dropped) else { return };
    let before = ["{", text, "}"].concat();
    // Whoever asks for this has read it as an object, and has mended it.
    let object = oracle::is_json(&before) && json::replace_lone_surrogates(&before).is_none();
    if !object {
        return;
    }
    let after = ["{", &clean, "}"].concat();
    let mut strings = Vec::new();
    assert!(oracle::strings(&after, &mut strings).is_some(), "{after}");
    for string in strings {
        assert_eq!(scrub_text(&string, false, key), None, "{after}");
    }
    assert_eq!(scrub_members(&clean, key, &mut Vec::new()), None, "{after}");
    // Under a key nothing is dropped, but for what nests too deep.
    assert!(key.is_none() || dropped.is_empty() || json::check_depth(&before, "x").is_err());
}
