//! What `track` takes, as domain functions write it: an event, and beside it what other providers
//! and the host's member notifications need.

use std::borrow::Cow;

use crate::error::Error;
use crate::event::time::Timestamp;
use crate::json::fields::Fields;
use crate::json::text::number;
use crate::json::writer::{JsonMap, ObjectWriter, format_u64, list};
use crate::json::{self, RawObject};

/// One event on its way to `track`.
#[derive(Debug, Default)]
pub(super) struct TrackInput<'t> {
    members: JsonMap<'t>,
    properties: JsonMap<'t>,
    profile: bool,
}

/// How LogSnag shows an event.
#[derive(Clone, Copy)]
pub(super) struct LogSnagStyle {
    pub channel: &'static str,
    pub icon: &'static str,
    pub notify: Option<bool>,
}

/// What a client may say of how LogSnag shows its event.
pub(super) struct ReportedStyle<'a> {
    pub channel: Option<Cow<'a, str>>,
    pub description: Option<Cow<'a, str>>,
    pub icon: Option<Cow<'a, str>>,
    pub notify: Option<bool>,
}

/// What is told to an organization's members; the host decides to whom and whether.
pub(super) struct Notification<'n> {
    pub event: &'n str,
    pub preference: &'static str,
    pub uniq_id: &'n str,
    pub cron: Option<&'static str>,
    pub once: bool,
    pub audience: Option<&'static str>,
}

/// A fact's own id: the same fact gives the same uuid and the same time.
pub(super) struct Origin<'o> {
    pub system: &'static str,
    pub id: &'o str,
    pub at: Timestamp,
}

impl<'t> TrackInput<'t> {
    /// Something happened, and this is whom it is attributed to.
    pub(super) fn capture(event: &str, distinct_id: &str, style: LogSnagStyle) -> Self {
        let mut tracked = Self::default();
        tracked.members.set("kind", "\"capture\"");
        tracked.members.set_string("event", event);
        tracked.members.set_string("distinctId", distinct_id);
        tracked.members.set_string("channel", style.channel);
        tracked.members.set_string("icon", style.icon);
        if let Some(notify) = style.notify {
            tracked.members.set("notify", if notify { "true" } else { "false" });
        }
        tracked
    }

    /// What a client reports, attributed to whom it was verified for.
    pub(super) fn reported(
        event: &str,
        distinct_id: &str,
        groups: &str,
        announced: ReportedStyle<'_>,
        properties: JsonMap<'t>,
    ) -> Self {
        let mut tracked = Self { properties, ..Self::default() };
        tracked.members.set("kind", "\"capture\"");
        tracked.members.set_string("event", event);
        tracked.members.set_string("distinctId", distinct_id);
        tracked.members.set("groups", groups);
        let texts = [
            ("channel", announced.channel),
            ("description", announced.description),
            ("icon", announced.icon),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                tracked.members.set_string(name, &text);
            }
        }
        if let Some(notify) = announced.notify {
            tracked.members.set("notify", if notify { "true" } else { "false" });
        }
        tracked
    }

    /// Person properties, where a person acts.
    pub(super) fn setting(mut self, tags: Option<JsonMap<'_>>) -> Self {
        if let Some(tags) = tags.filter(|tags| !tags.is_empty()) {
            let mut text = String::new();
            tags.write(&mut text);
            self.members.set("set", &text);
        }
        self
    }

    /// A group's profile. It gets what is put in here and nothing else: an allowlist.
    pub(super) fn profile(kind: &str, key: &str) -> Self {
        let mut tracked = Self { profile: true, ..Self::default() };
        tracked.members.set("kind", "\"group_identify\"");
        let mut group = String::new();
        pair(&mut group, kind, key, false);
        tracked.members.set("group", &group);
        tracked
    }

    /// The groups it belongs to: the organization, and the app where the project has that type.
    pub(super) fn within(mut self, organization: &str, app: Option<&str>) -> Self {
        let mut groups = String::from("[");
        pair(&mut groups, "organization", organization, false);
        if let Some(app) = app {
            groups.push(',');
            pair(&mut groups, "app", app, true);
        }
        groups.push(']');
        self.members.set("groups", &groups);
        self
    }

    /// A property, if there is one.
    pub(super) fn with(mut self, name: &'t str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.properties.set_string(name, value);
        }
        self
    }

    /// A property that is JSON already, if there is one.
    pub(super) fn with_raw(mut self, name: &'t str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.properties.set(name, value);
        }
        self
    }

    /// All its properties at once.
    pub(super) fn with_all(mut self, properties: JsonMap<'t>) -> Self {
        self.properties = properties;
        self
    }

    /// Where the fact comes from. Without one, the event is stamped when it is sent.
    pub(super) fn from(mut self, origin: Option<&Origin<'_>>, seq: usize) -> Self {
        let Some(origin) = origin else { return self };
        let mut at = String::from("\"");
        origin.at.write(&mut at);
        at.push('"');
        let mut source = String::new();
        let mut object = ObjectWriter::open(&mut source);
        object.string("system", origin.system);
        object.string("id", origin.id);
        object.raw("at", &at);
        if seq > 0 {
            object.number("seq", seq);
        }
        object.close();
        self.members.set("timestamp", &at);
        self.members.set("source", &source);
        self
    }

    /// What the host may tell the organization's members.
    pub(super) fn notifying(mut self, notification: &Notification<'_>, data: &JsonMap<'_>) -> Self {
        let mut text = String::new();
        let mut object = ObjectWriter::open(&mut text);
        object.string("event", notification.event);
        object.string("preferenceKey", notification.preference);
        object.string("uniqId", notification.uniq_id);
        data.write(object.key("data"));
        if let Some(cron) = notification.cron {
            object.string("cron", cron);
        }
        if notification.once {
            object.raw("once", "true");
        }
        if let Some(audience) = notification.audience {
            object.string("audience", audience);
        }
        object.close();
        self.members.set("notification", &text);
        self
    }

    /// What the caller may make a notification of; the shell takes it out again.
    pub(super) fn knowing(mut self, facts: &JsonMap<'_>) -> Self {
        let mut text = String::new();
        facts.write(&mut text);
        self.members.set("facts", &text);
        self
    }

    /// How this profile stands to others of the same group; `foldProfiles` reads it.
    pub(super) fn ordered(mut self, order: &str) -> Self {
        self.members.set("order", order);
        self
    }

    fn write(&self, to: &mut String) {
        let mut event = ObjectWriter::open(to);
        event.splice(&self.members.members());
        let mut properties = ObjectWriter::open(event.key("properties"));
        properties.splice(&self.properties.members());
        // Dashboards know the channel as a property too.
        if let Some(channel) =
            self.members.get("channel").filter(|_| self.properties.get("channel").is_none())
        {
            properties.raw("channel", channel);
        }
        properties.close();
        event.close();
    }
}

/// All of them, as a JSON array.
pub(super) fn write(events: &[TrackInput<'_>]) -> String {
    let mut text = String::new();
    list(&mut text, events, |to, event| event.write(to));
    text
}

/// The id of a fact that a database reports: its parts as a JSON array, so that no two lists of
/// parts are one id.
pub(super) fn fact_id(parts: &[&str]) -> String {
    let mut text = String::new();
    list(&mut text, parts, |to, part| json::quote(to, part));
    text
}

/// A time as all events write it, however the row has spelt it.
pub(super) fn time_text(at: Timestamp) -> String {
    let mut text = String::new();
    at.write(&mut text);
    text
}

/// How a group crosses; an optional one is left out by a project that has no such type.
fn pair(to: &mut String, kind: &str, key: &str, optional: bool) {
    to.push('[');
    json::quote(to, kind);
    to.push(',');
    json::quote(to, key);
    if optional {
        to.push_str(",\"optional\"");
    }
    to.push(']');
}

/// What a caller overrides: everything that a domain function chooses.
#[derive(Default)]
pub(super) struct Extra<'e> {
    members: Vec<(&'static str, &'e str)>,
    event: Option<&'e str>,
    properties: Option<RawObject<'e>>,
}

/// Overrides that go for every event of a call; `event` renames the first one only.
const OVERRIDES: [&str; 9] = [
    "channel",
    "description",
    "distinctId",
    "groups",
    "icon",
    "notification",
    "notify",
    "source",
    "timestamp",
];

impl<'e> Extra<'e> {
    pub(super) fn read(raw: &'e str) -> Result<Self, Error> {
        if raw == "null" {
            return Ok(Self::default());
        }
        let mut fields = Fields::of(RawObject::read(raw, "extra")?);
        Ok(Self {
            members: OVERRIDES
                .iter()
                .filter_map(|name| Some((*name, fields.take_raw_or_null(name)?)))
                // Null counts as not given, but that there is to be no notification can be said.
                .filter(|(name, raw)| *raw != "null" || *name == "notification")
                .collect::<Vec<_>>(),
            event: fields.take_raw("event"),
            properties: fields.take_object("properties")?,
        })
    }

    pub(super) fn apply(self, events: &mut [TrackInput<'e>]) -> Result<(), Error> {
        let mut name = self.event;
        for (seq, tracked) in events.iter_mut().enumerate() {
            for (member, raw) in &self.members {
                match *member {
                    "source" => tracked.members.set("source", &numbered(raw, seq)),
                    "timestamp" => {
                        tracked.members.remove("source");
                        tracked.members.set("timestamp", raw);
                    }
                    // A profile belongs to its group and to nobody's channel.
                    _ if tracked.profile => {}
                    "notification" if *raw == "null" => tracked.members.remove("notification"),
                    member => tracked.members.set(member, raw),
                }
            }
            if tracked.profile {
                continue;
            }
            if let Some(raw) = name.take() {
                tracked.members.set("event", raw);
            }
            tracked.properties.extend(self.properties.unwrap_or(RawObject::EMPTY));
        }
        Ok(())
    }
}

/// A caller's source for several events: each needs a number of its own.
fn numbered(raw: &str, seq: usize) -> String {
    let mut bag = JsonMap::default();
    bag.extend(json::object(raw).unwrap_or(RawObject::EMPTY));
    let own = match bag.get("seq") {
        None | Some("null") => Some(0),
        Some(own) => number::<u64>(own),
    };
    // What is no number, or too large a one, is refused where the source is read.
    let sum = own.zip(u64::try_from(seq).ok()).and_then(|(own, seq)| own.checked_add(seq));
    bag.set("seq", sum.map(format_u64).as_deref().unwrap_or("null"));
    let mut text = String::new();
    bag.write(&mut text);
    text
}

/// Texts, and null for what is not known.
pub(super) fn nullable<'d>(pairs: &[(&'d str, Option<&str>)]) -> JsonMap<'d> {
    let mut bag = JsonMap::default();
    for (name, value) in pairs {
        match value {
            Some(value) => bag.set_string(name, value),
            None => bag.set(name, "null"),
        }
    }
    bag
}

/// A text for a bag that outlives it.
pub(super) fn data<'d>(pairs: &[(&'d str, Option<String>)]) -> JsonMap<'d> {
    let mut bag = JsonMap::default();
    for (name, value) in pairs {
        if let Some(value) = value {
            bag.set_string(name, value);
        }
    }
    bag
}
