//! From a caller's input to an event, one function per kind.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
#[cfg(feature = "routes")]
use crate::event::Recording;
use crate::event::address::is_address;
use crate::event::exception::Exception;
use crate::event::group::Group;
use crate::event::id::{self, EventSeed, Source};
use crate::event::input::{Groups, Input, Tag};
use crate::event::time::Timestamp;
use crate::event::{Event, Kind, LogSnagEvent};
use crate::json::fields::Fields;
use crate::json::text::is_blank;
use crate::json::{self, RawObject};
use crate::request::names;

pub(super) fn read<'a>(
    input: &'a Input<'_>,
    exception: Option<Exception>,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let Some(inner) = input.text.strip_prefix('{') else {
        return Err(Error::new(Code::InvalidEvent, "", "must be an object"));
    };
    // Only the object itself is read here; how deep its fields go is each field's own check.
    let mut fields = Fields::of(RawObject::of(inner.strip_suffix('}').unwrap_or(inner)));
    if input.tag == Tag::Refused {
        return Err(refused(&mut fields));
    }
    let mut known = "";
    let event = of_kind(input, &mut fields, exception, seed, &mut known, warnings);
    if input.tag == Tag::Track {
        fields.take_raw("notification");
        fields.take_raw("order");
        carried(fields.take_raw("warnings"), warnings);
    }
    // Of an event that is refused too: the misspelt field may be the one that is missing.
    if !known.is_empty() {
        // What is announced is `track`'s; the other methods say of it that it was left out.
        let all = input.tag == Tag::Track;
        let own = known.split_once(" channel").filter(|_| !all);
        fields.finish(own.map_or(known, |(own, _)| own), warnings);
    }
    event
}

/// Reads the event, and says which fields its kind has.
fn of_kind<'a>(
    input: &'a Input<'_>,
    fields: &mut Fields<'a>,
    exception: Option<Exception>,
    seed: &EventSeed,
    known: &mut &'static str,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let given = Given::read(input, fields);
    let kind = fields.take_raw("kind").and_then(json::unquote).unwrap_or_default();
    let mut event = match (input.tag, kind.as_ref(), exception) {
        (_, _, Some(exception)) => {
            *known = EXCEPTION;
            thrown(fields, &given, exception, seed, warnings)
        }
        (tag, kind, _) if is_capture(tag, kind) => {
            *known = CAPTURE;
            capture(fields, &given, input.tag, seed, warnings)
        }
        (Tag::GroupIdentify, ..) | (Tag::Track, "group_identify", _) => {
            *known = GROUP_IDENTIFY;
            group_identify(fields, &given, seed, warnings)
        }
        (Tag::Identify, ..) => {
            *known = IDENTIFY;
            identify(fields, seed, warnings)
        }
        (Tag::Alias, ..) => {
            *known = ALIAS;
            alias(fields, seed)
        }
        #[cfg(feature = "routes")]
        (Tag::Snapshot, ..) => {
            *known = SNAPSHOT;
            snapshot(fields, input.held, seed, warnings)
        }
        _ => {
            Err(Error::new(Code::InvalidEvent, "kind", "must be \"capture\" or \"group_identify\""))
        }
    }?;
    if input.tag == Tag::Track {
        event.logsnag_event = logsnag_event(fields)?;
    }
    Ok(event)
}

/// Whether something happened.
fn is_capture(tag: Tag, kind: &str) -> bool {
    match tag {
        #[cfg(feature = "routes")]
        Tag::Ai => true,
        Tag::Capture => true,
        Tag::Track => kind == "capture",
        _ => false,
    }
}
/// The fields of each method, to tell what a misspelt one was meant to be. From `channel` on they are `track`'s alone.
const CAPTURE: &str = "event distinctId properties groups set setOnce ip personless timestamp uuid \
    source channel icon notify description notification";
const GROUP_IDENTIFY: &str = "group properties distinctId timestamp uuid source channel icon notify \
    description notification";
const IDENTIFY: &str = "distinctId properties setOnce timestamp uuid source";
const ALIAS: &str = "distinctId alias";
const EXCEPTION: &str = "distinctId groups properties level handled timestamp uuid source";
#[cfg(feature = "routes")]
const SNAPSHOT: &str = "sessionId windowId distinctId events properties timestamp uuid source";

/// The groups that were given, as JSON.
struct Given<'a> {
    groups: Option<&'a str>,
    group: Option<&'a str>,
}

impl<'a> Given<'a> {
    fn read(input: &'a Input<'_>, fields: &mut Fields<'a>) -> Self {
        // Methods that have no groups warn of them as of any other field.
        let of_profile = matches!(input.tag, Tag::GroupIdentify | Tag::Track);
        let of_event = is_capture(input.tag, "capture") || input.tag == Tag::Exception;
        let inside = of_profile.then(|| fields.take_raw("group")).flatten();
        let all_inside = of_event.then(|| fields.take_raw("groups")).flatten();
        match input.groups {
            Groups::Inside => Self { groups: all_inside, group: inside },
            Groups::Beside(groups, group) => Self {
                groups: Some(groups).filter(|raw| *raw != "null"),
                group: Some(group).filter(|raw| *raw != "null"),
            },
        }
    }
}

fn capture<'a>(
    fields: &mut Fields<'a>,
    given: &Given<'a>,
    tag: Tag,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let name = fields.take_str("event")?.unwrap_or_default();
    if is_blank(&name) {
        return Err(Error::new(Code::InvalidEvent, "event", "must be a name that is not empty"));
    }
    #[cfg(feature = "routes")]
    if tag == Tag::Ai && !names::is_ai(&name) {
        return Err(Error::new(Code::InvalidEvent, "event", "must start with $ai_"));
    }
    let groups = groups(given)?;
    let distinct_id = match (distinct_id(fields)?, groups.first()) {
        (Some(id), _) => id,
        (None, Some(group)) if tag == Tag::Track => group.key.clone(),
        (None, _) => return Err(missing("distinctId")),
    };
    let (timestamp, uuid) = pinned(fields, &name, &distinct_id, seed, warnings)?;
    Ok(Event {
        distinct_id,
        groups,
        properties: fields.take_object("properties")?.unwrap_or(RawObject::EMPTY),
        timestamp,
        uuid,
        logsnag_event: None,
        kind: Kind::Capture {
            set: fields.take_object("set")?.unwrap_or(RawObject::EMPTY),
            set_once: fields.take_object("setOnce")?.unwrap_or(RawObject::EMPTY),
            ip: fields.take_str("ip")?.map(address).transpose()?,
            personless: fields.take_bool("personless")?.unwrap_or(false),
            name,
        },
    })
}

fn group_identify<'a>(
    fields: &mut Fields<'a>,
    given: &Given<'a>,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let Some(group) = given.group else {
        let message = "is missing: give one that trusted() or verify() made";
        return Err(Error::new(Code::UnverifiedGroup, "group", message));
    };
    let group = Group::read(group, "group")?;
    let distinct_id =
        distinct_id(fields)?.unwrap_or_else(|| Cow::Owned(group.synthetic_distinct_id()));
    let (timestamp, uuid) = pinned(fields, names::GROUP_IDENTIFY, &distinct_id, seed, warnings)?;
    let Some(properties) = fields.take_object("properties")? else {
        return Err(Error::new(Code::InvalidType, "properties", "is missing"));
    };
    Ok(Event {
        distinct_id,
        groups: Vec::new(),
        properties,
        timestamp,
        uuid,
        logsnag_event: None,
        kind: Kind::GroupIdentify { group },
    })
}

fn identify<'a>(
    fields: &mut Fields<'a>,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let distinct_id = required(fields, "distinctId")?;
    let (timestamp, uuid) = pinned(fields, names::IDENTIFY, &distinct_id, seed, warnings)?;
    let properties = fields.take_object("properties")?.unwrap_or(RawObject::EMPTY);
    // As posthog-node takes them; here they would be properties of these names.
    if properties.get(names::SET).or_else(|| properties.get(names::SET_ONCE)).is_some() {
        let message = "has $set or $set_once: give what is in them as `properties` and `setOnce`";
        return Err(Error::new(Code::ReservedName, "properties", message));
    }
    Ok(Event {
        distinct_id,
        groups: Vec::new(),
        properties,
        timestamp,
        uuid,
        logsnag_event: None,
        kind: Kind::Identify {
            set_once: fields.take_object("setOnce")?.unwrap_or(RawObject::EMPTY),
        },
    })
}

fn alias<'a>(fields: &mut Fields<'a>, seed: &EventSeed) -> Result<Event<'a>, Error> {
    let distinct_id = required(fields, "distinctId")?;
    let alias = required(fields, "alias")?;
    Ok(Event {
        distinct_id,
        groups: Vec::new(),
        properties: RawObject::EMPTY,
        timestamp: seed.now,
        uuid: seed.uuid(),
        logsnag_event: None,
        kind: Kind::Alias { alias },
    })
}

fn thrown<'a>(
    fields: &mut Fields<'a>,
    given: &Given<'a>,
    mut exception: Exception,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let groups = groups(given)?;
    // Nobody to attribute it to: the organization if there is one, else an id of its own, without
    // a person. Never an id that others share.
    let (distinct_id, personless) = match (distinct_id(fields)?, groups.first()) {
        (Some(id), _) => (id, false),
        (None, Some(group)) => (group.key.clone(), false),
        (None, None) => (Cow::Owned(id::text(seed.uuid())), true),
    };
    exception.personless = personless;
    if let Some(level) = fields.take_str("level")? {
        exception.level = level.parse()?;
    }
    exception.handled = fields.take_bool("handled")?.unwrap_or(exception.handled);
    let (timestamp, uuid) = pinned(fields, names::EXCEPTION, &distinct_id, seed, warnings)?;
    Ok(Event {
        distinct_id,
        groups,
        properties: fields.take_object("properties")?.unwrap_or(RawObject::EMPTY),
        timestamp,
        uuid,
        logsnag_event: None,
        kind: Kind::Exception(Box::new(exception)),
    })
}

#[cfg(feature = "routes")]
fn snapshot<'a>(
    fields: &mut Fields<'a>,
    held: Option<usize>,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<Event<'a>, Error> {
    let distinct_id = required(fields, "distinctId")?;
    let session_id = session(fields, "sessionId")?
        .ok_or_else(|| Error::new(Code::InvalidSession, "sessionId", "is missing"))?;
    let window_id = session(fields, "windowId")?.unwrap_or_else(|| session_id.clone());
    let events = match held {
        Some(bytes) => Recording::Held(bytes),
        None => recording(fields.take_raw("events").unwrap_or("null"))?,
    };
    let (timestamp, uuid) = pinned(fields, names::SNAPSHOT, &distinct_id, seed, warnings)?;
    Ok(Event {
        distinct_id,
        groups: Vec::new(),
        properties: fields.take_object("properties")?.unwrap_or(RawObject::EMPTY),
        timestamp,
        uuid,
        logsnag_event: None,
        kind: Kind::Snapshot { session_id, window_id, events },
    })
}

/// A replay's events, whose text is here.
#[cfg(feature = "routes")]
fn recording(events: &str) -> Result<Recording<'_>, Error> {
    if json::elements(events).is_none_or(|mut events| events.next().is_none()) {
        return Err(Error::new(Code::InvalidType, "events", "must be an array that is not empty"));
    }
    json::check_depth(events, "events")?;
    Ok(Recording::Text(events))
}

/// A value that could not become JSON arrives as the reason why.
#[cold]
fn refused(fields: &mut Fields<'_>) -> Error {
    let mut text = |name| fields.take_str(name).ok().flatten().unwrap_or_default().into_owned();
    Error::with(
        Code::named(&text("code")).unwrap_or(Code::Unreadable),
        text("field"),
        text("message"),
    )
}

/// What is announced, if there is a channel to announce it in.
fn logsnag_event<'a>(fields: &mut Fields<'a>) -> Result<Option<LogSnagEvent<'a>>, Error> {
    let (icon, notify) = (fields.take_str("icon")?, fields.take_bool("notify")?);
    let description = fields.take_str("description")?;
    let channel = fields.take_str("channel")?.filter(|channel| !channel.is_empty());
    Ok(channel.map(|channel| LogSnagEvent { channel, icon, notify, description }))
}

/// What was found when the event was made, to be told with how it fared.
#[inline(never)]
fn carried(raw: Option<&str>, warnings: &mut Vec<Warning>) {
    for raw in raw.and_then(json::elements).into_iter().flatten() {
        if let Ok(object) = RawObject::read(raw, "warnings") {
            warnings.push(refused(&mut Fields::of(object)).into());
        }
    }
}

fn groups<'a>(given: &Given<'a>) -> Result<Vec<Group<'a>>, Error> {
    given.groups.map_or_else(|| Ok(Vec::new()), Group::read_all)
}

fn address(ip: Cow<'_, str>) -> Result<Cow<'_, str>, Error> {
    if is_address(&ip) {
        Ok(ip)
    } else {
        Err(Error::new(Code::InvalidType, "ip", "must be an IP address"))
    }
}

/// When and under which id: as the source says, else as the caller says, else now.
fn pinned(
    fields: &mut Fields<'_>,
    event: &str,
    distinct_id: &str,
    seed: &EventSeed,
    warnings: &mut Vec<Warning>,
) -> Result<(Timestamp, uuid::Uuid), Error> {
    let source = fields.take_raw("source").map(Source::read).transpose()?;
    let timestamp = fields
        .take_raw_or_null("timestamp")
        .map(|raw| Timestamp::read(raw, "timestamp"))
        .transpose()?;
    let uuid = fields.take_raw("uuid").map(id::read_uuid).transpose()?;
    let Some(source) = source else {
        return Ok((timestamp.unwrap_or(seed.now), uuid.unwrap_or_else(|| seed.uuid())));
    };
    let made = source.uuid(event, distinct_id);
    let mut overruled = |field, differs: bool| {
        if differs {
            warnings.push(Warning::new(
                Code::PinnedBySource,
                field,
                "was replaced by the source's, so that a second delivery is the same event",
            ));
        }
    };
    overruled("timestamp", timestamp.is_some_and(|given| given != source.at));
    overruled("uuid", uuid.is_some_and(|given| given != made));
    Ok((source.at, made))
}

fn distinct_id<'a>(fields: &mut Fields<'a>) -> Result<Option<Cow<'a, str>>, Error> {
    Ok(fields.take_str("distinctId")?.filter(|id| !is_blank(id)))
}

fn required<'a>(fields: &mut Fields<'a>, name: &'static str) -> Result<Cow<'a, str>, Error> {
    fields.take_str(name)?.filter(|id| !is_blank(id)).ok_or_else(|| missing(name))
}

fn missing(name: &'static str) -> Error {
    Error::new(Code::MissingDistinctId, name, "must be a string that is not empty")
}

#[cfg(feature = "routes")]
fn session<'a>(fields: &mut Fields<'a>, name: &'static str) -> Result<Option<Cow<'a, str>>, Error> {
    let Some(id) = fields.take_str(name)? else { return Ok(None) };
    let fits = (1..=70).contains(&id.len());
    if fits && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(Some(id));
    }
    Err(Error::new(Code::InvalidSession, name, "must be 1 to 70 of A-Z, a-z, 0-9 and -"))
}
