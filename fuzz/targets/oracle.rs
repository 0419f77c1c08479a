//! JSON taken apart by serde_json, one level at a time.
#![allow(dead_code, reason = "each target uses a part of it")]

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Whether a text is JSON. It is even if half of a UTF-16 pair stands alone in a string.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The members of an object, in order, also those of the same name. `None` if it is no object, or
/// if a name is no text.
pub fn members(text: &str) -> Option<Vec<(String, &str)>> {
    let Members(members) = serde_json::from_str(text).ok()?;
    Some(members.into_iter().map(|(name, value)| (name, value.get())).collect())
}

/// The elements of an array.
pub fn elements(text: &str) -> Option<Vec<&str>> {
    let elements = serde_json::from_str::<Vec<&RawValue>>(text).ok()?;
    Some(elements.into_iter().map(RawValue::get).collect())
}

/// A string, if it is text.
pub fn string(text: &str) -> Option<String> {
    serde_json::from_str(text).ok()
}

/// All strings below a value, names included, and how deep it nests. `None` if one of them is no
/// text.
pub fn strings(text: &str, found: &mut Vec<String>) -> Option<usize> {
    let inner: Vec<&str> = match text.trim_start().bytes().next() {
        Some(b'"') => {
            found.push(string(text)?);
            return Some(0);
        }
        Some(b'[') => elements(text)?,
        Some(b'{') => {
            let (names, values): (Vec<_>, _) = members(text)?.into_iter().unzip();
            found.extend(names);
            values
        }
        _ => return Some(0),
    };
    let mut depth = 0;
    for value in inner {
        depth = depth.max(strings(value, found)?);
    }
    Some(depth + 1)
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
