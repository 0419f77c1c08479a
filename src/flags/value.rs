//! Values of properties and of filters, and how they are spelt.

use std::borrow::Cow;

use super::named::{self, Named};
use super::number;
use crate::json::{self, work};

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Value {
    /// Not there.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    Array(Vec<Self>),
    /// An object.
    Object(Properties),
    /// Text with half of a UTF-16 pair, which has no UTF-8.
    Broken,
}

/// Properties by name.
pub type Properties = Named<Value>;

impl Value {
    /// Reads valid JSON of at most 100 levels.
    pub fn read(raw: &str) -> Self {
        let raw = raw.trim_ascii();
        match raw.as_bytes().first() {
            Some(b'"') => json::unquote_string(raw).map_or(Self::Broken, Self::Text),
            Some(b'[') => {
                Self::Array(json::elements(raw).into_iter().flatten().map(Self::read).collect())
            }
            Some(b'{') => Self::Object(read_properties(raw)),
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'n') => Self::Null,
            Some(_) => Self::Number(raw.to_owned()),
            None => Self::Undefined,
        }
    }

    /// What JavaScript's `String()` makes of it; `None` if that cannot be foretold.
    pub fn js_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Undefined => Cow::Borrowed("undefined"),
            Self::Null => Cow::Borrowed("null"),
            Self::Bool(true) => Cow::Borrowed("true"),
            Self::Bool(false) => Cow::Borrowed("false"),
            Self::Number(raw) => number::js_text(raw)?,
            Self::Text(text) => Cow::Borrowed(text),
            Self::Array(items) => {
                let texts = items.iter().map(|item| match item {
                    Self::Null => Some(Cow::Borrowed("")),
                    item => item.js_text(),
                });
                Cow::Owned(texts.collect::<Option<Vec<_>>>()?.join(","))
            }
            Self::Object(_) => Cow::Borrowed("[object Object]"),
            Self::Broken => return None,
        })
    }

    /// The text that PostHog compares with another: text as it is, everything else as compact JSON
    /// with sorted names. `None` if it cannot be foretold.
    pub fn posthog_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Number(raw) => number::posthog_text(raw),
            other => {
                let mut text = String::new();
                other.write(&mut text)?;
                Some(Cow::Owned(text))
            }
        }
    }

    fn write(&self, to: &mut String) -> Option<()> {
        match self {
            Self::Undefined | Self::Broken => return None,
            Self::Null => to.push_str("null"),
            Self::Bool(true) => to.push_str("true"),
            Self::Bool(false) => to.push_str("false"),
            Self::Number(raw) => to.push_str(&number::posthog_text(raw)?),
            Self::Text(text) => json::quote(to, text),
            Self::Array(items) => {
                to.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        to.push(',');
                    }
                    item.write(to)?;
                }
                to.push(']');
            }
            Self::Object(members) => {
                to.push('{');
                let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                named::sort(&mut names, |one, other| one.cmp(other));
                for (at, name) in names.iter().enumerate() {
                    if at > 0 {
                        to.push(',');
                    }
                    json::quote(to, name);
                    to.push(':');
                    members.get(name)?.write(to)?;
                }
                to.push('}');
            }
        }
        Some(())
    }

    /// Whether it is `true`, `false`, their text in any case, or a list of only such.
    pub fn is_boolean_like(&self) -> bool {
        match self {
            Self::Bool(_) => true,
            Self::Text(text) => {
                text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
            }
            Self::Array(items) => items.iter().all(Self::is_boolean_like),
            _ => false,
        }
    }

    /// Its truth, where truths are compared. Everything but `true` is false; a list is as true as all
    /// of its items.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Text(text) => text.eq_ignore_ascii_case("true"),
            Self::Array(items) => items.iter().all(Self::is_true),
            _ => false,
        }
    }
}

/// The members of an object; of two with one name the last counts.
pub fn read_properties(raw: &str) -> Properties {
    let mut properties = Properties::default();
    for (name, value) in json::object(raw).into_iter().flat_map(json::RawObject::entries) {
        work::count(value.len());
        properties.set(name.into_owned(), Value::read(value));
    }
    properties
}

/// Text in lower case, as Unicode has it.
pub fn lower(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        Cow::Owned(text.to_lowercase())
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn values_are_spelt_as_javascript_and_as_posthog_spell_them() {
        for (raw, js, posthog) in [
            (r#""Ü\n""#, Some("Ü\n"), Some("Ü\n")),
            ("null", Some("null"), Some("null")),
            ("[1,[2,null],\"a\"]", Some("1,2,,a"), Some("[1,[2,null],\"a\"]")),
            (r#"{"b":1,"a":[true]}"#, Some("[object Object]"), Some(r#"{"a":[true],"b":1}"#)),
            ("[ ]", Some(""), Some("[]")),
            (r#""\ud800""#, None, None),
            (r#"["\ud800"]"#, None, None),
        ] {
            let value = Value::read(raw);
            assert_eq!(value.js_text().as_deref(), js, "{raw}");
            assert_eq!(value.posthog_text().as_deref(), posthog, "{raw}");
        }
    }

    #[test]
    fn truths_are_texts_and_lists_too() {
        for (raw, boolean, truth) in [
            ("true", true, true),
            (r#""TRUE""#, true, true),
            (r#""False""#, true, false),
            (r#"["true",true]"#, true, true),
            (r#"["true",[false]]"#, true, false),
            ("[]", true, true),
            ("1", false, false),
            (r#""yes""#, false, false),
            ("null", false, false),
        ] {
            let value = Value::read(raw);
            assert_eq!((value.is_boolean_like(), value.is_true()), (boolean, truth), "{raw}");
        }
    }
}
