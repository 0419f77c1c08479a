//! What PostHog would cut, replace or drop without a word after a 200 OK.

use crate::error::{Code, Error, Warning};
use crate::event::time::Timestamp;
use crate::event::{Event, Kind};
use crate::json::text::is_longer;

/// PostHog's broker takes about a megabyte per event; this leaves room for our own properties.
const MAX_EVENT_BYTES: usize = 900_000;
/// A replay goes to another endpoint, which takes 25 MiB.
const MAX_SNAPSHOT_BYTES: usize = 20_000_000;
const MAX_DISTINCT_ID_CHARS: usize = 200;
const MAX_EVENT_NAME_BYTES: usize = 200;
const MAX_AHEAD_MS: i64 = 23 * 3_600_000;

pub(super) fn check(
    event: &Event<'_>,
    now: Timestamp,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    size(event)?;
    if is_longer(&event.distinct_id, MAX_DISTINCT_ID_CHARS) {
        warnings.push(Error::new(
            Code::DistinctIdTooLong,
            "distinctId",
            "PostHog cuts distinct ids at 200 characters",
        ));
    }
    if let Kind::Capture { name, .. } = &event.kind
        && name.len() > MAX_EVENT_NAME_BYTES
    {
        warnings.push(Error::new(
            Code::EventNameTooLong,
            "event",
            "PostHog's newer endpoint drops names over 200 bytes",
        ));
    }
    if event.timestamp.millis().saturating_sub(now.millis()) > MAX_AHEAD_MS {
        warnings.push(Error::new(
            Code::TimestampInFuture,
            "timestamp",
            "PostHog replaces a time more than 23 hours ahead with now",
        ));
    }
    Ok(())
}

fn size(event: &Event<'_>) -> Result<(), Error> {
    let properties = ("properties", event.properties.inner().len());
    let id = ("distinctId", event.distinct_id.len());
    let (most, parts): (usize, &[(&'static str, usize)]) = match &event.kind {
        Kind::Alias { alias } => (MAX_EVENT_BYTES, &[("alias", alias.len()), id]),
        Kind::Capture { name, set, set_once, .. } => (
            MAX_EVENT_BYTES,
            &[
                ("event", name.len()),
                ("set", set.inner().len()),
                ("setOnce", set_once.inner().len()),
                properties,
                id,
            ],
        ),
        Kind::Identify { set_once } => {
            (MAX_EVENT_BYTES, &[("setOnce", set_once.inner().len()), properties, id])
        }
        Kind::Snapshot { events, .. } => {
            (MAX_SNAPSHOT_BYTES, &[("events", events.len()), properties, id])
        }
        Kind::Exception(_) | Kind::GroupIdentify { .. } => (MAX_EVENT_BYTES, &[properties, id]),
    };
    let total = parts.iter().fold(0_usize, |sum, (_, bytes)| sum.saturating_add(*bytes));
    if total <= most {
        return Ok(());
    }
    let largest = parts.iter().max_by_key(|(_, bytes)| *bytes).map_or("", |(name, _)| name);
    Err(Error::new(
        Code::TooLarge,
        largest,
        "makes the event larger than PostHog takes (900 kB; a replay 20 MB)",
    ))
}
