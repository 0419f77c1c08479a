//! The fields of one input, read by name, so that a mistake is reported under the name it has.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::json::writer::format_u64;
use crate::json::{self, RawObject};

/// So much of a field's name is shown.
const MAX_NAME_CHARS: usize = 80;

/// An input object that is being read. What nobody asks for is reported at the end.
#[derive(Debug)]
pub struct Fields<'a> {
    /// Names as they are written: `JSON.stringify` escapes nothing that is in a name of ours.
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
        let mut last = None;
        self.left.retain(|(key, value)| {
            let found = json::is_quoted(key, name);
            if found {
                last = Some(*value);
            }
            !found
        });
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

    /// Warns about what is left, because a misspelt field would otherwise vanish without a word.
    pub fn finish(self, warnings: &mut Vec<Warning>) {
        let name = |(name, _): &(&str, &str)| {
            let name = json::unquote_name(name).unwrap_or_default();
            name.chars().take(MAX_NAME_CHARS).collect::<String>()
        };
        let mut warn = |field, message| {
            warnings.push(Error::with(Code::UnknownField, field, message));
        };
        if let ([first, second, third], rest @ [_, _, _, ..]) =
            self.left.split_at_checked(3).unwrap_or_default()
        {
            let message = [
                "`",
                &name(first),
                "`, `",
                &name(second),
                "`, `",
                &name(third),
                "` and ",
                &grouped(rest.len()),
                " more fields are no fields of this method and were left out",
            ];
            warn(name(first), Cow::Owned(message.concat()));
            return;
        }
        for field in &self.left {
            warn(name(field), Cow::Borrowed("is no field of this method and was left out"));
        }
    }
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
        fields.finish(&mut warnings);
        let named: Vec<&str> = warnings.iter().map(|warning| warning.field.as_ref()).collect();
        assert_eq!(named, [r"\ud800", "b\n"]);
    }

    #[test]
    fn many_unknown_fields_are_one_warning() {
        let warned = |count: usize| {
            let members: Vec<String> = (0..count).map(|at| format!("\"f{at}\":1")).collect();
            let text = members.join(",");
            let mut warnings = Vec::new();
            Fields::of(RawObject::of(&text)).finish(&mut warnings);
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
