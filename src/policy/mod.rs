//! What may leave, and for whom. The only way to an [`Admitted`] event is through here, and
//! `request` takes nothing else.

use std::borrow::Cow;

use crate::error::{Error, Warning};
use crate::event::time::Timestamp;
use crate::event::{Event, Kind};
use crate::json::fields::Fields;
use crate::json::{self, RawObject};

mod attribution;
pub mod identifiers;
mod limits;
pub mod privacy;
mod properties;

use privacy::Privacy;

/// The rules of one project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The group types that the project uses. PostHog has five slots for ever, and a misspelt type
    /// would take one of them.
    pub group_types: Vec<String>,
    /// Whether a caller's IP address may be sent, so that PostHog can locate the person.
    pub send_ip: bool,
    /// What of a profile may be sent.
    pub privacy: Privacy,
}

/// An event that has passed every rule.
#[derive(Clone, Debug)]
pub struct Admitted<'e, 'a> {
    event: &'e Event<'a>,
    properties: Cow<'a, str>,
    set: Cow<'a, str>,
    set_once: Cow<'a, str>,
    geoip: GeoIp<'a>,
    personless: bool,
}

/// What PostHog is told about where the event comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeoIp<'a> {
    /// From this address.
    Ip(Cow<'a, str>),
    /// Not at all: the connection is the data centre's.
    Nowhere,
    /// As the caller's own properties say.
    AsGiven,
}

impl Policy {
    /// Reads `groupTypes` and `ip` from the options.
    pub fn read(options: &mut Fields<'_>) -> Result<Self, Error> {
        let group_types = match options.take_raw("groupTypes") {
            None => vec!["organization".to_owned()],
            Some(raw) => json::unquote_strings(raw)
                .ok_or_else(|| json::wrong_type("groupTypes", "an array of strings", raw))?,
        };
        if group_types.len() > 5 {
            return Err(Error::new(
                crate::error::Code::InvalidConfig,
                "groupTypes",
                "PostHog has five group types per project and ignores a sixth",
            ));
        }
        let send_ip = match options.take_str("ip")?.as_deref() {
            None | Some("drop") => false,
            Some("send") => true,
            Some(_) => {
                return Err(Error::new(
                    crate::error::Code::InvalidConfig,
                    "ip",
                    "must be \"drop\" or \"send\"",
                ));
            }
        };
        Ok(Self { group_types, send_ip, privacy: Privacy::read(options)? })
    }

    /// Lets an event pass, or says why not. What is left out on the way is warned about.
    pub fn admit<'e, 'a>(
        &self,
        event: &'e mut Event<'a>,
        now: Timestamp,
        warnings: &mut Vec<Warning>,
    ) -> Result<Admitted<'e, 'a>, Error> {
        attribution::known_groups(event, &self.group_types);
        limits::check(event, now, warnings)?;
        attribution::check(event, &self.group_types, warnings)?;
        let kept = properties::keep(event, self.send_ip, warnings)?;
        let personless = attribution::personless(event, kept.personless, warnings);
        self.privacy.exception(event);
        let (set, set_once) = match &event.kind {
            Kind::Capture { set, set_once, .. } => (*set, *set_once),
            Kind::Identify { set_once, .. } => (RawObject::EMPTY, *set_once),
            _ => (RawObject::EMPTY, RawObject::EMPTY),
        };
        let privacy = &self.privacy;
        let properties = match &event.kind {
            Kind::GroupIdentify { group } => {
                privacy.group_profile(&group.kind, kept.members, warnings)
            }
            Kind::Identify { .. } => privacy.person("properties", kept.members, warnings),
            // docs/privacy.md says so: a replay is what the browser recorded.
            Kind::Snapshot { .. } => kept.members,
            _ => privacy.person_in(kept.members, warnings),
        };
        Ok(Admitted {
            set: privacy.person("set", Cow::Borrowed(set.inner()), warnings),
            set_once: privacy.person("setOnce", Cow::Borrowed(set_once.inner()), warnings),
            event,
            properties,
            geoip: kept.geoip,
            personless,
        })
    }
}

impl<'e, 'a> Admitted<'e, 'a> {
    /// The event itself.
    pub const fn event(&self) -> &'e Event<'a> {
        self.event
    }

    /// The members of its properties, as JSON text without the braces.
    pub fn properties(&self) -> &str {
        &self.properties
    }

    /// The members of the person properties to set.
    pub fn set(&self) -> &str {
        &self.set
    }

    /// The members of the person properties to set unless they are there.
    pub fn set_once(&self) -> &str {
        &self.set_once
    }

    /// Where it comes from.
    pub const fn geoip(&self) -> &GeoIp<'a> {
        &self.geoip
    }

    /// The field to blame if PostHog would find the event too large.
    pub fn largest_field(&self) -> &'static str {
        limits::largest_field(self.event)
    }

    /// Whether PostHog is to keep no person for it.
    pub const fn personless(&self) -> bool {
        self.personless
    }
}

#[cfg(test)]
mod tests;
