//! The caller's properties, without what is not theirs to set.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::event::{Event, Kind, exception};
use crate::policy::GeoIp;

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
enum Fate {
    Keep,
    Drop(Code, &'static str),
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
    if !members.contains('$') && !members.contains('\\') {
        return Ok(kept);
    }
    let mut dropped = false;
    for (name, value) in event.properties.entries() {
        if !name.starts_with('$') {
            continue;
        }
        if name == "$groups" || name.starts_with("$group_") {
            return Err(Error::with(
                Code::ReservedName,
                ["properties.", &name].concat(),
                "groups are given as `groups`, verified; a profile is written by groupIdentify()",
            ));
        }
        match fate(event, &name, value, send_ip, &mut kept) {
            Fate::Keep => {}
            Fate::Drop(code, why) => {
                dropped = true;
                warnings.push(Error::with(code, ["properties.", &name].concat(), why));
            }
        }
    }
    if dropped || kept.personless {
        kept.members = Cow::Owned(without_ours(event, send_ip));
    }
    Ok(kept)
}

fn fate<'a>(
    event: &Event<'a>,
    name: &str,
    value: &'a str,
    send_ip: bool,
    kept: &mut Kept<'a>,
) -> Fate {
    let conflict = |taken: bool, why| {
        if taken { Fate::Drop(Code::ConflictingProperty, why) } else { Fate::Keep }
    };
    match (name, &event.kind) {
        ("$lib" | "$lib_version" | "$is_server", _) => {
            Fate::Drop(Code::ReservedProperty, "is set by this package")
        }
        ("$set", Kind::Capture { set, .. }) => {
            conflict(!set.is_empty(), "`set` was given too, and wins")
        }
        ("$set_once", Kind::Capture { set_once, .. }) => {
            conflict(!set_once.is_empty(), "`setOnce` was given too, and wins")
        }
        ("$ip", _) if !send_ip => Fate::Drop(Code::IpDropped, "the option ip is \"drop\""),
        ("$ip", _) => {
            let taken = matches!(kept.geoip, GeoIp::Ip(_));
            if !taken {
                kept.geoip = GeoIp::AsGiven;
            }
            conflict(taken, "`ip` was given too, and wins")
        }
        ("$geoip_disable", _) => {
            let taken = matches!(kept.geoip, GeoIp::Ip(_));
            if !taken {
                kept.geoip = GeoIp::AsGiven;
            }
            conflict(taken, "`ip` was given, to be located")
        }
        ("$process_person_profile", _) if value == "false" => {
            kept.personless = true;
            Fate::Keep
        }
        ("$process_person_profile", _) => {
            Fate::Drop(Code::ReservedProperty, "only false means something here; see `personless`")
        }
        (name, Kind::Exception(_)) if exception::owns(name) => {
            Fate::Drop(Code::ReservedProperty, "belongs to the exception itself")
        }
        (
            "$session_id" | "$window_id" | "$snapshot_data" | "$snapshot_bytes"
            | "$snapshot_source",
            Kind::Snapshot { .. },
        ) => Fate::Drop(Code::ReservedProperty, "belongs to the snapshot itself"),
        _ => Fate::Keep,
    }
}

/// The members once more, without those that are dropped and without the personless flag, which
/// `request` writes itself.
fn without_ours(event: &Event<'_>, send_ip: bool) -> String {
    let mut members = String::with_capacity(event.properties.inner().len());
    let geoip = match &event.kind {
        Kind::Capture { ip: Some(ip), .. } if send_ip => GeoIp::Ip(ip.clone()),
        _ => GeoIp::Nowhere,
    };
    let mut seen = Kept { members: Cow::Borrowed(""), geoip, personless: false };
    for (name, value) in event.properties.entries() {
        let ours = name == "$process_person_profile"
            || matches!(fate(event, &name, value, send_ip, &mut seen), Fate::Drop(..));
        if ours {
            continue;
        }
        if !members.is_empty() {
            members.push(',');
        }
        crate::json::quote(&mut members, &name);
        members.push(':');
        members.push_str(value);
    }
    members
}

fn ip_dropped(field: &'static str) -> Warning {
    Error::new(Code::IpDropped, field, "the option ip is \"drop\"")
}
