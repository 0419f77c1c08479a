//! PostHog's ingestion warnings, by PostHog's own names: those that an event alone can be asked for.
//! docs/ingestion-warnings.md has all of them, with where each fact is from.

macro_rules! warnings {
    ($($variant:ident => $name:literal, $doc:literal;)*) => {
        /// What PostHog's list of ingestion warnings in a project would say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum IngestionWarning { $(#[doc = $doc] $variant),* }

        impl IngestionWarning {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// PostHog's name for it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

warnings! {
    CannotMerge => "cannot_merge_with_illegal_distinct_id", "A merge with an id that many share is refused";
    ClientIngestionWarning => "client_ingestion_warning", "An event of PostHog's own name for a client's warnings";
    CookielessMissingHost => "cookieless_missing_host", "A cookieless event without `$host` is dropped";
    CookielessMissingUserAgent => "cookieless_missing_user_agent", "A cookieless event without `$raw_user_agent` is dropped";
    DistinctIdTooLarge => "distinct_id_too_large", "The newer endpoint drops an id over 200 bytes";
    DistinctIdTruncated => "distinct_id_truncated", "The older endpoints cut an id at 200 characters";
    DuplicateEventUuid => "duplicate_event_uuid", "The newer endpoint refuses a request with two events of one uuid";
    EventNameTooLong => "event_name_too_long", "The newer endpoint drops a name over 200 bytes";
    EventTimestampInFuture => "event_timestamp_in_future", "A time more than 23 hours ahead becomes now";
    GroupKeyTooLong => "group_key_too_long", "A profile whose group's key is over 400 characters is dropped";
    IgnoredInvalidTimestamp => "ignored_invalid_timestamp", "A time that cannot be read becomes now";
    InvalidAiTokenProperty => "invalid_ai_token_property", "A count of tokens that is no number becomes null";
    InvalidEventTimestamp => "invalid_event_timestamp", "The newer endpoint drops an event whose time cannot be read";
    InvalidEventUuid => "invalid_event_uuid", "A request with a uuid that is none is refused";
    InvalidGroupSet => "invalid_group_set", "A group's properties that are no object are left out";
    InvalidHeatmapData => "invalid_heatmap_data", "Heatmap data that cannot be read is left out";
    InvalidProcessPersonProfile => "invalid_process_person_profile", "A value that is no boolean counts as true";
    InvalidSessionId => "invalid_session_id", "A replay whose session has another form is refused";
    MalformedEventProperties => "malformed_event_properties", "The newer endpoint drops an event whose properties are no object";
    MessageContainedNoValidRrwebEvents => "message_contained_no_valid_rrweb_events", "A replay without an event that has a time is dropped";
    MessageSizeTooLarge => "message_size_too_large", "An event of more than about 1 MB is dropped";
    MessageTimestampDiffTooLarge => "message_timestamp_diff_too_large", "A replay seven days from now is dropped";
    MissingDistinctId => "missing_distinct_id", "An event of nobody's is refused";
    MissingEventName => "missing_event_name", "An event without a name is refused";
    MissingSessionId => "missing_session_id", "A replay without a session is refused";
    MissingSnapshotData => "missing_snapshot_data", "A replay without events is refused";
    PersonPropertiesSizeViolation => "person_properties_size_violation", "A person's properties that come to too much are not stored";
    RejectingHeatmapDataWithInvalidItems => "rejecting_heatmap_data_with_invalid_items", "A heatmap's page whose items are no array is left out";
    RejectingHeatmapDataWithInvalidUrl => "rejecting_heatmap_data_with_invalid_url", "A heatmap's page without an address is left out";
}
