//! Every name that PostHog gives a meaning to, and the paths of events: the one place where they are
//! spelt, but for what the stand-ins keep (`compat`). Constants only, so every layer may name them.

/// Alias: two ids are one person.
pub const CREATE_ALIAS: &str = "$create_alias";
/// An exception.
pub const EXCEPTION: &str = "$exception";
/// A group's profile.
pub const GROUP_IDENTIFY: &str = "$groupidentify";
/// A person's profile.
pub const IDENTIFY: &str = "$identify";
/// Merges two persons without a check.
pub const MERGE_DANGEROUSLY: &str = "$merge_dangerously";
/// A piece of a session replay.
pub const SNAPSHOT: &str = "$snapshot";

/// A client's own warning, of which PostHog makes an ingestion warning.
pub const CLIENT_INGESTION_WARNING: &str = "$$client_ingestion_warning";
/// A response to a survey.
pub const SURVEY_SENT: &str = "survey sent";
/// What PostHog does not bill: its own events, and those that it stores no event for.
pub const UNBILLED: [&str; 14] = [
    FEATURE_FLAG_CALLED,
    "$experiment_exposure",
    "survey shown",
    "survey dismissed",
    "$llm_prompt_fetched",
    "$conversations_loaded",
    "$conversations_widget_loaded",
    "$conversations_message_sent",
    "$conversations_user_identified",
    "$conversations_restore_link_requested",
    "$conversations_widget_state_changed",
    "$conversations_back_to_tickets",
    "$$heatmap",
    CLIENT_INGESTION_WARNING,
];

/// What all of PostHog's own names start with.
pub const PREFIX: char = '$';
/// The debug images of native frames.
pub const DEBUG_IMAGES: &str = "$debug_images";
/// Names that belong to an exception start with it.
pub const EXCEPTION_PREFIX: &str = "$exception_";
/// A caller's own grouping of exceptions.
pub const EXCEPTION_FINGERPRINT: &str = "$exception_fingerprint";
/// How bad an exception is.
pub const EXCEPTION_LEVEL: &str = "$exception_level";
/// The errors of an exception.
pub const EXCEPTION_LIST: &str = "$exception_list";
/// A device, in what is known of a person.
pub const DEVICE_ID: &str = "$device_id";
/// PostHog counts the person without an id of theirs.
pub const COOKIELESS_MODE: &str = "$cookieless_mode";
/// Keeps PostHog from locating the connection.
pub const GEOIP_DISABLE: &str = "$geoip_disable";
/// A group's key, in its profile.
pub const GROUP_KEY: &str = "$group_key";
/// `$group_0` to `$group_4` are the server's; the others belong to a group's profile.
pub const GROUP_PREFIX: &str = "$group_";
/// A group's properties.
pub const GROUP_SET: &str = "$group_set";
/// A group's type, in its profile.
pub const GROUP_TYPE: &str = "$group_type";
/// The groups that an event belongs to.
pub const GROUPS: &str = "$groups";
/// The event's time is a source's: PostHog's clock changes nothing about it.
pub const IGNORE_SENT_AT: &str = "$ignore_sent_at";
/// Counts of tokens, which are numbers.
pub const AI_TOKENS: [&str; 5] = [
    "$ai_input_tokens",
    "$ai_output_tokens",
    "$ai_reasoning_tokens",
    "$ai_cache_read_input_tokens",
    "$ai_cache_creation_input_tokens",
];
/// Where a page was clicked, by its address.
pub const HEATMAP_DATA: &str = "$heatmap_data";
/// The site, which a cookieless person's id is made from.
pub const HOST: &str = "$host";
/// The browser, for the same.
pub const RAW_USER_AGENT: &str = "$raw_user_agent";
/// The address to locate a person by.
pub const IP: &str = "$ip";
/// That a server sent the event.
pub const IS_SERVER: &str = "$is_server";
/// The sender's name.
pub const LIB: &str = "$lib";
/// The sender's version.
pub const LIB_VERSION: &str = "$lib_version";
/// `false`: PostHog keeps no person.
pub const PROCESS_PERSON_PROFILE: &str = "$process_person_profile";
/// A product tour.
pub const PRODUCT_TOUR_ID: &str = "$product_tour_id";
/// A replay's session.
pub const SESSION_ID: &str = "$session_id";
/// Person properties to set.
pub const SET: &str = "$set";
/// Person properties to set unless they are there.
pub const SET_ONCE: &str = "$set_once";
/// How long a replay's events are.
pub const SNAPSHOT_BYTES: &str = "$snapshot_bytes";
/// A replay's events.
pub const SNAPSHOT_DATA: &str = "$snapshot_data";
/// What recorded a replay.
pub const SNAPSHOT_SOURCE: &str = "$snapshot_source";
/// A replay's window.
pub const WINDOW_ID: &str = "$window_id";
/// A person, in the properties of what needs it there.
pub const DISTINCT_ID: &str = "distinct_id";
/// The project's key, in the properties of a replay.
pub const TOKEN: &str = "token";

/// Events, many at a time.
pub const BATCH_PATH: &str = "/batch/";
/// AI events, many at a time.
pub const AI_PATH: &str = "/i/v0/ai/batch/";
/// Events, each with its own verdict.
pub const V1_PATH: &str = "/i/v1/analytics/events";
/// Session replays.
pub const REPLAY_PATH: &str = "/s/";

/// Whether an event of this name is about a model's work.
pub fn is_ai(event: &str) -> bool {
    event.starts_with("$ai_")
}

/// Feature flags, evaluated by PostHog.
pub const FLAGS_PATH: &str = "/flags/?v=2";
/// Their definitions; the project's key comes next.
pub const DEFINITIONS_PATH: &str = "/flags/definitions?token=";
/// And the cohorts that they name.
pub const SEND_COHORTS: &str = "&send_cohorts";

/// That a flag was read.
pub const FEATURE_FLAG_CALLED: &str = "$feature_flag_called";
/// The flags that are on.
pub const ACTIVE_FLAGS: &str = "$active_feature_flags";
/// One flag's value, behind its key.
pub const FEATURE_PREFIX: &str = "$feature/";
/// The flag that was read.
pub const FEATURE_FLAG: &str = "$feature_flag";
/// What is wrong.
pub const FEATURE_FLAG_ERROR: &str = "$feature_flag_error";
/// When it was evaluated.
pub const FEATURE_FLAG_EVALUATED_AT: &str = "$feature_flag_evaluated_at";
/// Whether an experiment runs on it.
pub const FEATURE_FLAG_HAS_EXPERIMENT: &str = "$feature_flag_has_experiment";
/// The flag's own id.
pub const FEATURE_FLAG_ID: &str = "$feature_flag_id";
/// When its definition was fetched.
pub const FEATURE_FLAG_LOADED_AT: &str = "$feature_flag_definitions_loaded_at";
/// Why it has its value.
pub const FEATURE_FLAG_REASON: &str = "$feature_flag_reason";
/// The request that PostHog answered.
pub const FEATURE_FLAG_REQUEST_ID: &str = "$feature_flag_request_id";
/// Its value.
pub const FEATURE_FLAG_RESPONSE: &str = "$feature_flag_response";
/// Its definition's version.
pub const FEATURE_FLAG_VERSION: &str = "$feature_flag_version";
/// Whether PostHog was not asked.
pub const LOCALLY_EVALUATED: &str = "locally_evaluated";

/// What [`FEATURE_FLAG_ERROR`] says.
pub mod flag_error {
    /// PostHog could not evaluate some of the flags.
    pub const COMPUTING: &str = "errors_while_computing_flags";
    /// The flag could not be decided here.
    pub const INCONCLUSIVE: &str = "local_evaluation_inconclusive";
    /// There is no such flag.
    pub const MISSING: &str = "flag_missing";
    /// The project is over its quota.
    pub const QUOTA: &str = "quota_limited";
    /// Those that a whole answer may have.
    pub const IN_EVENTS: [&str; 2] = [COMPUTING, QUOTA];
}

/// The events that have a method of their own, and its name.
pub const METHODS: [(&str, &str); 5] = [
    (CREATE_ALIAS, "alias"),
    (GROUP_IDENTIFY, "groupIdentify"),
    (IDENTIFY, "identify"),
    (MERGE_DANGEROUSLY, "alias"),
    (SNAPSHOT, "captureSnapshot"),
];

/// What an event has among its properties whose time is not corrected.
pub const IGNORING_SENT_AT: &str = r#""$ignore_sent_at":true"#;

/// Who we are. Not posthog-node's name, nor one whose frames PostHog reverses.
pub const OUR_LIB: &str = "posthog-wasm";
/// Our version.
pub const OUR_VERSION: &str = env!("CARGO_PKG_VERSION");
/// Workers' fetch sends none of its own.
pub const USER_AGENT: &str = concat!("posthog-wasm/", env!("CARGO_PKG_VERSION"));
/// What every event's properties start with.
pub const SENDER: &str = concat!(
    r#""$lib":"posthog-wasm","$lib_version":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","$is_server":true"#
);
