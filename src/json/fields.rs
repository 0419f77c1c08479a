//! The fields of one input, read by name, so that a mistake is reported under the name it has.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::json::nearest::nearest;
use crate::json::text;
use crate::json::writer::format_u64;
use crate::json::{self, RawObject, work};

/// So much of a field's name is shown.
const MAX_NAME_CHARS: usize = 80;

/// An input object that is being read. What nobody asks for is reported at the end.
#[derive(Debug)]
pub struct Fields<'a> {
    /// Names as they are written: `JSON.stringify` escapes nothing that is in a name of ours. Of
    /// the second of two that were taken, the name is empty, without its quotes.
    left: Vec<(&'a str, &'a str)>,
}

impl<'a> Fields<'a> {
    /// All fields of an object.
    pub fn of(object: RawObject<'a>) -> Self {
        // As many as most inputs have.
        let mut left = Vec::with_capacity(8);
        let mut entries = object.entries();
        while let Some(field) = entries.undecoded() {
            left.push(field);
        }
        Self { left }
    }

    /// The text of a field's value; `null` counts as not given.
    pub fn take_raw(&mut self, name: &str) -> Option<&'a str> {
        self.take_raw_or_null(name).filter(|raw| *raw != "null")
    }

    /// The text of a field's value. A field that is there twice counts as JSON.parse counts it:
    /// the last.
    pub fn take_raw_or_null(&mut self, name: &str) -> Option<&'a str> {
        let (mut at, mut last) = (0_usize, None);
        while let Some((key, value)) = self.left.get_mut(at) {
            if !json::is_quoted(key, name) {
                at = at.wrapping_add(1);
            } else if last.is_some() {
                // Taking each of many out would move all behind it each time.
                last = Some(*value);
                *key = "";
            } else {
                work::count(self.left.len());
                last = Some(self.left.remove(at).1);
            }
        }
        last
    }

    /// A string.
    pub fn take_str(&mut self, name: &'static str) -> Result<Option<Cow<'a, str>>, Error> {
        self.take_raw(name)
            .map(|raw| json::unquote(raw).ok_or_else(|| json::wrong_type(name, "a string", raw)))
            .transpose()
    }

    /// A plain object.
    pub fn take_object(&mut self, name: &'static str) -> Result<Option<RawObject<'a>>, Error> {
        self.take_raw(name).map(|raw| RawObject::read(raw, name)).transpose()
    }

    /// A boolean.
    pub fn take_bool(&mut self, name: &'static str) -> Result<Option<bool>, Error> {
        self.take_raw(name)
            .map(|raw| match raw {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(json::wrong_type(name, "a boolean", raw)),
            })
            .transpose()
    }

    /// Warns about what is left and not among the known names (with a space between each two),
    /// because a misspelt field would otherwise vanish without a word.
    pub fn finish(self, known: &str, warnings: &mut Vec<Warning>) {
        let mut names = Vec::new();
        for (name, _) in self.left {
            if !name.is_empty() && !known.split(' ').any(|known| json::is_quoted(name, known)) {
                names.push(name);
            }
        }
        if !names.is_empty() {
            warn_of(&names, known, warnings);
        }
    }
}

/// Warns about these names, a line for each of the first few.
#[cold]
fn warn_of(names: &[&str], known: &str, warnings: &mut Vec<Warning>) {
    let shown = |name: &str| {
        let name = json::unquote_name(name).unwrap_or_default();
        text::start(&name, MAX_NAME_CHARS).to_owned()
    };
    let mut warn = |name, message| {
        warnings.push(Warning::with(Code::UnknownField, shown(name), message));
    };
    if let [first, second, third, rest @ ..] = names
        && rest.len() > 2
    {
        let mut message = String::from("`");
        for name in [first, second, third] {
            message.push_str(&shown(name));
            message.push_str(if name == third { "` and " } else { "`, `" });
        }
        message.push_str(&grouped(rest.len()));
        message.push_str(" more fields are no fields of this method and were left out");
        warn(first, message);
        return;
    }
    for name in names {
        warn(name, unknown(&shown(name), known, "field of this method"));
    }
}

/// What is said of a name that nobody knows.
pub fn unknown(name: &str, known: &str, what: &str) -> String {
    let mut message = ["is no ", what, " and was left out"].concat();
    if let Some(nearest) = nearest(name, known) {
        for part in [": did you mean `", nearest, "`?"] {
            message.push_str(part);
        }
    }
    message
}

/// A number as people read it: `6,497`.
fn grouped(number: usize) -> String {
    let mut text = format_u64(number);
    let mut at = text.len();
    while at > 3 {
        at = at.wrapping_sub(3);
        text.insert(at, ',');
    }
    text
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_nobody_asks_for_is_named_and_the_last_of_two_counts() {
        let mut fields =
            Fields::of(RawObject::read(r#"{"a":1,"\ud800":2,"b\n":3,"a":4}"#, "x").unwrap());
        assert_eq!(fields.take_raw("a"), Some("4"));
        assert_eq!(fields.take_raw("a"), None);
        let mut warnings = Vec::new();
        fields.finish("", &mut warnings);
        let named: Vec<&str> = warnings.iter().map(|warning| warning.field.as_ref()).collect();
        assert_eq!(named, [r"\ud800", "b\n"]);
    }

    #[test]
    fn many_unknown_fields_are_one_warning() {
        let warned = |count: usize| {
            let members: Vec<String> = (0..count).map(|at| format!("\"f{at}\":1")).collect();
            let text = members.join(",");
            let mut warnings = Vec::new();
            Fields::of(RawObject::of(&text)).finish("", &mut warnings);
            warnings
        };
        for count in 0..6 {
            assert_eq!(warned(count).len(), count);
        }
        for (count, more) in [(6, "3"), (1003, "1,000"), (6500, "6,497"), (1_000_003, "1,000,000")]
        {
            let warnings = warned(count);
            assert_eq!(warnings.len(), 1, "{count}");
            assert_eq!(warnings[0].field, "f0");
            assert_eq!(
                warnings[0].message,
                format!(
                    "`f0`, `f1`, `f2` and {more} more fields are no fields of this method and were left out"
                )
            );
        }
    }
}
