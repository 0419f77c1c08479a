//! `groupIdentifyPosthog`.

use std::borrow::Cow;

use super::members::{Members, quoted};
use super::{Built, Event};
use crate::error::Error;
use crate::event::group::Group;
use crate::json;
use crate::json::fields::Fields;

impl Event<'_> {
    /// `{ groupType, groupKey, distinctId, properties }`.
    pub(super) fn group_identify(&self, fields: &mut Fields<'_>) -> Result<Built, Error> {
        let kept_id = fields.take_raw("distinctId").filter(|_| self.keep.groups);
        let (kind, key) =
            (fields.take_raw_or_null("groupType"), fields.take_raw_or_null("groupKey"));
        let set = self.object(fields, "properties")?.filter(|set| *set != "null").unwrap_or("{}");
        let mut properties = Members::default();
        let id = match kept_id {
            Some(id) => {
                properties.set_some("$group_type", kind);
                properties.set_some("$group_key", key);
                id.to_owned()
            }
            None => {
                let (kind, key) = (part("groupType", kind)?, part("groupKey", key)?);
                let pair = ["[", &kind, ",", &key, "]"].concat();
                let mended = json::replace_lone_surrogates(&pair);
                let _checked = Group::read(mended.as_deref().unwrap_or(&pair), "groupKey")?;
                let id = ["\"$", inside(&kind), "_", inside(&key), "\""].concat();
                properties.set("$group_type", kind);
                properties.set("$group_key", key);
                id
            }
        };
        properties.set("$group_set", set);
        self.provenance(&mut properties, None);
        let body = self.body("api_key", Some(&self.timestamp(None)), |body| {
            body.string("event", "$groupidentify");
            body.raw("distinct_id", &id);
            body.raw("properties", &properties.text());
        });
        Ok(("/capture/", body, id))
    }
}

/// A group's type or key, as a JSON string. A number is one too, as it always was.
fn part<'p>(name: &'static str, raw: Option<&'p str>) -> Result<Cow<'p, str>, Error> {
    match raw {
        None | Some("null") => Ok(Cow::Borrowed("\"\"")),
        Some(raw) if raw.starts_with('"') => Ok(Cow::Borrowed(raw)),
        Some(raw) if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            Ok(Cow::Owned(quoted(raw)))
        }
        Some(raw) => Err(json::wrong_type(name, "a string", raw)),
    }
}

/// What stands between the quotes.
fn inside(quoted: &str) -> &str {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default()
}
