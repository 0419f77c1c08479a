//! Reading JSON text without taking it apart: what a caller wrote goes out as the bytes that came
//! in. Every function here takes text that is JSON: `JSON.stringify` wrote it, or [`is_valid`] has
//! found it to be. Of other text they make nonsense, but no panic.

pub mod fields;
pub mod index;
pub mod nearest;
pub mod scan;
pub mod text;
pub mod work;
pub mod writer;

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::error::{Code, Error};

/// How deep an event's own values may nest. PostHog's parser stops at 127, and the request adds
/// its own levels around them.
pub const MAX_DEPTH: usize = 100;

/// A JSON object as text, known to be one and known not to be too deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawObject<'a> {
    inner: &'a str,
}

impl<'a> RawObject<'a> {
    /// The object without a member.
    pub const EMPTY: RawObject<'static> = RawObject { inner: "" };

    /// Reads an object, or says that `field` is none.
    pub fn read(raw: &'a str, field: &'static str) -> Result<Self, Error> {
        let Some(object) = object(raw) else {
            return Err(wrong_type(field, "an object", raw));
        };
        check_depth(raw, field)?;
        Ok(object)
    }

    /// An object of these members, as [`Self::inner`] gives them.
    pub fn of(inner: &'a str) -> Self {
        Self { inner: bare(inner) }
    }

    /// What stands between the braces: splice it between members of ours.
    pub const fn inner(self) -> &'a str {
        self.inner
    }

    /// Whether it has no member.
    pub const fn is_empty(self) -> bool {
        self.inner.is_empty()
    }

    /// Its members, in order: the decoded name and the value's text.
    pub const fn entries(self) -> Entries<'a> {
        Entries { rest: self.inner }
    }

    /// The text of one member's value.
    pub fn get(self, name: &str) -> Option<&'a str> {
        let mut entries = self.entries();
        while let Some((key, value)) = entries.undecoded() {
            if is_quoted(key, name)
                || (key.contains('\\') && unquote(key).is_some_and(|key| key == name))
            {
                return Some(value);
            }
        }
        None
    }
}

/// The text of a value that is an object, however deep.
pub fn object(raw: &str) -> Option<RawObject<'_>> {
    between(bare(raw), b'{', b'}').map(RawObject::of)
}

/// The members of an object, one after the other.
#[derive(Debug)]
pub struct Entries<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (quoted, value) = self.undecoded()?;
        Some((unquote_name(quoted)?, value))
    }
}

impl<'a> Entries<'a> {
    /// The next member with its name as it is written, in quotes.
    pub fn undecoded(&mut self) -> Option<(&'a str, &'a str)> {
        let (name, rest) = split_value(self.rest)?;
        let (value, rest) = split_value(behind(rest, b':')?)?;
        self.rest = behind(rest, b',').unwrap_or("");
        Some((name, value))
    }
}

/// The elements of an array, one after the other.
#[derive(Debug)]
pub struct Elements<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (value, rest) = split_value(self.rest)?;
        self.rest = behind(rest, b',').unwrap_or("");
        Some(value)
    }
}

/// The elements of an array's text; `None` if it is no array.
pub fn elements(raw: &str) -> Option<Elements<'_>> {
    between(bare(raw), b'[', b']').map(|rest| Elements { rest })
}

/// An array of strings; `None` if it is something else.
pub fn unquote_strings(raw: &str) -> Option<Vec<String>> {
    elements(raw)?.map(unquote_string).collect::<Option<Vec<_>>>()
}

/// Whether a text is JSON, asked of what a store gave back. Nothing of it is kept,
/// which spares the module what `serde_json` would say about a value of the wrong type.
pub fn is_valid(text: &str) -> bool {
    work::count(text.len());
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Decodes a JSON string; `None` if the text is no string.
pub fn unquote(raw: &str) -> Option<Cow<'_, str>> {
    let inner = between(raw, b'"', b'"')?;
    work::count(inner.len());
    if inner.contains('\\') { unescaped(inner).map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

/// A member's name, decoded. Half of a UTF-16 pair is no text: a name with one stays as it is
/// written.
pub fn unquote_name(quoted: &str) -> Option<Cow<'_, str>> {
    unquote(quoted).or_else(|| between(quoted, b'"', b'"').map(Cow::Borrowed))
}

/// A JSON string, decoded into one of our own.
pub fn unquote_string(raw: &str) -> Option<String> {
    unquote(raw).map(Cow::into_owned)
}

/// Decodes the escapes of a string's inside; `None` if half of a UTF-16 pair stands alone. Our own:
/// `serde_json`'s reader of strings brings its reader and printer of floats, 16 kB of module.
#[inline(never)]
fn unescaped(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (escape, tail) = after.split_at_checked(1)?;
        rest = tail;
        text.push(match escape {
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                let first = u16::from_str_radix(rest.get(..4)?, 16).ok()?;
                rest = rest.get(4..)?;
                let second = rest.strip_prefix("\\u").and_then(surrogate);
                let second = second.filter(|_| (0xd800..0xdc00).contains(&first));
                let unit = match second {
                    None => u32::from(first),
                    Some(second) => {
                        rest = rest.get(6..)?;
                        let low = u32::from(second.checked_sub(0xdc00)?);
                        ((u32::from(first & 0x3ff) << 10) | low).saturating_add(0x1_0000)
                    }
                };
                char::from_u32(unit)?
            }
            _ => escape.chars().next()?,
        });
    }
    text.push_str(rest);
    Some(text)
}

/// Writes a JSON string.
pub fn quote(to: &mut String, text: &str) {
    to.push('"');
    escape(to, text);
    to.push('"');
}

/// Writes what stands between a JSON string's quotes.
pub fn escape(to: &mut String, text: &str) {
    if is_plain(text.as_bytes()) {
        to.push_str(text);
    } else {
        // Writing a string to memory does not fail.
        let quoted = serde_json::to_string(text).unwrap_or_default();
        to.push_str(between(&quoted, b'"', b'"').unwrap_or_default());
    }
}

/// Whether nothing in it needs an escape.
fn is_plain(bytes: &[u8]) -> bool {
    work::count(bytes.len());
    let mut at = 0_usize;
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x20 || *byte == b'"' || *byte == b'\\' {
            return false;
        }
        at = at.wrapping_add(1);
    }
    true
}

/// Refuses a value that nests deeper than PostHog's parser goes.
pub fn check_depth(raw: &str, field: &'static str) -> Result<(), Error> {
    let bytes = raw.as_bytes();
    // Too short to open and close so many.
    if bytes.len() / 2 <= MAX_DEPTH {
        return Ok(());
    }
    work::count(bytes.len());
    let (mut at, mut depth) = (0_usize, 0_usize);
    // Not an iterator: at the size we ship, its steps would be calls.
    while let Some(byte) = bytes.get(at) {
        at = at.wrapping_add(1);
        match byte {
            b'"' => at = behind_string(bytes, at),
            b'{' | b'[' => depth = depth.wrapping_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Error::new(Code::TooDeep, field, "nested deeper than 100 levels"));
        }
    }
    Ok(())
}

/// Where the string ends whose first quote is before `at`.
fn behind_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at = at.wrapping_add(1);
        match byte {
            b'"' => break,
            b'\\' => at = at.wrapping_add(1),
            _ => {}
        }
    }
    at
}

/// Replaces every half of a UTF-16 pair that stands alone (`\ud800`) with U+FFFD, because PostHog
/// answers 400 to a whole batch for one. `None` when there is nothing to mend.
pub fn replace_lone_surrogates(raw: &str) -> Option<String> {
    work::count(raw.len());
    // JSON.stringify writes only lone halves as escapes, and nearly no text has any.
    let half = |at: usize| matches!(raw.as_bytes().get(at..), Some([_, b'u', b'd' | b'D', ..]));
    raw.match_indices('\\').find(|(at, _)| half(*at))?;
    mended(raw)
}

/// The text with every half that stands alone replaced.
#[cold]
fn mended(raw: &str) -> Option<String> {
    let mut mended = String::with_capacity(raw.len());
    let mut rest = raw;
    let mut changed = false;
    while let Some((before, after)) = rest.split_once('\\') {
        mended.push_str(before);
        let half = after.strip_prefix('u').and_then(surrogate);
        let pair = half.filter(|unit| *unit < 0xdc00).and_then(|_| {
            let second = after.get(5..)?.strip_prefix("\\u").and_then(surrogate)?;
            (second >= 0xdc00).then_some(11)
        });
        // Any other escape keeps its next character with it, so that `\\ud800` stays text.
        let length = match (half, pair) {
            (None, _) => after.chars().next().map_or(0, char::len_utf8),
            (Some(_), Some(both)) => both,
            (Some(_), None) => 5,
        };
        let (escape, tail) = after.split_at_checked(length).unwrap_or((after, ""));
        if half.is_some() && pair.is_none() {
            mended.push_str("\\ufffd");
            changed = true;
        } else {
            mended.push('\\');
            mended.push_str(escape);
        }
        rest = tail;
    }
    mended.push_str(rest);
    changed.then_some(mended)
}

/// The error for a value of another type than documented; says what came, never its content.
pub fn wrong_type(field: &'static str, wanted: &'static str, raw: &str) -> Error {
    let got = match raw.trim_ascii_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    };
    Error::with(Code::InvalidType, field, ["must be ", wanted, ", not ", got].concat())
}

/// The code unit of `d83d…`, if it is half of a pair.
fn surrogate(hex: &str) -> Option<u16> {
    let unit = u16::from_str_radix(hex.get(..4)?, 16).ok()?;
    (0xd800..=0xdfff).contains(&unit).then_some(unit)
}

/// What stands between two bytes.
fn between(text: &str, first: u8, last: u8) -> Option<&str> {
    let [opens, .., closes] = text.as_bytes() else { return None };
    if *opens != first || *closes != last {
        return None;
    }
    text.get(1..text.len().wrapping_sub(1))
}

/// What stands behind one byte, and space before it.
fn behind(text: &str, first: u8) -> Option<&str> {
    let text = bare(text);
    if text.as_bytes().first() == Some(&first) { text.get(1..) } else { None }
}

/// Splits the first value off: its text, and what follows it.
fn split_value(raw: &str) -> Option<(&str, &str)> {
    let raw = bare(raw);
    let end = value_end(raw.as_bytes());
    work::count(end);
    raw.split_at_checked(end).filter(|(value, _)| !value.is_empty())
}

/// Where the value ends that a text starts with.
fn value_end(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at = at.wrapping_add(1);
        // `[` and `{` are 32 apart, `]` and `}` as well.
        match byte | 0x20 {
            b'"' => at = behind_string(bytes, at),
            b'{' => depth = depth.wrapping_add(1),
            b'}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => return number_end(bytes, at),
            _ => continue,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Where a number or a word ends: before what follows it.
fn number_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        if *byte <= b' ' || *byte == b',' {
            break;
        }
        at = at.wrapping_add(1);
    }
    at
}

/// Whether a JSON string is this name, written without an escape.
pub fn is_quoted(quoted: &str, name: &str) -> bool {
    work::count(1);
    quoted.len() == name.len().wrapping_add(2)
        && quoted.get(1..).is_some_and(|rest| rest.starts_with(name))
}

/// Without the space around it. Texts from `JSON.stringify` have none, and looking costs little.
fn bare(text: &str) -> &str {
    match text.as_bytes() {
        [] | [b'!'..=0xff] | [b'!'..=0xff, .., b'!'..=0xff] => text,
        _ => {
            let bare = text.trim_ascii();
            work::count(text.len().wrapping_sub(bare.len()));
            bare
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn members_come_apart_whatever_they_hold() {
        let raw = r#" { "a" : 1 , "b\"}":{"x":[1,"],}"]}, "c":"\\" ,"d":null } "#;
        let object = RawObject::read(raw, "properties").unwrap();
        let members: Vec<_> = object.entries().collect();
        assert_eq!(
            members,
            [
                ("a".into(), "1"),
                ("b\"}".into(), r#"{"x":[1,"],}"]}"#),
                ("c".into(), r#""\\""#),
                ("d".into(), "null"),
            ]
        );
        assert_eq!(object.get("d"), Some("null"));
        assert_eq!(object.get("e"), None);
    }

    #[test]
    fn escaped_names_are_decoded() {
        let object = RawObject::read(r#"{"\u0024groups":{}}"#, "properties").unwrap();
        assert_eq!(object.get("$groups"), Some("{}"));
    }

    #[test]
    fn a_name_that_is_no_text_hides_nothing_behind_it() {
        let object = RawObject::read(r#"{"\ud800":1,"a":2}"#, "properties").unwrap();
        let members: Vec<_> = object.entries().collect();
        assert_eq!(members, [(r"\ud800".into(), "1"), ("a".into(), "2")]);
        assert_eq!(object.get("a"), Some("2"));
    }

    #[test]
    fn every_plane_is_decoded_and_no_half() {
        for code in (1..=0x10_ffff).step_by(101).chain([0xffff, 0x1_0000, 0x10_ffff]) {
            let Some(char) = char::from_u32(code) else { continue };
            let mut units = [0; 2];
            let escapes = char.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
            let raw = format!("\"{}\"", escapes.collect::<String>());
            assert_eq!(unquote(&raw).as_deref(), Some(char.to_string().as_str()), "{raw}");
        }
        for half in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\udfff\ud800", r"\ud83dx"] {
            assert_eq!(unquote(&format!("\"{half}\"")), None, "{half}");
        }
    }

    #[test]
    fn only_objects_are_objects() {
        for raw in ["[]", "null", "1", r#""{}""#, "true"] {
            assert_eq!(RawObject::read(raw, "properties").unwrap_err().code, Code::InvalidType);
        }
        assert!(RawObject::read("{ }", "properties").unwrap().is_empty());
    }

    #[test]
    fn a_hundred_levels_pass_and_one_more_does_not() {
        let nested = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
        assert!(check_depth(&nested(100), "properties").is_ok());
        assert_eq!(check_depth(&nested(101), "properties").unwrap_err().code, Code::TooDeep);
        assert!(check_depth(&format!("\"{}\"", "[".repeat(500)), "properties").is_ok());
    }

    #[test]
    fn lone_halves_are_mended_and_pairs_are_not() {
        assert_eq!(replace_lone_surrogates(r#""\ud83d\ude00""#), None);
        assert_eq!(replace_lone_surrogates(r#""\\ud800""#), None);
        assert_eq!(replace_lone_surrogates(r#""a\ud800b""#).unwrap(), r#""a\ufffdb""#);
        assert_eq!(replace_lone_surrogates(r#""\uDE00\uD83D""#).unwrap(), r#""\ufffd\ufffd""#);
        assert_eq!(
            replace_lone_surrogates(r#""\ud800\ud83d\ude00""#).unwrap(),
            r#""\ufffd\ud83d\ude00""#
        );
        assert_eq!(replace_lone_surrogates(r#""\ud800""#).unwrap(), r#""\ufffd""#);
    }

    #[test]
    fn arrays_come_apart() {
        assert_eq!(
            elements(r#"[1, {"a":[2,3]} ,"x,y"]"#).unwrap().collect::<Vec<_>>(),
            ["1", r#"{"a":[2,3]}"#, r#""x,y""#]
        );
        assert_eq!(elements("[ ]").unwrap().next(), None);
        assert!(elements("{}").is_none());
    }
}
