//! The bodies that the stand-ins send: one event each, in the order and spelling of the functions
//! they replace, so that dashboards built on those see the same events.
//!
//! What differs, and why, is the table "What changes in PostHog the day you switch" in docs/replacing-your-own-tracking.md;
//! [`Keep`] has a flag for each row that is about a body. With all of them set, a body is to the
//! byte what those functions sent.
//!
//! A payload crosses as the shell picked it, with the spreads of objects made: what is undefined
//! or no object follows JavaScript's rules there, and is left out of the text here.

#![cfg_attr(
    not(feature = "compat"),
    allow(dead_code, unused_variables, reason = "what only the other functions need")
)]

#[cfg(feature = "compat")]
mod capture;
mod exception;
#[cfg(feature = "compat")]
mod group;
mod keep;
mod members;
#[cfg(feature = "compat")]
mod snapshot;

use std::borrow::Cow;

pub use keep::{Keep, project};

use crate::error::Error;
use crate::event::id::{self, EventSeed};
use crate::json::fields::Fields;
use crate::json::writer::ObjectWriter;
use crate::json::{self, RawObject, text};
use crate::request::wire::fits;
use crate::request::{Body, Part, Project, Request, names};
use members::Members;

/// Stands for the part that the host holds. No JSON text has a tab in it.
const HELD: &str = "\t";

/// Which of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `capturePosthogException`.
    Exception,
    /// `trackPosthogEvent`.
    #[cfg(feature = "compat")]
    Capture,
    /// `groupIdentifyPosthog`.
    #[cfg(feature = "compat")]
    GroupIdentify,
    /// `capturePosthogReplaySnapshot`.
    #[cfg(feature = "compat")]
    Snapshot,
}

impl Kind {
    /// As the shell names it.
    pub fn named(name: &str) -> Self {
        match name {
            #[cfg(feature = "compat")]
            "capture" => Self::Capture,
            #[cfg(feature = "compat")]
            "group_identify" => Self::GroupIdentify,
            #[cfg(feature = "compat")]
            "snapshot" => Self::Snapshot,
            _ => Self::Exception,
        }
    }
}

impl Kind {
    /// A replay has a limit of its own.
    const fn is_replay(self) -> bool {
        match self {
            #[cfg(feature = "compat")]
            Self::Snapshot => true,
            _ => false,
        }
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
    // PostHog refuses a body with half of a UTF-16 pair in it.
    let mended = (!keep.invalid).then(|| json::replace_lone_surrogates(payload)).flatten();
    let payload = mended.as_deref().unwrap_or(payload);
    let object = match json::object(payload) {
        Some(object) if keep.invalid => object,
        _ => RawObject::read(payload, "payload")?,
    };
    let mut fields = Fields::of(object);
    let event = Event { project, keep, seed };
    let (path, body, id) = match kind {
        Kind::Exception => event.exception(&mut fields),
        #[cfg(feature = "compat")]
        Kind::Capture => event.capture(&mut fields)?,
        #[cfg(feature = "compat")]
        Kind::GroupIdentify => event.group_identify(&mut fields)?,
        #[cfg(feature = "compat")]
        Kind::Snapshot => event.snapshot(&mut fields, held)?,
    };
    if !kind.is_replay() && !keep.invalid {
        fits(&body, "payload")?;
    }
    let body = match text::split_once(&body, HELD) {
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

/// Path, body, and the distinct id for the log.
type Built = (&'static str, String, String);

impl Event<'_> {
    /// What must be an object, and is anything where that is kept.
    fn object<'f>(
        &self,
        fields: &mut Fields<'f>,
        name: &'static str,
    ) -> Result<Option<&'f str>, Error> {
        match fields.take_raw_or_null(name) {
            Some(raw) if self.keep.invalid || json::object(raw).is_some() => Ok(Some(raw)),
            None | Some("null") => Ok(None),
            Some(raw) => Err(json::wrong_type(name, "an object", raw)),
        }
    }

    /// What sends this, and that its connection says nothing of where the person is.
    fn provenance(&self, properties: &mut Members<'_>, ip: Option<&str>) {
        // The callers are server code: what they wrote under these names stays.
        let located = properties.has("$ip") || properties.has("$geoip_disable");
        for (name, value) in
            [(names::LIB, names::OUR_LIB), (names::LIB_VERSION, names::OUR_VERSION)]
        {
            if !self.keep.lib && !properties.has(name) {
                properties.set_string(name, value);
            }
        }
        match ip.filter(|ip| self.keep.send_ip && *ip != "\"\"") {
            _ if located => {}
            Some(ip) => properties.set("$ip", ip.to_owned()),
            None if self.keep.geoip => {}
            None => properties.set("$geoip_disable", "true"),
        }
    }

    /// A time that was given, or the call's. PostHog would answer 400 to what is no string.
    fn timestamp<'t>(&self, given: Option<&'t str>) -> Cow<'t, str> {
        let is_time = |raw: &&str| match self.keep.timestamps {
            true => *raw != "null",
            false => raw.starts_with('"') && *raw != "\"\"",
        };
        match given.filter(is_time) {
            Some(raw) => raw.into(),
            None => {
                let mut now = String::from("\"");
                self.seed.now.write(&mut now);
                now.push('"');
                now.into()
            }
        }
    }

    fn body(
        &self,
        key: &str,
        timestamp: Option<&str>,
        members: impl FnOnce(&mut ObjectWriter<'_>),
    ) -> String {
        let mut text = String::new();
        let mut body = ObjectWriter::open(&mut text);
        body.string(key, &self.project.api_key);
        members(&mut body);
        if let Some(timestamp) = timestamp {
            body.raw("timestamp", timestamp);
        }
        if !self.keep.uuid {
            body.string("uuid", &id::text(self.seed.uuid()));
        }
        body.close();
        text
    }
}
