//! Who is asked about.

use super::named::Named;
use super::value::{Properties, Value};
use crate::error::{Code, Error};
use crate::event::group::Group;
use crate::json::fields::Fields;
use crate::json::text::is_blank;
use crate::json::{self, RawObject};
use crate::request::names;

/// A person, their groups, and what is known of both.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The person.
    pub distinct_id: String,
    /// What is known of them, their id included.
    pub person: Properties,
    /// Keys by group type.
    pub groups: Named<String>,
    /// What is known of each group, its key included.
    pub group_properties: Named<Properties>,
    /// The flags that are asked for. `None`: all.
    pub keys: Option<Vec<String>>,
    /// The evaluation contexts that are asked for, sorted.
    pub contexts: Vec<String>,
    /// The time, in milliseconds since 1970.
    pub now: i64,
}

/// What a caller gave, as text: what is evaluated here and what PostHog is asked are both made of it.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// Not blank.
    pub distinct_id: String,
    /// Verified.
    pub groups: Vec<Group<'a>>,
    /// The person's properties.
    pub person: RawObject<'a>,
    /// Those of groups, by type.
    pub group_properties: RawObject<'a>,
    /// The flags that are asked for. `None`: all.
    pub keys: Option<Vec<String>>,
    /// The evaluation contexts that are asked for.
    pub contexts: Vec<String>,
    /// Whether PostHog must not locate the person by this server's address.
    pub disable_geoip: bool,
}

impl<'a> Given<'a> {
    /// Reads the text of `evaluateFlags`'s options.
    pub fn read(text: &'a str) -> Result<Self, Error> {
        let mut fields = Fields::of(RawObject::read(text, "options")?);
        let distinct_id = fields.take_str("distinctId")?.unwrap_or_default().into_owned();
        if is_blank(&distinct_id) {
            let message = "is missing: whose flags?";
            return Err(Error::new(Code::MissingDistinctId, "distinctId", message));
        }
        let person = fields.take_object("personProperties")?.unwrap_or(RawObject::EMPTY);
        let group_properties = fields.take_object("groupProperties")?.unwrap_or(RawObject::EMPTY);
        for (name, raw) in group_properties.entries() {
            if json::object(raw).is_none() {
                let field = ["groupProperties.", &name].concat();
                return Err(Error::with(Code::InvalidType, field, "must be an object"));
            }
        }
        let mut strings = |name: &'static str| match fields.take_raw(name) {
            None => Ok(None),
            Some(raw) => json::unquote_strings(raw)
                .map(Some)
                .ok_or_else(|| Error::new(Code::InvalidType, name, "must be an array of strings")),
        };
        let keys = strings("flagKeys")?;
        let contexts = strings("evaluationContexts")?.unwrap_or_default();
        let types = strings("groupTypes")?.unwrap_or_else(|| vec!["organization".to_owned()]);
        let groups = fields.take_raw("groups").map_or_else(|| Ok(Vec::new()), Group::read_all)?;
        // As for every event: an optional one of a type that the client does not have is left out.
        let (groups, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| types.iter().any(|known| *known == group.kind));
        if let Some(other) = others.iter().find(|group| !group.optional) {
            let message = [&other.kind, ": this type is not in the option groupTypes"].concat();
            return Err(Error::with(Code::UnknownGroupType, "groups", message));
        }
        let disable_geoip = fields.take_bool("disableGeoip")?.unwrap_or(true);
        Ok(Self { distinct_id, groups, person, group_properties, keys, contexts, disable_geoip })
    }

    /// What is evaluated here.
    pub fn context(&self, now: i64) -> Context {
        let person = known(names::DISTINCT_ID, &self.distinct_id, Some(self.person));
        let mut context = Context {
            distinct_id: self.distinct_id.clone(),
            person,
            keys: self.keys.clone(),
            contexts: self.contexts.clone(),
            now,
            ..Context::default()
        };
        context.contexts.sort_unstable();
        for Group { kind, key, .. } in &self.groups {
            let more = self.group_properties.get(kind).and_then(json::object);
            context.group_properties.set(kind.to_string(), known(names::GROUP_KEY, key, more));
            context.groups.set(kind.to_string(), key.to_string());
        }
        context
    }
}

/// An id under its name, and what else is known, which wins.
fn known(name: &str, id: &str, more: Option<RawObject<'_>>) -> Properties {
    let mut properties = Properties::default();
    properties.set(name.to_owned(), Value::Text(id.to_owned()));
    for (name, raw) in more.into_iter().flat_map(RawObject::entries) {
        properties.set(name.into_owned(), Value::read(raw));
    }
    properties
}
