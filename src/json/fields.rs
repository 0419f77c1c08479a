//! The fields of one input, read by name, so that a mistake is reported under the name it has.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::json::{self, RawObject};

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
        let (mut at, mut last) = (0_usize, None);
        while let Some((key, _)) = self.left.get(at) {
            if json::is_quoted(key, name) {
                last = Some(self.left.remove(at).1);
            } else {
                at = at.wrapping_add(1);
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

    /// Warns about what is left, because a misspelt field would otherwise vanish without a word.
    pub fn finish(self, warnings: &mut Vec<Warning>) {
        for (name, _) in self.left {
            warnings.push(Error::with(
                Code::UnknownField,
                json::unquote_name(name).unwrap_or_default().chars().take(80).collect::<String>(),
                "is no field of this method and was left out",
            ));
        }
    }
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
}
