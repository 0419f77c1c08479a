//! `trackPosthogEvent`.

use super::members::{Members, quoted};
use super::{Built, Event};
use crate::error::{Code, Error};
use crate::event::group::MAX_GROUP_CHARS;
use crate::event::id;
use crate::json::fields::Fields;
use crate::json::{self, text};

impl Event<'_> {
    /// `{ event, id, properties, tags, set, channel, description, groups, ip, timestamp }`:
    /// `properties` are the tags over the other properties, `set` says whether tags are the
    /// person's too.
    pub(super) fn capture(&self, fields: &mut Fields<'_>) -> Result<Built, Error> {
        let name = fields.take_raw_or_null("event");
        let is_name = |raw: &str| json::unquote(raw).is_some_and(|name| !name.is_empty());
        if !self.keep.invalid && !name.is_some_and(is_name) {
            let message = "must be a string that is not empty";
            return Err(Error::new(Code::InvalidEvent, "event", message));
        }
        let given = self.object(fields, "groups")?;
        let mut named = given.and_then(json::object).map(Members::of).unwrap_or_default();
        named.retain(|key| {
            !matches!(key, "null" | "false")
                && !json::unquote(key).is_some_and(|key| {
                    text::is_blank(&key) || text::is_longer(&key, MAX_GROUP_CHARS)
                })
        });
        let tags = self.object(fields, "tags")?;
        let tagged = tags.and_then(json::object).unwrap_or(json::RawObject::EMPTY);
        let (id, personless) = self.distinct_id(fields.take_raw("id"), &named);

        let properties = fields.take_raw("properties").and_then(json::object);
        let mut properties = properties.map(Members::of).unwrap_or_default();
        for name in ["channel", "description"] {
            match fields.take_raw_or_null(name) {
                Some(value) if self.keep.channel || tagged.get(name).is_none() => {
                    properties.set(name, value);
                }
                None if self.keep.channel => properties.remove(name),
                _ => {}
            }
        }
        if fields.take_bool("set")?.unwrap_or(true) {
            match tags.filter(|_| !personless) {
                Some(tags) => properties.set("$set", tags),
                // Whoever writes properties of the event only writes none of the person's.
                None => properties.remove("$set"),
            }
        }
        if personless {
            properties.set("$process_person_profile", "false");
        }
        match given {
            Some(given) if self.keep.groups || json::object(given).is_none() => {
                properties.set("$groups", given);
            }
            _ if named.get_or_first("").is_some() => properties.set("$groups", named.text()),
            _ => {}
        }
        let ip = fields.take_raw_or_null("ip");
        self.provenance(&mut properties, ip.filter(|ip| *ip != "null"));

        let timestamp = self.timestamp(fields.take_raw("timestamp"));
        let body = self.body("api_key", Some(&timestamp), |body| {
            if let Some(name) = name {
                body.raw("event", name);
            }
            body.raw("distinct_id", &id);
            body.raw("properties", &properties.text());
            if let Some(ip) = ip.filter(|_| self.keep.ip) {
                body.raw("ip", ip);
            }
        });
        let shown = json::unquote_string(&id).unwrap_or(id);
        Ok(("/capture/", body, shown))
    }

    /// As JSON text; and whether nobody is behind it.
    fn distinct_id(&self, given: Option<&str>, groups: &Members<'_>) -> (String, bool) {
        if let Some(id) = given {
            return (id.to_owned(), false);
        }
        if self.keep.anonymous {
            return ("\"anonymous\"".to_owned(), false);
        }
        match groups.get_or_first("organization") {
            Some(key) => (key.to_owned(), false),
            None => (quoted(&id::text(self.seed.uuid())), true),
        }
    }
}
