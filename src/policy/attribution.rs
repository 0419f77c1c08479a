//! For whom an event counts: distinct ids that are nobody's, names that would forge a profile,
//! groups the project does not have.

use crate::error::{Code, Error, Warning};
use crate::event::{Event, Kind};
use crate::json::text;
use crate::json::writer::index_path;
use crate::request::names;

/// Ids that PostHog refuses to merge, since many callers end up under them by mistake.
const UNMERGEABLE: [&str; 15] = [
    "0",
    "[object object]",
    "anonymous",
    "distinct_id",
    "distinctid",
    "email",
    "false",
    "guest",
    "id",
    "nan",
    "none",
    "not_authenticated",
    "null",
    "true",
    "undefined",
];
/// Ids that its newer endpoint warns of besides.
const SHARED: [&str; 5] =
    ["00000000-0000-0000-0000-000000000000", "anonymous-user", "backend", "system", "user"];

/// Takes out the optional groups of types that the project does not have.
pub(super) fn known_groups(event: &mut Event<'_>, group_types: &[String]) {
    event
        .groups
        .retain(|group| !group.optional || group_types.iter().any(|known| known == &group.kind));
}

pub(super) fn check(
    event: &Event<'_>,
    group_types: &[String],
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    match &event.kind {
        Kind::Alias { alias } => {
            for (field, id) in [("alias", alias), ("distinctId", &event.distinct_id)] {
                if is_among(&UNMERGEABLE, id) {
                    return Err(nobody(field));
                }
            }
        }
        Kind::Capture { name, .. } => {
            if let Some((_, method)) = names::METHODS.iter().find(|(reserved, _)| reserved == name)
            {
                let message = ["is written by ", method, "(), which checks what it writes"];
                return Err(Error::with(Code::ReservedName, "event", message.concat()));
            }
        }
        Kind::GroupIdentify { group } => known_type(&group.kind, "group", group_types)?,
        Kind::Exception(_) | Kind::Identify { .. } | Kind::Snapshot { .. } => {}
    }
    for (index, group) in event.groups.iter().enumerate() {
        if !group_types.iter().any(|known| known == &group.kind) {
            return Err(unknown_type(index_path("groups", index)));
        }
    }
    let id = &event.distinct_id;
    if is_among(&UNMERGEABLE, id) || is_among(&SHARED, id) {
        warnings.push(nobody("distinctId").into());
    }
    Ok(())
}

/// A personless event is linked to no group, without a warning from PostHog: groups win.
pub(super) fn personless(
    event: &Event<'_>,
    by_property: bool,
    warnings: &mut Vec<Warning>,
) -> bool {
    let wanted = by_property
        || match &event.kind {
            Kind::Capture { personless, .. } => *personless,
            Kind::Exception(exception) => exception.personless,
            _ => false,
        };
    if wanted && !event.groups.is_empty() {
        warnings.push(Warning::new(
            Code::PersonlessWithGroups,
            "personless",
            "PostHog links no personless event to a group, so it is sent identified",
        ));
        return false;
    }
    wanted
}

fn known_type(kind: &str, field: &'static str, group_types: &[String]) -> Result<(), Error> {
    if group_types.iter().any(|known| known == kind) {
        return Ok(());
    }
    Err(unknown_type(field.to_owned()))
}

fn unknown_type(field: String) -> Error {
    Error::with(Code::UnknownGroupType, field, "its type is not in the option groupTypes")
}

fn is_among(ids: &[&str], id: &str) -> bool {
    let named = |end: Option<&u8>| end.is_some_and(u8::is_ascii_alphanumeric);
    let plain = named(id.as_bytes().first()) && named(id.as_bytes().last());
    let quoted = |char| matches!(char, '"' | '\'');
    let id = if plain { id } else { text::trim_of(text::trim(id), quoted) };
    ids.iter().any(|known| id.len() == known.len() && id.eq_ignore_ascii_case(known))
}

fn nobody(field: &'static str) -> Error {
    Error::new(Code::IllegalDistinctId, field, "is an id that many callers share by mistake")
}
