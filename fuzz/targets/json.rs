//! What is JSON is read as serde_json reads it; of any other text there is nonsense, but no panic.
#![no_main]

mod oracle;

use libfuzzer_sys::fuzz_target;
use posthog_wasm::error::Code;
use posthog_wasm::json::fields::Fields;
use posthog_wasm::json::writer::JsonMap;
use posthog_wasm::json::{self, MAX_DEPTH, RawObject};

fuzz_target!(|text: &str| {
    survives(text);
    if !oracle::is_json(text) {
        return;
    }
    is_mended(text);
    if let Some(depth) = oracle::strings(text, &mut Vec::new()) {
        assert_eq!(json::check_depth(text, "x").is_ok(), depth <= MAX_DEPTH);
        is_of_its_kind(text, depth);
    }
    is_read_as_serde_reads_it(text);
});

/// Calls everything, with whatever comes out of it.
fn survives(text: &str) {
    let _ = json::is_valid(text);
    let _ = json::check_depth(text, "x");
    let _ = json::unquote(text);
    let _ = json::unquote_name(text);
    let _ = json::unquote_strings(text);
    let _ = json::replace_lone_surrogates(text);
    let _ = json::elements(text).map(Iterator::count);
    for object in [json::object(text), Some(RawObject::of(text))].into_iter().flatten() {
        let mut map = JsonMap::default();
        for (name, value) in object.entries() {
            let _ = object.get(&name);
            let _ = json::unquote(value);
        }
        map.extend(object);
        map.write(&mut String::new());
        let mut fields = Fields::of(object);
        let _ = fields.take_str("event");
        let _ = fields.take_object("properties");
        let _ = fields.take_bool("x");
        fields.finish("", &mut Vec::new());
    }
    let mut quoted = String::new();
    json::quote(&mut quoted, text);
    assert_eq!(Some(&quoted), serde_json::to_string(text).ok().as_ref());
    assert_eq!(json::unquote(&quoted).as_deref(), Some(text));
}

/// Afterwards every string is text, and nothing happens to a value that had only such strings.
fn is_mended(text: &str) {
    let whole = oracle::strings(text, &mut Vec::new()).is_some();
    let mended = json::replace_lone_surrogates(text);
    assert_eq!(mended.is_none(), whole);
    if let Some(mended) = mended {
        assert!(oracle::strings(&mended, &mut Vec::new()).is_some(), "{mended}");
        assert_eq!(json::replace_lone_surrogates(&mended), None);
        is_read_as_serde_reads_it(&mended);
    }
}

fn is_of_its_kind(text: &str, depth: usize) {
    let read = RawObject::read(text, "x").map_err(|error| error.code);
    match oracle::members(text) {
        None => assert_eq!(read, Err(Code::InvalidType)),
        Some(_) if depth > MAX_DEPTH => assert_eq!(read, Err(Code::TooDeep)),
        Some(members) => {
            assert_eq!(read.map(RawObject::is_empty), Ok(members.is_empty()));
            is_written_as_it_was_read(text, &members);
        }
    }
    assert_eq!(json::elements(text).is_some(), oracle::elements(text).is_some());
    let strings = serde_json::from_str::<Vec<String>>(text).ok();
    assert_eq!(json::unquote_strings(text), strings);
}

/// The value, and all that are in it.
fn is_read_as_serde_reads_it(text: &str) {
    if text.starts_with('"') && text.ends_with('"') {
        assert_eq!(json::unquote(text).map(String::from), oracle::string(text));
    }
    if let Some(elements) = oracle::elements(text) {
        let found: Vec<_> = json::elements(text).into_iter().flatten().collect();
        assert_eq!(found, elements);
        elements.into_iter().for_each(is_read_as_serde_reads_it);
    }
    if let Some(members) = oracle::members(text) {
        let object = json::object(text).unwrap_or(RawObject::EMPTY);
        let found: Vec<_> = object.entries().map(|(name, raw)| (name.into_owned(), raw)).collect();
        assert_eq!(found, members);
        for (name, value) in &members {
            let first = members.iter().find(|(other, _)| other == name);
            assert_eq!(object.get(name), first.map(|(_, raw)| *raw));
            is_read_as_serde_reads_it(value);
        }
        if !text.contains('\\') {
            the_last_field_counts(object, &members);
        }
    }
}

fn the_last_field_counts(object: RawObject<'_>, members: &[(String, &str)]) {
    let mut fields = Fields::of(object);
    for (name, _) in members {
        let last = members.iter().rev().find(|(other, _)| other == name).map(|(_, raw)| *raw);
        if let Some(taken) = fields.take_raw_or_null(name) {
            assert_eq!(Some(taken), last);
        }
        assert_eq!(fields.take_raw_or_null(name), None);
    }
    let mut warnings = Vec::new();
    fields.finish("", &mut warnings);
    assert_eq!(warnings, []);
}

/// Like JavaScript's spread: a later value takes the earlier one's place.
fn is_written_as_it_was_read(text: &str, members: &[(String, &str)]) {
    let mut expected: Vec<(String, &str)> = Vec::new();
    for (name, value) in members {
        match expected.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => expected.push((name.clone(), value)),
        }
    }
    let (mut map, mut written) = (JsonMap::default(), String::new());
    map.extend(json::object(text).unwrap_or(RawObject::EMPTY));
    map.write(&mut written);
    assert_eq!(oracle::members(&written).as_ref(), Some(&expected), "{written}");
    for (name, value) in expected {
        assert_eq!(map.get(&name), Some(value));
    }
}
