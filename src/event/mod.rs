//! The event model: what happened, to whom, when, and under which id. Knows nothing of PostHog's
//! spelling but its names (`request::names`), nor of what may leave (`policy`).

use std::borrow::Cow;

use uuid::Uuid;

use crate::error::{Error, Warning};

pub mod address;
pub mod exception;
pub mod group;
pub mod id;
pub mod input;
mod read;
pub mod time;
pub mod warnings;

use crate::json::RawObject;
use exception::Exception;
use group::Group;
use id::EventSeed;
use input::Input;
use time::Timestamp;

/// One event, complete: everything is decided but its spelling on the wire.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// What kind, and what only that kind has.
    pub kind: Kind<'a>,
    /// Whom it is attributed to.
    pub distinct_id: Cow<'a, str>,
    /// The groups it belongs to.
    pub groups: Vec<Group<'a>>,
    /// The caller's own properties.
    pub properties: RawObject<'a>,
    /// When it happened.
    pub timestamp: Timestamp,
    /// The same on every attempt.
    pub uuid: Uuid,
    /// What is announced elsewhere; PostHog is told nothing of it.
    pub logsnag_event: Option<LogSnagEvent<'a>>,
}

/// How an event is announced to people: in LogSnag's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSnagEvent<'a> {
    /// The feed.
    pub channel: Cow<'a, str>,
    /// One emoji.
    pub icon: Option<Cow<'a, str>>,
    /// Whether phones are told.
    pub notify: Option<bool>,
    /// One line.
    pub description: Option<Cow<'a, str>>,
}

/// The kinds of event that PostHog takes from a server.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// Two persons are one.
    Alias {
        /// The other id; it is merged into the event's distinct id.
        alias: Cow<'a, str>,
    },
    /// Something happened.
    Capture {
        /// The event's name.
        name: Cow<'a, str>,
        /// Person properties to set.
        set: RawObject<'a>,
        /// Person properties to set unless they are there.
        set_once: RawObject<'a>,
        /// The address of the person behind the event.
        ip: Option<Cow<'a, str>>,
        /// No person profile, hence no groups either.
        personless: bool,
    },
    /// Something was thrown.
    Exception(Box<Exception>),
    /// A group's profile: the event's `properties`.
    GroupIdentify {
        /// Whose profile.
        group: Group<'a>,
    },
    /// A person's profile: the event's `properties` are set.
    Identify {
        /// Person properties to set unless they are there.
        set_once: RawObject<'a>,
    },
    /// A piece of a session replay.
    Snapshot {
        /// The session.
        session_id: Cow<'a, str>,
        /// The window in it.
        window_id: Cow<'a, str>,
        /// The rrweb events.
        events: Recording<'a>,
    },
}

/// The events of a session replay: a JSON array.
#[cfg(feature = "routes")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording<'a> {
    /// Its text.
    Text(&'a str),
    /// The host holds it, as the first of the call's parts, and has checked it: so many bytes.
    Held(usize),
}

/// Without the endpoint of replays, there is none: whatever is about one is not in the module.
#[cfg(not(feature = "routes"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording<'a> {
    /// Cannot be made.
    None(std::convert::Infallible, std::marker::PhantomData<&'a ()>),
}

impl Recording<'_> {
    /// How long it is.
    pub const fn bytes(&self) -> usize {
        match self {
            #[cfg(feature = "routes")]
            Self::Text(text) => text.len(),
            #[cfg(feature = "routes")]
            Self::Held(bytes) => *bytes,
            #[cfg(not(feature = "routes"))]
            Self::None(never, _) => match *never {},
        }
    }
}

impl<'a> Event<'a> {
    /// Reads one input. An exception is what its context is about.
    pub fn read(
        input: &'a Input<'_>,
        exception: Option<Exception>,
        seed: &EventSeed,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, Error> {
        read::read(input, exception, seed, warnings)
    }
}
