//! What a store gives back may have been changed there; what was written is read back.
#![no_main]

mod oracle;

use libfuzzer_sys::fuzz_target;
use posthog_wasm::request::Project;
use posthog_wasm::request::before_send::{self, BeforeSend};
use posthog_wasm::request::entry::{Entry, Target, to_posthog};

fuzz_target!(|text: &str| {
    comes_back(&Entry::read(text));
    let body = edited(text).unwrap_or_else(|| text.to_owned());
    let whole = body.starts_with('{') && oracle::is_json(&body);
    for target in [Target::Posthog, Target::Replay, Target::Logsnag] {
        let entry = Entry { id: text.to_owned(), target, body: body.clone(), tries: 0 };
        let read = Entry::read(&Entry::write(&[&entry]));
        let body = if whole { body.clone() } else { String::new() };
        assert_eq!(read, [Entry { body, ..entry }]);
    }
});

/// The event that a hook returned, if PostHog would take it.
fn edited(text: &str) -> Option<String> {
    if !oracle::is_json(text) {
        return None;
    }
    let wire = before_send::check(BeforeSend::Event(text.to_owned()), false).ok()??;
    assert!(oracle::strings(&wire.text, &mut Vec::new()).is_some(), "{}", wire.text);
    Some(wire.text)
}

fn comes_back(entries: &[Entry]) {
    let written = Entry::write(&entries.iter().collect::<Vec<_>>());
    let tries_are_the_stores = |entry: &Entry| Entry { tries: 0, ..entry.clone() };
    let expected: Vec<_> = entries.iter().map(tries_are_the_stores).collect();
    assert_eq!(Entry::read(&written), expected, "{written}");

    let project = Project { api_key: "phc_k".into(), base: "https://h".into() };
    let places: Vec<_> = (0..entries.len()).filter(|at| entries[*at].is_whole()).collect();
    for (_, request) in to_posthog(&project, entries, &places) {
        assert!(oracle::is_json(&request.body), "{}", request.body);
    }
    for entry in entries {
        let _ = entry.profile();
    }
}
