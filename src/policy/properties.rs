//! The caller's properties, without what is not theirs to set.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::event::{Event, Kind, exception};
use crate::json;
use crate::policy::GeoIp;
use crate::request::names;

/// What is left of an event's properties.
pub(super) struct Kept<'a> {
    /// The members, as JSON text.
    pub members: Cow<'a, str>,
    /// Where the event comes from.
    pub geoip: GeoIp<'a>,
    /// `$process_person_profile: false` was among them.
    pub personless: bool,
}

/// What to do with one property.
enum PropertyAction {
    Keep,
    Drop(Code, &'static str),
    /// `request` writes it by itself.
    Personless,
}

pub(super) fn keep<'a>(
    event: &Event<'a>,
    send_ip: bool,
    warnings: &mut Vec<Warning>,
) -> Result<Kept<'a>, Error> {
    let mut kept = Kept {
        members: Cow::Borrowed(event.properties.inner()),
        geoip: GeoIp::Nowhere,
        personless: false,
    };
    let given_ip = match &event.kind {
        Kind::Capture { ip, .. } => ip.clone(),
        _ => None,
    };
    match given_ip {
        Some(ip) if send_ip => kept.geoip = GeoIp::Ip(ip),
        Some(_) => warnings.push(ip_dropped("ip")),
        None => {}
    }
    // A profile's properties are the customer's own names; only events carry ours.
    if matches!(event.kind, Kind::GroupIdentify { .. } | Kind::Identify { .. }) {
        return Ok(kept);
    }
    // Most events have no name of PostHog's, not even an escaped one.
    let members = event.properties.inner();
    let is_replay = matches!(event.kind, Kind::Snapshot { .. });
    if !is_replay && !members.contains(names::PREFIX) && !members.contains('\\') {
        return Ok(kept);
    }
    sift(event, send_ip, &mut kept, warnings)?;
    Ok(kept)
}

/// Looks at each property.
#[inline(never)]
fn sift<'a>(
    event: &Event<'a>,
    send_ip: bool,
    kept: &mut Kept<'a>,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let members = event.properties.inner();
    // What is left, once something is left out.
    let mut left: Option<String> = None;
    for (index, (name, value)) in event.properties.entries().enumerate() {
        match action(event, &name, value, send_ip, kept)? {
            PropertyAction::Keep => {
                if let Some(left) = &mut left {
                    push_member(left, &name, value);
                }
                continue;
            }
            PropertyAction::Drop(code, why) => {
                warnings.push(Warning::with(code, ["properties.", &name].concat(), why));
            }
            PropertyAction::Personless => kept.personless = true,
        }
        left.get_or_insert_with(|| {
            let mut before = String::with_capacity(members.len());
            for (name, value) in event.properties.entries().take(index) {
                push_member(&mut before, &name, value);
            }
            before
        });
    }
    if let Some(left) = left {
        kept.members = Cow::Owned(left);
    }
    Ok(())
}

fn action<'a>(
    event: &Event<'a>,
    name: &str,
    value: &'a str,
    send_ip: bool,
    kept: &mut Kept<'a>,
) -> Result<PropertyAction, Error> {
    let is_replay = matches!(event.kind, Kind::Snapshot { .. });
    if is_replay && matches!(name, names::DISTINCT_ID | names::TOKEN) {
        return Ok(PropertyAction::Drop(Code::ReservedProperty, "belongs to the snapshot itself"));
    }
    if !name.starts_with(names::PREFIX) {
        return Ok(PropertyAction::Keep);
    }
    if name == names::GROUPS || name.starts_with(names::GROUP_PREFIX) {
        return Err(Error::with(
            Code::ReservedName,
            ["properties.", name].concat(),
            "groups are given as `groups`, verified; a profile is written by groupIdentify()",
        ));
    }
    let conflict = |taken: bool, why| {
        if taken {
            PropertyAction::Drop(Code::ConflictingProperty, why)
        } else {
            PropertyAction::Keep
        }
    };
    Ok(match (name, &event.kind) {
        (names::LIB | names::LIB_VERSION | names::IS_SERVER, _) => {
            PropertyAction::Drop(Code::ReservedProperty, "is set by this package")
        }
        (names::SET, Kind::Capture { set, .. }) => {
            conflict(!set.is_empty(), "`set` was given too, and wins")
        }
        (names::SET_ONCE, Kind::Capture { set_once, .. }) => {
            conflict(!set_once.is_empty(), "`setOnce` was given too, and wins")
        }
        (names::IP, _) if !send_ip => {
            PropertyAction::Drop(Code::IpDropped, "the option ip is \"drop\"")
        }
        (names::IP | names::GEOIP_DISABLE, _) => {
            let taken = matches!(kept.geoip, GeoIp::Ip(_));
            if !taken {
                kept.geoip = GeoIp::AsGiven;
            }
            conflict(taken, "`ip` was given too, and wins")
        }
        (names::PROCESS_PERSON_PROFILE, _) if value == "false" => PropertyAction::Personless,
        (names::PROCESS_PERSON_PROFILE, _) => PropertyAction::Drop(
            Code::ReservedProperty,
            "only false means something here; see `personless`",
        ),
        (name, Kind::Exception(_)) if exception::owns(name) => {
            PropertyAction::Drop(Code::ReservedProperty, "belongs to the exception itself")
        }
        (
            names::SESSION_ID
            | names::WINDOW_ID
            | names::SNAPSHOT_DATA
            | names::SNAPSHOT_BYTES
            | names::SNAPSHOT_SOURCE,
            Kind::Snapshot { .. },
        ) => PropertyAction::Drop(Code::ReservedProperty, "belongs to the snapshot itself"),
        _ => PropertyAction::Keep,
    })
}

fn push_member(to: &mut String, name: &str, value: &str) {
    if !to.is_empty() {
        to.push(',');
    }
    json::quote(to, name);
    to.push(':');
    to.push_str(value);
}

fn ip_dropped(field: &'static str) -> Warning {
    Warning::new(Code::IpDropped, field, "the option ip is \"drop\"")
}
