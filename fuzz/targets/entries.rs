//! What a store gives back may have been changed there; what was written is read back.
#![no_main]

mod oracle;

use libfuzzer_sys::fuzz_target;
use posthog_wasm::event::input::{Input, Tag};
use posthog_wasm::json::writer::object;
use posthog_wasm::request::before_send::{self, BeforeSend};
use posthog_wasm::request::entry::{Content, Entry, NewEntry};
use posthog_wasm::request::{Project, Wire};

fuzz_target!(|text: &str| {
    let project = Project::new("phc_k", "https://h");
    for input in Input::from_lines(text) {
        let _ = input.to_text();
    }
    let _ = Input::from_text(Tag::Track, text).to_text();
    for entry in Entry::read(text) {
        let _ = entry.profile();
        if let Some(wire) = entry.wire() {
            comes_back(&wire, &entry.id);
            let request = project.request(&[&wire]);
            assert!(oracle::is_json(&request.body.head), "{}", request.body.head);
        }
    }
    // The whole text as the body of an entry, of an event and of a replay.
    for target in ["posthog", "replay"] {
        let one = object(|object| {
            object.string("id", "1");
            object.string("target", target);
            object.string("body", text);
        });
        let read = Entry::read(&format!("[{one}]"));
        let wire = read[0].wire();
        assert_eq!(wire.is_some(), text.starts_with('{') && oracle::is_json(text), "{text}");
        let Some(wire) = wire else { continue };
        let request = project.request(&[&wire]);
        assert!(oracle::is_json(&request.body.head), "{}", request.body.head);
        if let Ok(Some(kept)) = before_send::check(BeforeSend::Event(text.to_owned()), &wire) {
            assert!(oracle::strings(kept.text(), &mut Vec::new()).is_some(), "{}", kept.text());
            comes_back(&kept, "1");
        }
        // As much of it as the host may hand over.
        if let Some(request) = project.held_replay(text, 0) {
            let part = request.body.part.expect("a part");
            let units: Vec<u16> = text.encode_utf16().skip(part.skip).collect();
            let held = String::from_utf16(&units).expect("whole characters");
            let body = [request.body.head, held, part.tail].concat();
            assert!(oracle::is_json(&body), "{body}");
        }
    }
});

fn comes_back(wire: &Wire, id: &str) {
    let written = NewEntry::write(&[NewEntry { id, content: Content::Event(wire) }]);
    let read = Entry::read(&written);
    assert_eq!(read.len(), 1, "{written}");
    assert_eq!(read[0].id, id);
    assert_eq!(read[0].wire().as_ref(), Some(wire), "{written}");
}
