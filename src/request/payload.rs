//! PostHog's spelling of an event: every `$name` on the wire is written here.

use crate::event::Kind;
use crate::event::exception::{Exception, Frame, Thrown};
use crate::event::json;
use crate::event::writer::{Members, list};
use crate::policy::{Admitted, Locate};
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
    let mut object = Members::open(to);
    object.splice(SENDER);
    match admitted.locate() {
        Locate::Ip(ip) => object.text("$ip", ip),
        Locate::Nowhere => object.splice(r#""$geoip_disable":true"#),
        Locate::AsGiven => {}
    }
    if admitted.personless() {
        object.splice(r#""$process_person_profile":false"#);
    }
    match &event.kind {
        Kind::Alias { alias } => {
            object.text("distinct_id", &event.distinct_id);
            object.text("alias", alias);
        }
        Kind::Capture { .. } => {
            object.splice(admitted.properties());
            object.members_unless_none("$set", admitted.set());
            object.members_unless_none("$set_once", admitted.set_once());
        }
        Kind::Exception(exception) => {
            object.splice(admitted.properties());
            object.text("$exception_level", exception.level.name());
            exception_list(object.key("$exception_list"), exception);
        }
        Kind::GroupIdentify { group } => {
            object.text("$group_type", &group.kind);
            object.text("$group_key", &group.key);
            object.members("$group_set", admitted.properties());
        }
        Kind::Identify { .. } => {
            object.members("$set", admitted.properties());
            object.members_unless_none("$set_once", admitted.set_once());
        }
        Kind::Snapshot { session_id, window_id, events } => {
            object.splice(admitted.properties());
            object.text("distinct_id", &event.distinct_id);
            object.text("$session_id", session_id);
            object.text("$window_id", window_id);
            object.whole("$snapshot_bytes", events.len());
            object.text("$snapshot_source", "web");
            object.raw("$snapshot_data", events);
        }
    }
    if !event.groups.is_empty() {
        let mut groups = Members::open(object.key("$groups"));
        for group in &event.groups {
            groups.text(&group.kind, &group.key);
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
        let mut object = Members::open(to);
        object.text("type", &thrown.name);
        object.text("value", &thrown.message);
        mechanism(object.key("mechanism"), id, thrown, exception.handled);
        if !thrown.frames.is_empty() {
            let mut trace = Members::open(object.key("stacktrace"));
            trace.text("type", "raw");
            frames(trace.key("frames"), &thrown.frames);
            trace.close();
        }
        object.close();
    }
    to.push(']');
}

fn mechanism(to: &mut String, id: usize, thrown: &Thrown, handled: bool) {
    let mut object = Members::open(to);
    match &thrown.link {
        None => {
            object.text("type", "generic");
            object.flag("handled", handled);
        }
        Some(link) => {
            object.text("type", "chained");
            object.text("source", &link.source);
            object.whole("parent_id", link.parent);
        }
    }
    object.flag("synthetic", thrown.synthetic);
    object.whole("exception_id", id);
    object.close();
}

fn frames(to: &mut String, frames: &[Frame]) {
    list(to, frames, |to, frame| {
        let mut object = Members::open(to);
        object.text("platform", "node:javascript");
        object.text("filename", &frame.filename);
        object.text("function", &frame.function);
        for (name, number) in [("lineno", frame.line), ("colno", frame.column)] {
            if let Some(number) = number {
                object.whole(name, number);
            }
        }
        object.flag("in_app", frame.in_app);
        if let Some(id) = &frame.chunk_id {
            object.text("chunk_id", id);
        }
        object.close();
    });
}
