//! Scrubbing twice is scrubbing once, and what is left of an object is an object.
#![no_main]

mod oracle;

use libfuzzer_sys::fuzz_target;
use posthog_wasm::json;
use posthog_wasm::policy::identifiers::{Scope, scrub_members, scrub_text};

fuzz_target!(|text: &str| {
    for key in [None, Some(b"a key".as_slice())] {
        for scope in [Scope::Secrets, Scope::Identifiers, Scope::Addresses] {
            if let Some(clean) = scrub_text(text, scope, key) {
                assert_eq!(scrub_text(&clean, scope, key), None, "{clean}");
            }
        }
        for scope in [Scope::Secrets, Scope::Identifiers] {
            members(text, scope, key);
        }
    }
});

fn members(text: &str, scope: Scope, key: Option<&[u8]>) {
    let mut dropped = Vec::new();
    let Some(clean) = scrub_members(text, scope, key, &mut dropped) else { return };
    let before = ["{", text, "}"].concat();
    // Whoever asks for this has read it as an object, and has mended it.
    let object = oracle::is_json(&before) && json::replace_lone_surrogates(&before).is_none();
    if !object {
        return;
    }
    let after = ["{", &clean, "}"].concat();
    let mut strings = Vec::new();
    assert!(oracle::strings(&after, &mut strings).is_some(), "{after}");
    assert_eq!(scrub_members(&clean, scope, key, &mut Vec::new()), None, "{after}");
    // Under a key nothing is dropped, but for what nests too deep.
    assert!(key.is_none() || dropped.is_empty() || json::check_depth(&before, "x").is_err());
}
