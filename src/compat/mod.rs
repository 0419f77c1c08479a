//! The bodies that the stand-ins send: one event each, in the order and spelling of the functions
//! they replace, so that dashboards built on those see the same events.
//!
//! What differs, and why, is the table "What changes in PostHog the day you switch" in the README.

use std::borrow::Cow;

use crate::error::{Code, Error};
use crate::event::exception::{Chunks, Frame, Thrown};
use crate::event::group::Group;
use crate::event::id::{self, EventSeed};
use crate::json::fields::Fields;
use crate::json::writer::{JsonMap, ObjectWriter, format_u64, list};
use crate::json::{self, RawObject};
use crate::request::wire::fits;
use crate::request::{Body, Part, Project, Request, names};

/// Stands for the part that the host holds. No JSON text has a tab in it.
const HELD: &str = "\t";

/// Which of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `trackPosthogEvent`.
    Capture,
    /// `capturePosthogException`.
    Exception,
    /// `groupIdentifyPosthog`.
    GroupIdentify,
    /// `capturePosthogReplaySnapshot`.
    Snapshot,
}

impl Kind {
    /// As the shell names it.
    pub fn named(name: &str) -> Self {
        match name {
            "capture" => Self::Capture,
            "exception" => Self::Exception,
            "group_identify" => Self::GroupIdentify,
            _ => Self::Snapshot,
        }
    }
}

/// What a host asked to keep as it was, though it was a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Pool events without an id under `anonymous`.
    pub anonymous: bool,
    /// Let the payload's channel and description overwrite the tags of those names.
    pub channel: bool,
    /// Let PostHog locate the sender's connection.
    pub geoip: bool,
    /// Send what database drivers append to their messages.
    pub exception_params: bool,
    /// Send the crash site first and leave frames unresolved.
    pub frames: bool,
    /// Send a caller's address, in the property that PostHog reads.
    pub ip: bool,
}

impl Keep {
    /// Reads the flags from the options.
    pub fn read(options: &mut Fields<'_>) -> Result<Self, Error> {
        let mut flag = |name| options.take_bool(name).map(Option::unwrap_or_default);
        Ok(Self {
            anonymous: flag("keepAnonymous")?,
            channel: flag("keepChannel")?,
            geoip: flag("keepGeoip")?,
            exception_params: flag("keepExceptionParams")?,
            frames: flag("keepFrames")?,
            ip: flag("sendIp")?,
        })
    }
}

/// The request, and the distinct id that the log lines name. `held`: how many bytes of a replay's
/// events the host holds as the first part.
pub fn build(
    kind: Kind,
    payload: &str,
    project: &Project,
    keep: Keep,
    seed: &EventSeed,
    held: Option<usize>,
) -> Result<(Request, String), Error> {
    let mended = json::replace_lone_surrogates(payload);
    let payload = mended.as_deref().unwrap_or(payload);
    let mut fields = Fields::of(RawObject::read(payload, "payload")?);
    let event = Event { project, keep, seed };
    let (path, body, id) = match kind {
        Kind::Capture => event.capture(&mut fields)?,
        Kind::Exception => event.exception(&mut fields)?,
        Kind::GroupIdentify => event.group_identify(&mut fields)?,
        Kind::Snapshot => event.snapshot(&mut fields, held)?,
    };
    if kind != Kind::Snapshot {
        fits(&body, "payload")?;
    }
    let body = match body.split_once(HELD) {
        Some((head, tail)) => {
            let part = Some(Part { index: 0, skip: 0, tail: tail.to_owned() });
            Body { head: head.to_owned(), part }
        }
        None => body.into(),
    };
    Ok((project.post(path, body), id))
}

struct Event<'e> {
    project: &'e Project,
    keep: Keep,
    seed: &'e EventSeed,
}

type Built = Result<(&'static str, String, String), Error>;

impl Event<'_> {
    fn capture(&self, fields: &mut Fields<'_>) -> Built {
        let name = fields.take_str("event")?.unwrap_or_default();
        if name.is_empty() {
            return Err(Error::new(
                Code::InvalidEvent,
                "event",
                "must be a name that is not empty",
            ));
        }
        let mut named = JsonMap::default();
        for (kind, key) in fields.take_object("groups")?.unwrap_or(RawObject::EMPTY).entries() {
            // An empty key is no group, and no distinct id either.
            if !matches!(key, "null" | "\"\"" | "false") {
                named.put(kind, key.to_owned());
            }
        }
        let tags = fields.take_object("tags")?;
        let (id, personless) = self.distinct_id(fields, &named);

        let mut properties = JsonMap::default();
        properties.extend(fields.take_object("nonPersonTags")?.unwrap_or(RawObject::EMPTY));
        properties.extend(tags.unwrap_or(RawObject::EMPTY));
        for name in ["channel", "description"] {
            let tagged = tags.is_some_and(|tags| tags.get(name).is_some());
            match fields.take_raw(name) {
                Some(value) if self.keep.channel || !tagged => properties.set(name, value),
                None if self.keep.channel => properties.remove(name),
                _ => {}
            }
        }
        let set = tags.map(|tags| ["{", tags.inner(), "}"].concat()).unwrap_or_default();
        if personless {
            properties.set("$process_person_profile", "false");
        } else if tags.is_some() && fields.take_bool("setPersonProperties")?.unwrap_or(true) {
            properties.set("$set", &set);
        }
        if !named.is_empty() {
            let mut groups = String::new();
            named.write(&mut groups);
            properties.set("$groups", &groups);
        }
        let ip = fields.take_raw("ip").filter(|ip| self.keep.ip && *ip != "\"\"");
        self.provenance(&mut properties, ip);

        let timestamp = fields.take_raw("timestamp");
        let body = self.body(
            "api_key",
            |body| {
                body.string("event", &name);
                body.raw("distinct_id", &id);
                properties.write(body.key("properties"));
            },
            timestamp,
        );
        let shown = json::unquote_string(&id).unwrap_or_else(|| id.clone());
        Ok(("/capture/", body, shown))
    }

    /// As JSON text; and whether nobody is behind it.
    fn distinct_id(&self, fields: &mut Fields<'_>, groups: &JsonMap<'_>) -> (String, bool) {
        let given = ["user_id", "distinct_id"]
            .map(|name| fields.take_raw(name))
            .into_iter()
            .flatten()
            .find(|raw| !matches!(*raw, "\"\"" | "0" | "false"));
        if let Some(id) = given {
            return (id.to_owned(), false);
        }
        if self.keep.anonymous {
            return ("\"anonymous\"".to_owned(), false);
        }
        let group = groups.get("organization").or_else(|| groups.first());
        match group {
            Some(key) => (key.to_owned(), false),
            None => (["\"", &id::text(self.seed.uuid()), "\""].concat(), true),
        }
    }

    fn group_identify(&self, fields: &mut Fields<'_>) -> Built {
        // A number is a key too, as it always was.
        let mut part = |name| match fields.take_raw(name) {
            Some(raw) if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Ok(Cow::Owned(raw.to_owned()))
            }
            Some(raw) => json::unquote(raw).ok_or_else(|| json::wrong_type(name, "a string", raw)),
            None => Ok(Cow::Borrowed("")),
        };
        let (kind, key) = (part("groupType")?, part("groupKey")?);
        let mut pair = String::from("[");
        json::quote(&mut pair, &kind);
        pair.push(',');
        json::quote(&mut pair, &key);
        pair.push(']');
        let group = Group::read(&pair, "groupKey")?;
        let set = fields.take_object("properties")?.unwrap_or(RawObject::EMPTY);

        let mut properties = JsonMap::default();
        properties.set_string("$group_type", &kind);
        properties.set_string("$group_key", &key);
        properties.set("$group_set", &["{", set.inner(), "}"].concat());
        self.provenance(&mut properties, None);
        let id = group.synthetic_distinct_id();
        let body = self.body(
            "api_key",
            |body| {
                body.string("event", "$groupidentify");
                body.string("distinct_id", &id);
                properties.write(body.key("properties"));
            },
            None,
        );
        Ok(("/capture/", body, id))
    }

    fn exception(&self, fields: &mut Fields<'_>) -> Built {
        let mut text =
            |name| fields.take_str(name).map(|text| text.unwrap_or_default().into_owned());
        let (function, kind, environment) =
            (text("functionName")?, text("kind")?, text("environment")?);
        let (name, message, stack) = (text("name")?, text("message")?, text("stack")?);
        let id = ["backend:", &environment, ":", &function].concat();
        let thrown = Thrown::new(&name, &message, &stack, &Chunks::default());
        let status = fields.take_raw("status");
        // The last frame is the crash site, which the fingerprint has always named.
        let (top_function, top_file) = thrown
            .frames
            .last()
            // A message's second line used to pass for the first frame.
            .filter(|_| !(self.keep.frames && message.contains('\n')))
            .map_or((function.as_str(), "unknown"), |top| (&top.function, &top.filename));
        let fingerprint =
            [id.as_str(), &kind, &thrown.name, top_function, top_file, status.unwrap_or("500")]
                .join(":");

        let mut list = String::from("[");
        let mut error = ObjectWriter::open(&mut list);
        error.string("type", &thrown.name);
        error.string("value", if self.keep.exception_params { &message } else { &thrown.message });
        error.raw("mechanism", r#"{"handled":true,"synthetic":false}"#);
        let mut trace = ObjectWriter::open(error.key("stacktrace"));
        trace.string("type", "raw");
        self.frames(trace.key("frames"), &thrown.frames);
        trace.close();
        error.close();
        list.push(']');

        let mut properties = JsonMap::default();
        properties.set_string("distinct_id", &id);
        properties.set("$exception_list", &list);
        properties.set_string("$exception_fingerprint", &fingerprint);
        properties.set_string("error_kind", &kind);
        properties.set_string("function_name", &function);
        for (name, field) in [("method", "method"), ("request_id", "requestId")] {
            if let Some(value) = fields.take_raw(field) {
                properties.set(name, value);
            }
        }
        if let Some(status) = status {
            properties.set("status", status);
        }
        if let Some(path) = fields.take_raw("urlPath") {
            properties.set("url_path", path);
        }
        self.provenance(&mut properties, None);
        let body = self.body(
            "token",
            |body| {
                body.string("event", "$exception");
                properties.write(body.key("properties"));
            },
            None,
        );
        Ok(("/i/v0/e/", body, id))
    }

    fn frames(&self, to: &mut String, frames: &[Frame]) {
        let mut ordered: Vec<&Frame> = frames.iter().collect::<Vec<_>>();
        if self.keep.frames {
            ordered.reverse();
        }
        list(to, &ordered, |to, frame| {
            let mut object = ObjectWriter::open(to);
            object.string("function", &frame.function);
            object.string("filename", &frame.filename);
            for (name, number) in [("lineno", frame.line), ("colno", frame.column)] {
                if let Some(number) = number {
                    object.number(name, number);
                }
            }
            object.string("platform", "custom");
            object.string("lang", "javascript");
            if !self.keep.frames {
                object.raw("resolved", "true");
            }
            object.close();
        });
    }

    fn snapshot(&self, fields: &mut Fields<'_>, held: Option<usize>) -> Built {
        let id = fields.take_str("distinctId")?.unwrap_or_default();
        if id.is_empty() {
            return Err(Error::new(Code::MissingDistinctId, "distinctId", "must not be empty"));
        }
        let inside = fields.take_raw("events").unwrap_or("[]");
        let events = if held.is_some() { HELD } else { inside };
        let length = held.unwrap_or(inside.len());
        let bytes =
            fields.take_raw("snapshotBytes").map_or_else(|| format_u64(length), str::to_owned);
        let mut properties = JsonMap::default();
        let mut copy = |name, field| {
            if let Some(value) = fields.take_raw(field) {
                properties.set(name, value);
            }
        };
        copy("$current_url", "currentUrl");
        copy("$lib", "lib");
        copy("$lib_version", "libVersion");
        copy("$session_id", "sessionId");
        if let Some(email) = fields.take_str("userEmail")?.filter(|email| !email.is_empty()) {
            let mut set = String::new();
            let mut object = ObjectWriter::open(&mut set);
            object.string("email", &email);
            object.close();
            properties.set("$set", &set);
        }
        properties.set("$snapshot_bytes", &bytes);
        properties.set("$snapshot_data", events);
        properties.set("$snapshot_source", "\"web\"");
        if let Some(window) = fields.take_raw("windowId") {
            properties.set("$window_id", window);
        }
        properties.set_string("distinct_id", &id);
        properties.set_string("token", &self.project.api_key);
        if let Some(user) = fields.take_raw("userId") {
            properties.set("user_id", user);
        }
        let timestamp = fields.take_raw("timestamp");
        let body = self.body(
            "api_key",
            |body| {
                body.string("distinct_id", &id);
                body.string("event", "$snapshot");
                properties.write(body.key("properties"));
            },
            timestamp,
        );
        Ok(("/s/", body, id.into_owned()))
    }

    /// Who sends this, and that its connection says nothing of where the person is.
    fn provenance(&self, properties: &mut JsonMap<'_>, ip: Option<&str>) {
        // The callers are server code: what they wrote under these names stays.
        let located = properties.get("$ip").is_some() || properties.get("$geoip_disable").is_some();
        for (name, value) in
            [(names::LIB, names::OUR_LIB), (names::LIB_VERSION, names::OUR_VERSION)]
        {
            if properties.get(name).is_none() {
                properties.set_string(name, value);
            }
        }
        match ip {
            _ if located => {}
            Some(ip) => properties.set("$ip", ip),
            None if self.keep.geoip => {}
            None => properties.set("$geoip_disable", "true"),
        }
    }

    fn body(
        &self,
        key: &str,
        members: impl FnOnce(&mut ObjectWriter<'_>),
        timestamp: Option<&str>,
    ) -> String {
        let mut text = String::new();
        let mut body = ObjectWriter::open(&mut text);
        body.string(key, &self.project.api_key);
        members(&mut body);
        // What is no string, PostHog would answer with 400.
        match timestamp.filter(|raw| json::unquote(raw).is_some_and(|text| !text.is_empty())) {
            Some(given) => body.raw("timestamp", given),
            None => {
                let to = body.key("timestamp");
                to.push('"');
                self.seed.now.write(to);
                to.push('"');
            }
        }
        body.string("uuid", &id::text(self.seed.uuid()));
        body.close();
        text
    }
}
