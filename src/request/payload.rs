//! PostHog's spelling of an event.

use crate::error::Error;
use crate::event::exception::{Exception, Frame, Thrown};
use crate::event::input::Tag;
use crate::event::{Kind, Recording};
use crate::json;
use crate::json::writer::{ObjectWriter, list};
use crate::policy::{Admitted, GeoIp};
use crate::request::names;
use crate::request::wire::{Splice, Wire};

/// Spells one event; `uuid` is the text of its own, `tag` what it was given to. Refuses what PostHog
/// would find too large.
#[cfg_attr(not(feature = "routes"), allow(unused_variables, reason = "there is one size"))]
pub fn write(admitted: &Admitted<'_, '_>, uuid: &str, tag: Tag) -> Result<Wire, Error> {
    let event = admitted.event();
    let mut splice = None;
    let mut to = String::with_capacity(admitted.properties().len().saturating_add(512));
    to.push_str(r#"{"event":""#);
    json::escape(&mut to, name(&event.kind));
    to.push_str(r#"","distinct_id":""#);
    json::escape(&mut to, &event.distinct_id);
    to.push_str(r#"","properties":"#);
    properties(&mut to, admitted, &mut splice);
    to.push_str(r#","timestamp":""#);
    event.timestamp.write(&mut to);
    to.push_str(r#"","uuid":""#);
    to.push_str(uuid);
    to.push_str(r#""}"#);
    match event.kind {
        Kind::Snapshot { .. } => Ok(Wire::replay(to, splice)),
        #[cfg(feature = "routes")]
        _ if tag == Tag::Ai => Wire::ai(to, admitted.largest_field()),
        _ => Wire::event(to, admitted.largest_field()),
    }
}

fn name<'a>(kind: &'a Kind<'_>) -> &'a str {
    match kind {
        Kind::Alias { .. } => names::CREATE_ALIAS,
        Kind::Capture { name, .. } => name,
        Kind::Exception(_) => names::EXCEPTION,
        Kind::GroupIdentify { .. } => names::GROUP_IDENTIFY,
        Kind::Identify { .. } => names::IDENTIFY,
        Kind::Snapshot { .. } => names::SNAPSHOT,
    }
}

#[cfg_attr(not(feature = "routes"), allow(unused_variables, reason = "there are no replays"))]
fn properties(to: &mut String, admitted: &Admitted<'_, '_>, splice: &mut Option<Splice>) {
    let event = admitted.event();
    let mut object = ObjectWriter::open(to);
    object.splice(names::SENDER);
    match admitted.geoip() {
        GeoIp::Ip(ip) => object.string(names::IP, ip),
        GeoIp::Nowhere => object.boolean(names::GEOIP_DISABLE, true),
        GeoIp::AsGiven => {}
    }
    if admitted.personless() {
        object.boolean(names::PROCESS_PERSON_PROFILE, false);
    }
    match &event.kind {
        Kind::Alias { alias } => {
            object.string(names::DISTINCT_ID, &event.distinct_id);
            object.string("alias", alias);
        }
        Kind::Capture { .. } => {
            object.splice(admitted.properties());
            object.members_unless_none(names::SET, admitted.set());
            object.members_unless_none(names::SET_ONCE, admitted.set_once());
        }
        Kind::Exception(exception) => {
            object.splice(admitted.properties());
            object.string(names::EXCEPTION_LEVEL, exception.level.name());
            exception_list(object.key(names::EXCEPTION_LIST), exception);
        }
        Kind::GroupIdentify { group } => {
            object.string(names::GROUP_TYPE, &group.kind);
            object.string(names::GROUP_KEY, &group.key);
            object.members(names::GROUP_SET, admitted.properties());
        }
        Kind::Identify { .. } => {
            object.members(names::SET, admitted.properties());
            object.members_unless_none(names::SET_ONCE, admitted.set_once());
        }
        Kind::Snapshot { session_id, window_id, events } => {
            object.splice(admitted.properties());
            object.string(names::DISTINCT_ID, &event.distinct_id);
            object.string(names::SESSION_ID, session_id);
            object.string(names::WINDOW_ID, window_id);
            object.number(names::SNAPSHOT_BYTES, events.bytes());
            object.string(names::SNAPSHOT_SOURCE, "web");
            let data = object.key(names::SNAPSHOT_DATA);
            match events {
                #[cfg(feature = "routes")]
                Recording::Text(text) => data.push_str(text),
                #[cfg(feature = "routes")]
                Recording::Held(_) => *splice = Some(Splice { at: data.len(), part: 0 }),
                #[cfg(not(feature = "routes"))]
                Recording::None(never, _) => match *never {},
            }
        }
    }
    if !event.groups.is_empty() {
        let mut groups = ObjectWriter::open(object.key(names::GROUPS));
        for group in &event.groups {
            groups.string(&group.kind, &group.key);
        }
        groups.close();
    }
    object.close();
}

#[inline(never)]
fn exception_list(to: &mut String, exception: &Exception) {
    to.push('[');
    for (id, thrown) in exception.errors.iter().enumerate() {
        if id > 0 {
            to.push(',');
        }
        let mut object = ObjectWriter::open(to);
        object.string("type", &thrown.name);
        object.string("value", &thrown.message);
        mechanism(object.key("mechanism"), id, thrown, exception.handled);
        if !thrown.frames.is_empty() {
            let mut trace = ObjectWriter::open(object.key("stacktrace"));
            trace.string("type", "raw");
            frames(trace.key("frames"), &thrown.frames);
            trace.close();
        }
        object.close();
    }
    to.push(']');
}

fn mechanism(to: &mut String, id: usize, thrown: &Thrown, handled: bool) {
    let mut object = ObjectWriter::open(to);
    match &thrown.link {
        None => {
            object.string("type", "generic");
            object.boolean("handled", handled);
        }
        Some(link) => {
            object.string("type", "chained");
            object.string("source", &link.source);
            object.number("parent_id", link.parent);
        }
    }
    object.boolean("synthetic", thrown.synthetic);
    object.number("exception_id", id);
    object.close();
}

fn frames(to: &mut String, frames: &[Frame]) {
    list(to, frames, |to, frame| {
        let mut object = ObjectWriter::open(to);
        object.string("platform", "node:javascript");
        object.string("filename", &frame.filename);
        object.string("function", &frame.function);
        for (name, number) in [("lineno", frame.line), ("colno", frame.column)] {
            if let Some(number) = number {
                object.number(name, number);
            }
        }
        object.boolean("in_app", frame.in_app);
        if let Some(id) = &frame.chunk_id {
            object.string("chunk_id", id);
        }
        object.close();
    });
}
