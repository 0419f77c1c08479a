//! Groups: what an event belongs to. Verified before it comes here; a group that the shell could
//! not vouch for arrives as `false`.

use std::borrow::Cow;

use crate::error::{Code, Error};
use crate::json;
use crate::json::text::{is_blank, is_longer};
use crate::json::writer::index_path;

/// PostHog drops a group whose type or key is longer.
pub const MAX_GROUP_CHARS: usize = 400;

/// More are a mistake, whatever types the project has.
const MAX_GROUPS: usize = 10;

/// One group: `organization`, `org_123`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    /// The group type.
    pub kind: Cow<'a, str>,
    /// The group key.
    pub key: Cow<'a, str>,
    /// Left out, not refused, by a project without that type.
    pub optional: bool,
}

impl<'a> Group<'a> {
    /// Reads one `["organization", "org_123"]`, or `["app", "com.x", "optional"]`.
    pub fn read(raw: &'a str, field: &str) -> Result<Self, Error> {
        let mut parts = json::elements(raw).into_iter().flatten();
        let pair = parts.next().zip(parts.next());
        let optional = parts.next().is_some();
        let Some((kind, key)) = pair.filter(|_| parts.next().is_none()) else {
            let message = "is no verified group: make it with trusted() or verify()";
            return Err(Error::with(Code::UnverifiedGroup, field.to_owned(), message));
        };
        let (Some(kind), Some(key)) = (json::unquote(kind), json::unquote(key)) else {
            return invalid(field, "needs a type and a key that are strings");
        };
        if is_blank(&kind) || is_blank(&key) {
            return invalid(field, "needs a type and a key: strings that are not empty");
        }
        if is_longer(&kind, MAX_GROUP_CHARS) || is_longer(&key, MAX_GROUP_CHARS) {
            return invalid(field, "PostHog drops types and keys over 400 characters");
        }
        Ok(Self { kind, key, optional })
    }

    /// Reads the list of an event's groups. Empty places are skipped.
    pub fn read_all(raw: &'a str) -> Result<Vec<Self>, Error> {
        let Some(elements) = json::elements(raw) else {
            let message = "must be a list of groups that trusted() or verify() made, such as [trusted(\"organization\", id)]";
            return Err(Error::new(Code::UnverifiedGroup, "groups", message));
        };
        let mut groups: Vec<Self> = Vec::new();
        for (index, element) in elements.enumerate() {
            if element == "null" {
                continue;
            }
            if groups.len() >= MAX_GROUPS {
                return invalid(
                    "groups",
                    "PostHog has five group types, and this is more than twice that",
                );
            }
            let group = Self::read(element, "").and_then(|group| {
                let twin = groups.iter().any(|other| other.kind == group.kind);
                if twin {
                    invalid("", "PostHog links an event to one group of a type")
                } else {
                    Ok(group)
                }
            });
            groups.push(group.map_err(|error| error.inside(&index_path("groups", index)))?);
        }
        Ok(groups)
    }

    /// The distinct id that a `$groupidentify` goes by when no person is behind it.
    pub fn synthetic_distinct_id(&self) -> String {
        ["$", &self.kind, "_", &self.key].concat()
    }
}

fn invalid<T>(field: &str, message: &'static str) -> Result<T, Error> {
    Err(Error::with(Code::InvalidGroup, field.to_owned(), message))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn only_pairs_are_groups() {
        let groups = Group::read_all(r#"[["organization","o1"],null,["app","a\"1"]]"#).unwrap();
        assert_eq!(groups[1], Group { kind: "app".into(), key: "a\"1".into(), optional: false });
        assert_eq!(groups[0].synthetic_distinct_id(), "$organization_o1");
        for (raw, code, field) in [
            (r#"[false]"#, Code::UnverifiedGroup, "groups[0]"),
            (r#"[null,{"type":"organization","key":"v"}]"#, Code::UnverifiedGroup, "groups[1]"),
            (r#"["o1"]"#, Code::UnverifiedGroup, "groups[0]"),
            (r#"[["organization"]]"#, Code::UnverifiedGroup, "groups[0]"),
            (r#"[["organization",""]]"#, Code::InvalidGroup, "groups[0]"),
            (r#"[["organization",7]]"#, Code::InvalidGroup, "groups[0]"),
            (r#"[["app","a"],["app","b"]]"#, Code::InvalidGroup, "groups[1]"),
            (r#"{"organization":"o1"}"#, Code::UnverifiedGroup, "groups"),
            ("false", Code::UnverifiedGroup, "groups"),
        ] {
            let error = Group::read_all(raw).unwrap_err();
            assert_eq!((error.code, error.field.as_ref()), (code, field), "{raw}");
        }
    }

    #[test]
    fn four_hundred_characters_are_the_end() {
        let raw = |n: usize| format!(r#"["organization","{}"]"#, "é".repeat(n));
        assert!(Group::read(&raw(400), "group").is_ok());
        assert_eq!(Group::read(&raw(401), "group").unwrap_err().code, Code::InvalidGroup);
    }
}
