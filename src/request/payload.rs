//! PostHog's spelling of an event: every `$name` on the wire is written here.

use crate::event::Kind;
use crate::event::exception::{Exception, Frame, Thrown};
use crate::json;
use crate::json::writer::{ObjectWriter, list};
use crate::policy::{Admitted, GeoIp};
use crate::request::{SENDER, Wire};

/// Spells one event; `uuid` is the text of its own.
pub fn write(admitted: &Admitted<'_, '_>, uuid: &str) -> Wire {
    let event = admitted.event();
    let replay = matches!(event.kind, Kind::Snapshot { .. });
    let mut to = String::with_capacity(admitted.properties().len().saturating_add(512));
    to.push_str(r#"{"event":""#);
    json::escape(&mut to, name(&event.kind));
    to.push_str(r#"","distinct_id":""#);
    json::escape(&mut to, &event.distinct_id);
    to.push_str(r#"","properties":"#);
    properties(&mut to, admitted);
    to.push_str(r#","timestamp":""#);
    event.timestamp.write(&mut to);
    to.push_str(r#"","uuid":""#);
    to.push_str(uuid);
    to.push_str(r#""}"#);
    Wire { text: to, replay }
}

fn name<'a>(kind: &'a Kind<'_>) -> &'a str {
    match kind {
        Kind::Alias { .. } => "$create_alias",
        Kind::Capture { name, .. } => name,
        Kind::Exception(_) => "$exception",
        Kind::GroupIdentify { .. } => "$groupidentify",
        Kind::Identify { .. } => "$identify",
        Kind::Snapshot { .. } => "$snapshot",
    }
}

fn properties(to: &mut String, admitted: &Admitted<'_, '_>) {
    let event = admitted.event();
    let mut object = ObjectWriter::open(to);
    object.splice(SENDER);
    match admitted.geoip() {
        GeoIp::Ip(ip) => object.string("$ip", ip),
        GeoIp::Nowhere => object.splice(r#""$geoip_disable":true"#),
        GeoIp::AsGiven => {}
    }
    if admitted.personless() {
        object.splice(r#""$process_person_profile":false"#);
    }
    match &event.kind {
        Kind::Alias { alias } => {
            object.string("distinct_id", &event.distinct_id);
            object.string("alias", alias);
        }
        Kind::Capture { .. } => {
            object.splice(admitted.properties());
            object.members_unless_none("$set", admitted.set());
            object.members_unless_none("$set_once", admitted.set_once());
        }
        Kind::Exception(exception) => {
            object.splice(admitted.properties());
            object.string("$exception_level", exception.level.name());
            exception_list(object.key("$exception_list"), exception);
        }
        Kind::GroupIdentify { group } => {
            object.string("$group_type", &group.kind);
            object.string("$group_key", &group.key);
            object.members("$group_set", admitted.properties());
        }
        Kind::Identify { .. } => {
            object.members("$set", admitted.properties());
            object.members_unless_none("$set_once", admitted.set_once());
        }
        Kind::Snapshot { session_id, window_id, events } => {
            object.splice(admitted.properties());
            object.string("distinct_id", &event.distinct_id);
            object.string("$session_id", session_id);
            object.string("$window_id", window_id);
            object.number("$snapshot_bytes", events.len());
            object.string("$snapshot_source", "web");
            object.raw("$snapshot_data", events);
        }
    }
    if !event.groups.is_empty() {
        let mut groups = ObjectWriter::open(object.key("$groups"));
        for group in &event.groups {
            groups.string(&group.kind, &group.key);
        }
        groups.close();
    }
    object.close();
}

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
