//! `capturePosthogReplaySnapshot`.

use super::members::{Members, plain};
use super::{Built, Event, HELD};
use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::writer::{format_u64, object};

impl Event<'_> {
    /// The payload as it is, but for `email`, which is there if it is not empty, and for the
    /// events, which the host holds if they are many bytes.
    pub(super) fn snapshot(
        &self,
        fields: &mut Fields<'_>,
        held: Option<usize>,
    ) -> Result<Built, Error> {
        let id = fields.take_raw_or_null("distinctId");
        if !self.keep.invalid && plain(id).is_empty() {
            let message = "must be a string that is not empty";
            return Err(Error::new(Code::MissingDistinctId, "distinctId", message));
        }
        let mut take = |name| fields.take_raw_or_null(name);
        let events = match (held, take("events")) {
            (Some(_), _) => Some(HELD),
            (None, None) if !self.keep.invalid => Some("[]"),
            (None, inside) => inside,
        };
        let length = held.or(events.map(str::len)).unwrap_or(0);
        let mut properties = Members::default();
        properties.set_some("$current_url", take("currentUrl"));
        properties.set_some("$lib", take("lib"));
        properties.set_some("$lib_version", take("libVersion"));
        properties.set_some("$session_id", take("sessionId"));
        if let Some(email) = take("email") {
            properties.set("$set", object(|set| set.raw("email", email)));
        }
        match take("snapshotBytes") {
            Some(given) => properties.set("$snapshot_bytes", given),
            None => properties.set("$snapshot_bytes", format_u64(length)),
        }
        properties.set_some("$snapshot_data", events);
        properties.set("$snapshot_source", "\"web\"");
        properties.set_some("$window_id", take("windowId"));
        properties.set_some("distinct_id", id);
        properties.set_string("token", &self.project.api_key);
        properties.set_some("user_id", take("userId"));
        let given = take("timestamp");
        let timestamp = match given {
            // Those had no time of their own.
            _ if self.keep.timestamps => given.map(Into::into),
            _ => Some(self.timestamp(given)),
        };
        let body = self.body("api_key", timestamp.as_deref(), |body| {
            if let Some(id) = id {
                body.raw("distinct_id", id);
            }
            body.string("event", "$snapshot");
            body.raw("properties", &properties.text());
        });
        Ok(("/s/", body, plain(id)))
    }
}
