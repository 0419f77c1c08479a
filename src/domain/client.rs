//! Events that clients send with an API key. They name neither their person nor their
//! organization: both were verified before. They write no name of PostHog's.

use crate::domain::identity::is_second;
use crate::domain::track_input::{ReportedStyle, TrackInput, write};
use crate::error::{Code, Error, Warning};
use crate::event::group::Group;
use crate::event::warnings::summarise;
use crate::json::fields::Fields;
use crate::json::text;
use crate::json::text::is_blank;
use crate::json::writer::JsonMap;
use crate::json::{self, RawObject};

/// An honest client's event is a few hundred bytes.
const MAX_BYTES: usize = 64_000;
const MAX_NAME_BYTES: usize = 200;

/// The event of a client's request: `identity` has `distinctId` and `groups`.
pub fn to_event(request: &str, identity: &str) -> Result<(String, Vec<Warning>), Error> {
    if request.len() > MAX_BYTES {
        return Err(Error::new(Code::TooLarge, "", "is over 64 kB"));
    }
    let mut warnings = Vec::new();
    let mut fields = Fields::of(RawObject::read(request, "request")?);
    let mut identity = Fields::of(RawObject::read(identity, "identity")?);
    let name = fields.take_str("event")?.unwrap_or_default();
    if is_blank(&name) || name.len() > MAX_NAME_BYTES {
        return Err(Error::new(Code::InvalidEvent, "event", "must be a name of 1 to 200 bytes"));
    }
    if name.starts_with('$') {
        return Err(Error::new(
            Code::ReservedName,
            "event",
            "names that start with $ are PostHog's",
        ));
    }
    let Some(id) = identity.take_str("distinctId")? else {
        return Err(Error::new(Code::MissingDistinctId, "identity", "has no distinct id"));
    };
    let groups = identity.take_raw("groups").unwrap_or("[]");
    let verified = Group::read_all(groups)?;
    let mut tags = own(&mut fields, "tags", &mut warnings)?;
    let mut properties = own(&mut fields, "nonPersonTags", &mut warnings)?;
    let organization = verified.iter().find(|group| group.kind == "organization");
    let key = organization.map(|organization| organization.key.as_ref());
    for bag in [&mut tags, &mut properties] {
        let claimed = bag.get("org_id").map(json::unquote_string);
        if claimed.is_some_and(|claimed| claimed.as_deref() != key) {
            bag.remove("org_id");
            let message = "names an organization that was not verified";
            warnings.push(Warning::new(Code::ReservedProperty, "tags.org_id", message));
        }
    }
    let second = fields.take_raw("tracking_version").is_some_and(is_second);
    if let Some(organization) = organization.filter(|_| second) {
        tags.set_string("org_id", &organization.key);
    }
    properties.merge(&tags);
    let person = verified.iter().all(|group| group.key != id);
    let announced = ReportedStyle {
        channel: fields.take_str("channel")?,
        description: fields.take_str("description")?,
        icon: fields.take_str("icon")?,
        notify: fields.take_bool("notify")?,
    };
    summarise(&mut warnings, 0);
    let tracked = TrackInput::reported(&name, &id, groups, announced, properties)
        .setting(person.then_some(tags));
    Ok((write(&[tracked]), warnings))
}

/// A client's tags, without what only PostHog may write.
fn own<'f>(
    fields: &mut Fields<'f>,
    name: &'static str,
    warnings: &mut Vec<Warning>,
) -> Result<JsonMap<'f>, Error> {
    let mut bag = JsonMap::default();
    let Some(tags) = fields.take_object(name)? else { return Ok(bag) };
    for (tag, value) in tags.entries() {
        if !tag.starts_with('$') {
            bag.put(tag, value.to_owned());
            continue;
        }
        let field = [name, ".", text::start(&tag, 80)].concat();
        warnings.push(Warning::with(
            Code::ReservedProperty,
            field,
            "names that start with $ are PostHog's",
        ));
    }
    Ok(bag)
}
