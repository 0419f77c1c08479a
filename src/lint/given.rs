//! What a caller gave, asked once more when something about it was refused or changed: PostHog has
//! several names where this package has one.

use crate::error::{Code, Mistake};
use crate::event::group::MAX_GROUP_CHARS;
use crate::event::input::{Input, Tag};
use crate::json::text::{is_blank, is_longer};
use crate::json::{self, RawObject};
use crate::lint::ingestion::IngestionWarning;
use crate::request::names;

/// The field of the one property that is read as an option.
const PERSON_PROFILE: &str = "properties.$process_person_profile";

/// One input as it was given.
pub(super) struct Given {
    tag: Tag,
    text: String,
    /// Whether it would go to PostHog's newer endpoint.
    v1: bool,
}

impl Given {
    pub(super) fn of(input: &Input<'_>, v1: bool) -> Self {
        Self { tag: input.tag(), text: input.to_text().into_owned(), v1 }
    }

    /// What PostHog would call it.
    pub(super) fn posthogs_name(&self, mistake: &Mistake) -> Option<IngestionWarning> {
        use IngestionWarning as Is;
        let Self { tag, v1, .. } = *self;
        let is_replay = tag == Tag::Snapshot;
        Some(match (mistake.code, &*mistake.field) {
            (Code::DistinctIdTooLong, _) if v1 && !is_replay => Is::DistinctIdTooLarge,
            (Code::DistinctIdTooLong, _) => Is::DistinctIdTruncated,
            (Code::EventNameTooLong, _) if v1 => Is::EventNameTooLong,
            (Code::IllegalDistinctId, _) if tag == Tag::Alias => Is::CannotMerge,
            (Code::InvalidEvent, "event") if self.has_no_text("event") => Is::MissingEventName,
            (Code::InvalidGroup, "group") if self.group_key_is_too_long() => Is::GroupKeyTooLong,
            (Code::InvalidSession, "sessionId") if self.has_no_text("sessionId") => {
                Is::MissingSessionId
            }
            (Code::InvalidSession, "sessionId") => Is::InvalidSessionId,
            (Code::InvalidTimestamp, "timestamp") if v1 && !is_replay => Is::InvalidEventTimestamp,
            (Code::InvalidTimestamp, "timestamp") => Is::IgnoredInvalidTimestamp,
            (Code::InvalidType, "events") if is_replay => Is::MissingSnapshotData,
            (Code::InvalidType, "properties") if self.get("properties").is_some() => {
                if self.is_group_profile() {
                    Is::InvalidGroupSet
                } else if v1 && !is_replay {
                    Is::MalformedEventProperties
                } else {
                    return None;
                }
            }
            (Code::InvalidUuid, _) => Is::InvalidEventUuid,
            (Code::MissingDistinctId, "distinctId") => Is::MissingDistinctId,
            (Code::ReservedProperty, PERSON_PROFILE) if !self.person_profile_is_boolean() => {
                Is::InvalidProcessPersonProfile
            }
            (Code::TimestampInFuture, _) if !v1 => Is::EventTimestampInFuture,
            // Without a field it is this package's own limit of one call.
            (Code::TooLarge, field) if !field.is_empty() && !is_replay => Is::MessageSizeTooLarge,
            _ => return None,
        })
    }

    /// The text of a field that was given.
    fn get(&self, name: &str) -> Option<&str> {
        json::object(&self.text)?.get(name).filter(|raw| *raw != "null")
    }

    fn has_no_text(&self, name: &str) -> bool {
        let text = self.get(name).map(json::unquote);
        text.is_none_or(|text| text.is_some_and(|text| is_blank(&text)))
    }

    fn is_group_profile(&self) -> bool {
        self.tag == Tag::GroupIdentify || self.get("kind") == Some("\"group_identify\"")
    }

    fn group_key_is_too_long(&self) -> bool {
        let key = self.get("group").and_then(json::elements).and_then(|mut pair| pair.nth(1));
        let key = key.and_then(json::unquote);
        key.is_some_and(|key| is_longer(&key, MAX_GROUP_CHARS))
    }

    fn person_profile_is_boolean(&self) -> bool {
        let properties = self.get("properties").and_then(json::object);
        let value =
            properties.and_then(|all: RawObject<'_>| all.get(names::PROCESS_PERSON_PROFILE));
        matches!(value, Some("true" | "false"))
    }
}
