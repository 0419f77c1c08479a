//! What PostHog would cut, replace or drop without a word after a 200 OK.

use crate::error::{Code, Error, Warning};
use crate::event::time::Timestamp;
use crate::event::{Event, Kind};
use crate::json::text::is_longer;

/// A replay goes to another endpoint, which takes 25 MiB.
const MAX_RECORDING_BYTES: usize = 20_000_000;
const MAX_DISTINCT_ID_CHARS: usize = 200;
const MAX_EVENT_NAME_BYTES: usize = 200;
const MAX_AHEAD_MS: i64 = 23 * 3_600_000;

pub(super) fn check(
    event: &Event<'_>,
    now: Timestamp,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    if let Kind::Snapshot { events, .. } = &event.kind
        && events.bytes() > MAX_RECORDING_BYTES
    {
        let message = "makes the replay larger than PostHog takes (20 MB)";
        return Err(Error::new(Code::TooLarge, "events", message));
    }
    if is_longer(&event.distinct_id, MAX_DISTINCT_ID_CHARS) {
        warnings.push(Warning::new(
            Code::DistinctIdTooLong,
            "distinctId",
            "PostHog cuts distinct ids at 200 characters",
        ));
    }
    if let Kind::Capture { name, .. } = &event.kind
        && name.len() > MAX_EVENT_NAME_BYTES
    {
        warnings.push(Warning::new(
            Code::EventNameTooLong,
            "event",
            "PostHog's newer endpoint drops names over 200 bytes",
        ));
    }
    if event.timestamp.millis().saturating_sub(now.millis()) > MAX_AHEAD_MS {
        warnings.push(Warning::new(
            Code::TimestampInFuture,
            "timestamp",
            "PostHog replaces a time more than 23 hours ahead with now",
        ));
    }
    Ok(())
}

/// What to blame for an event that is too large.
pub(super) fn largest_field(event: &Event<'_>) -> &'static str {
    let (name, set, set_once) = match &event.kind {
        Kind::Alias { alias } => (("alias", alias.len()), 0, 0),
        Kind::Capture { name, set, set_once, .. } => {
            (("event", name.len()), set.inner().len(), set_once.inner().len())
        }
        Kind::Exception(exception) => (("error", exception.bytes()), 0, 0),
        Kind::Identify { set_once, .. } => (("", 0), 0, set_once.inner().len()),
        Kind::GroupIdentify { .. } | Kind::Snapshot { .. } => (("", 0), 0, 0),
    };
    let parts = [
        name,
        ("set", set),
        ("setOnce", set_once),
        ("distinctId", event.distinct_id.len()),
        ("properties", event.properties.inner().len()),
    ];
    parts.iter().max_by_key(|(_, bytes)| *bytes).map_or("", |(name, _)| name)
}
