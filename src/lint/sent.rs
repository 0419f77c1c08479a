//! What PostHog would find wrong with an event that this package sends as it is.

use crate::event::time::Timestamp;
use crate::json::text::{self, is_blank, is_longer};
use crate::json::{self, RawObject};
use crate::lint::Finding;
use crate::lint::ingestion::IngestionWarning as Is;
use crate::request::names;

/// What PostHog stores of one person, at the most.
const MAX_PERSON_BYTES: usize = 655_360;
/// So far from now PostHog takes a replay.
const MAX_REPLAY_DISTANCE_MS: u64 = 7 * 24 * 3_600_000;
/// The newer endpoint counts bytes.
const MAX_DISTINCT_ID_BYTES: usize = 200;

/// Looks through one event as PostHog would read it.
pub(super) fn check(wire: &str, v1: bool, now: Timestamp, found: &mut Vec<Finding>) {
    let Some(event) = json::object(wire) else { return };
    let string = |name| event.get(name).and_then(json::unquote).unwrap_or_default();
    let properties = event.get("properties").and_then(json::object).unwrap_or(RawObject::EMPTY);
    let (name, distinct_id) = (string("event"), string(names::DISTINCT_ID));
    let is_replay = name == names::SNAPSHOT;
    if v1
        && !is_replay
        && distinct_id.len() > MAX_DISTINCT_ID_BYTES
        && !is_longer(&distinct_id, MAX_DISTINCT_ID_BYTES)
    {
        let message = "PostHog's newer endpoint drops an event whose id is over 200 bytes";
        found.push(Finding::posthogs(Is::DistinctIdTooLarge, "distinctId", message));
    }
    if name == names::CLIENT_INGESTION_WARNING {
        let message = "PostHog makes an ingestion warning of it, and stores no event";
        found.push(Finding::posthogs(Is::ClientIngestionWarning, "event", message));
    }
    if is_replay {
        return replay(properties, now, found);
    }
    person(&name, properties, found);
    cookieless(properties, found);
    if names::is_ai(&name) {
        tokens(properties, found);
    }
    heatmap(properties, found);
}

fn person(name: &str, properties: RawObject<'_>, found: &mut Vec<Finding>) {
    let bytes = |name| properties.get(name).map_or(0, str::len);
    if bytes(names::SET).saturating_add(bytes(names::SET_ONCE)) <= MAX_PERSON_BYTES {
        return;
    }
    let field = if name == names::IDENTIFY { "properties" } else { "set" };
    let message = "PostHog stores at most 640 kB of a person's properties";
    found.push(Finding::posthogs(Is::PersonPropertiesSizeViolation, field, message));
}

/// PostHog makes the id of a cookieless event from these.
fn cookieless(properties: RawObject<'_>, found: &mut Vec<Finding>) {
    if properties.get(names::COOKIELESS_MODE) != Some("true") {
        return;
    }
    for (name, warning) in [
        (names::RAW_USER_AGENT, Is::CookielessMissingUserAgent),
        (names::HOST, Is::CookielessMissingHost),
    ] {
        let text = properties.get(name).and_then(json::unquote);
        if text.is_none_or(|text| text.is_empty()) {
            let message = "PostHog drops a cookieless event without it";
            found.push(Finding::posthogs(warning, property(name), message));
        }
    }
}

/// Counts of tokens are numbers, or texts that are numbers; of an object, its `total` counts.
fn tokens(properties: RawObject<'_>, found: &mut Vec<Finding>) {
    for name in names::AI_TOKENS {
        let Some(value) = properties.get(name) else { continue };
        let total = json::object(value).and_then(|object| object.get("total"));
        if !is_count(total.unwrap_or(value)) {
            let message = "PostHog stores null for a count of tokens that is no number";
            found.push(Finding::posthogs(Is::InvalidAiTokenProperty, property(name), message));
        }
    }
}

fn is_count(raw: &str) -> bool {
    match raw.as_bytes() {
        [b'-' | b'0'..=b'9', ..] => true,
        [b'"', ..] => json::unquote(raw).is_some_and(|text| is_number(text.trim())),
        _ => raw == "null",
    }
}

/// Whether JavaScript's `Number` makes a finite number of it. Nothing is one too.
fn is_number(text: &str) -> bool {
    if let Some((radix, digits)) = text.split_at_checked(2)
        && let Some(radix) = match radix {
            "0x" | "0X" => Some(16),
            "0o" | "0O" => Some(8),
            "0b" | "0B" => Some(2),
            _ => None,
        }
    {
        return !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    }
    let unsigned = text.strip_prefix(['+', '-']);
    let (number, exponent) = match unsigned.unwrap_or(text).split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (unsigned.unwrap_or(text), None),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_empty = whole.is_empty() && fraction.is_empty();
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|text| !text.is_empty() && digits(text))
        && (!is_empty || text.is_empty())
}

/// A page's address, and an array of where it was clicked.
fn heatmap(properties: RawObject<'_>, found: &mut Vec<Finding>) {
    let data = properties.get(names::HEATMAP_DATA).and_then(json::object);
    for (address, items) in data.into_iter().flat_map(RawObject::entries) {
        let has_null = json::elements(items).map(|mut items| items.any(|item| item == "null"));
        let (warning, message) = match has_null {
            _ if is_blank(&address) => (
                Is::RejectingHeatmapDataWithInvalidUrl,
                "PostHog leaves out a page without an address",
            ),
            None => (
                Is::RejectingHeatmapDataWithInvalidItems,
                "PostHog leaves out a page whose items are no array",
            ),
            Some(true) => {
                (Is::InvalidHeatmapData, "PostHog leaves out all of it if one of the items is null")
            }
            Some(false) => continue,
        };
        // One of each will do: a page has as many entries as it likes.
        if found.iter().all(|other| other.warning != Some(warning)) {
            found.push(Finding::posthogs(warning, property(names::HEATMAP_DATA), message));
        }
    }
}

/// The first and the last time in a recording are near enough to now.
fn replay(properties: RawObject<'_>, now: Timestamp, found: &mut Vec<Finding>) {
    let items = properties.get(names::SNAPSHOT_DATA).and_then(json::elements);
    let mut range: Option<(i64, i64)> = None;
    for item in items.into_iter().flatten() {
        let Some(raw) = json::object(item).and_then(|item| item.get("timestamp")) else { continue };
        let whole = raw.split_once('.').map_or(raw, |(whole, _)| whole);
        let Some(at) = text::number::<i64>(whole).filter(|at| *at > 0) else { continue };
        range = Some(range.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }
    let Some((first, last)) = range else {
        let message = "PostHog drops a replay without an event that has a time";
        let warning = Is::MessageContainedNoValidRrwebEvents;
        return found.push(Finding::posthogs(warning, "events", message));
    };
    if [first, last].iter().any(|at| at.abs_diff(now.millis()) >= MAX_REPLAY_DISTANCE_MS) {
        let message = "PostHog drops a replay whose events are seven days or more from now";
        found.push(Finding::posthogs(Is::MessageTimestampDiffTooLarge, "events", message));
    }
}

fn property(name: &str) -> String {
    ["properties.", name].concat()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::is_number;

    #[test]
    fn what_javascript_takes_for_a_number() {
        for text in ["", "0", "12", "-1", "+1", "1.5", ".5", "5.", "1e3", "1E-3", "0x1F", "0b10"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["1,204", "12 tokens", "NaN", "Infinity", ".", "-", "e3", "1e", "1.2.3", "0x"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
