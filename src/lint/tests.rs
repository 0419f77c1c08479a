//! One row for each name, and what has none.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::usage::{Estimate, estimate};
use super::*;
use crate::event::time::Timestamp;

const NOW: &str = "2026-01-02T03:04:05Z";

fn options(text: &str) -> Options {
    Options::read(text).unwrap()
}

fn seed() -> EventSeed {
    EventSeed { now: Timestamp::parse(NOW).unwrap(), random: [7; 10] }
}

fn found(options: &str, tag: Tag, text: &str) -> Vec<Finding> {
    let mut n = 0_u8;
    let mut seed = || {
        n = n.wrapping_add(1);
        EventSeed { random: [n; 10], ..seed() }
    };
    lint(&mut [Input::from_text(tag, text)], &self::options(options), &mut seed)
}

/// The one name that PostHog has for it, and the field it is in.
fn named(options: &str, tag: Tag, text: &str) -> Vec<(&'static str, String)> {
    let findings = found(options, tag, text);
    let named = findings.iter().filter_map(|finding| Some((finding.warning?, finding)));
    named.map(|(warning, finding)| (warning.name(), finding.field.to_string())).collect()
}

const V0: &str = "{}";
const V1: &str = r#"{"protocol":"v1"}"#;

fn capture(rest: &str) -> String {
    format!(r#"{{"kind":"capture","event":"e","distinctId":"u",{rest}}}"#)
}

#[test]
fn posthog_has_a_name_for_it() {
    let long = "x".repeat(201);
    let name = |name: &str| format!(r#"{{"kind":"capture","event":"{name}","distinctId":"u"}}"#);
    let of = |id: &str| format!(r#"{{"kind":"capture","event":"e","distinctId":"{id}"}}"#);
    let properties = |text: &str| capture(&format!(r#""properties":{text}"#));
    let ai = |text: &str| {
        format!(r#"{{"event":"$ai_generation","distinctId":"u","properties":{{{text}}}}}"#)
    };
    let group = |rest: &str| format!(r#"{{"kind":"group_identify",{rest}}}"#);
    let replay = |rest: &str| format!(r#"{{"distinctId":"u",{rest}}}"#);
    let at = |time: &str| {
        let millis = Timestamp::parse(time).unwrap().millis();
        replay(&format!(r#""sessionId":"s","events":[{{"type":2}},{{"timestamp":{millis}}}]"#))
    };
    let big = "x".repeat(660_000);
    // It takes two events; its own test has them.
    let mut seen = vec!["duplicate_event_uuid"];
    for (options, tag, text, warning, field) in [
        (
            V0,
            Tag::Alias,
            r#"{"distinctId":"u","alias":"null"}"#.to_owned(),
            "cannot_merge_with_illegal_distinct_id",
            "alias",
        ),
        (V0, Tag::Track, name("$$client_ingestion_warning"), "client_ingestion_warning", "event"),
        (
            V0,
            Tag::Track,
            properties(r#"{"$cookieless_mode":true,"$raw_user_agent":"Mozilla"}"#),
            "cookieless_missing_host",
            "properties.$host",
        ),
        (
            V0,
            Tag::Track,
            properties(r#"{"$cookieless_mode":true,"$host":"x.com","$raw_user_agent":""}"#),
            "cookieless_missing_user_agent",
            "properties.$raw_user_agent",
        ),
        (V1, Tag::Track, of(&long), "distinct_id_too_large", "distinctId"),
        (V1, Tag::Track, of(&"é".repeat(101)), "distinct_id_too_large", "distinctId"),
        (V0, Tag::Track, of(&long), "distinct_id_truncated", "distinctId"),
        (V1, Tag::Track, name(&long), "event_name_too_long", "event"),
        (
            V0,
            Tag::Track,
            capture(r#""timestamp":"2026-01-03T03:04:05Z""#),
            "event_timestamp_in_future",
            "timestamp",
        ),
        (
            V0,
            Tag::Track,
            group(&format!(r#""group":["organization","{}"],"properties":{{}}"#, "k".repeat(401))),
            "group_key_too_long",
            "group",
        ),
        (
            V0,
            Tag::Track,
            capture(r#""timestamp":"yesterday""#),
            "ignored_invalid_timestamp",
            "timestamp",
        ),
        (
            V1,
            Tag::Track,
            capture(r#""timestamp":"yesterday""#),
            "invalid_event_timestamp",
            "timestamp",
        ),
        (
            V0,
            Tag::Ai,
            ai(r#""$ai_input_tokens":"1,204""#),
            "invalid_ai_token_property",
            "properties.$ai_input_tokens",
        ),
        (
            V0,
            Tag::Track,
            properties(r#"{"$heatmap_data":{"https://x":[null]}}"#),
            "invalid_heatmap_data",
            "properties.$heatmap_data",
        ),
        (
            V0,
            Tag::Track,
            properties(r#"{"$heatmap_data":{"https://x":7}}"#),
            "rejecting_heatmap_data_with_invalid_items",
            "properties.$heatmap_data",
        ),
        (
            V0,
            Tag::Track,
            properties(r#"{"$heatmap_data":{" ":[]," ":[]}}"#),
            "rejecting_heatmap_data_with_invalid_url",
            "properties.$heatmap_data",
        ),
        (V0, Tag::Track, capture(r#""uuid":"foo""#), "invalid_event_uuid", "uuid"),
        (
            V0,
            Tag::Track,
            group(r#""group":["organization","o"],"properties":[]"#),
            "invalid_group_set",
            "properties",
        ),
        (
            V0,
            Tag::Track,
            properties(r#"{"$process_person_profile":"false"}"#),
            "invalid_process_person_profile",
            "properties.$process_person_profile",
        ),
        (
            V0,
            Tag::Snapshot,
            replay(r#""sessionId":"a b","events":[{}]"#),
            "invalid_session_id",
            "sessionId",
        ),
        (V1, Tag::Track, properties("[]"), "malformed_event_properties", "properties"),
        (
            V0,
            Tag::Snapshot,
            replay(r#""sessionId":"s","events":[{"timestamp":0}]"#),
            "message_contained_no_valid_rrweb_events",
            "events",
        ),
        (
            V0,
            Tag::Track,
            properties(&format!(r#"{{"a":"{big}{big}"}}"#)),
            "message_size_too_large",
            "properties",
        ),
        (
            V0,
            Tag::Snapshot,
            at("2025-12-26T03:04:05Z"),
            "message_timestamp_diff_too_large",
            "events",
        ),
        (
            V0,
            Tag::Track,
            r#"{"kind":"capture","event":"e"}"#.to_owned(),
            "missing_distinct_id",
            "distinctId",
        ),
        (V0, Tag::Track, name(" "), "missing_event_name", "event"),
        (V0, Tag::Snapshot, replay(r#""events":[{}]"#), "missing_session_id", "sessionId"),
        (
            V0,
            Tag::Snapshot,
            replay(r#""sessionId":"s","events":[]"#),
            "missing_snapshot_data",
            "events",
        ),
        (
            V0,
            Tag::Track,
            capture(&format!(r#""set":{{"a":"{big}"}}"#)),
            "person_properties_size_violation",
            "set",
        ),
        (
            V0,
            Tag::Identify,
            format!(r#"{{"distinctId":"u","setOnce":{{"a":"{big}"}}}}"#),
            "person_properties_size_violation",
            "properties",
        ),
    ] {
        let shown = text.chars().take(120).collect::<String>();
        assert_eq!(named(options, tag, &text), [(warning, field.to_owned())], "{shown}");
        seen.push(warning);
    }
    let known = IngestionWarning::ALL.iter().map(|warning| warning.name());
    let unseen: Vec<_> = known.filter(|name| !seen.contains(name)).collect();
    assert_eq!(unseen, [""; 0]);
}

#[test]
fn what_posthog_takes_has_no_name() {
    let token = |value: &str| {
        format!(
            r#"{{"event":"$ai_span","distinctId":"u","properties":{{"$ai_output_tokens":{value}}}}}"#
        )
    };
    for (options, tag, text) in [
        (V0, Tag::Track, capture(r#""properties":{"a":1}"#)),
        (V0, Tag::Track, capture(r#""properties":[]"#)),
        (V0, Tag::Track, capture(r#""properties":{"$process_person_profile":true}"#)),
        (
            V0,
            Tag::Track,
            capture(r#""properties":{"$cookieless_mode":false,"$ai_input_tokens":{}}"#),
        ),
        (V0, Tag::Track, capture(r#""properties":{"$heatmap_data":{"https://x":[{}]}}"#)),
        (
            V0,
            Tag::Track,
            format!(r#"{{"kind":"capture","event":"{}","distinctId":"u"}}"#, "x".repeat(201)),
        ),
        (
            V0,
            Tag::Track,
            format!(r#"{{"kind":"capture","event":"e","distinctId":"{}"}}"#, "é".repeat(200)),
        ),
        (V0, Tag::Track, r#"{"kind":"capture","event":"e","distinctId":"null"}"#.to_owned()),
        (V1, Tag::Track, capture(r#""timestamp":"2026-01-03T03:04:05Z""#)),
        (
            V0,
            Tag::Track,
            r#"{"kind":"group_identify","group":["organization",""],"properties":{}}"#.to_owned(),
        ),
        (V0, Tag::Track, r#"{"kind":"group_identify","group":["organization","o"]}"#.to_owned()),
        (V0, Tag::Alias, r#"{"distinctId":"u"}"#.to_owned()),
        (V0, Tag::Ai, r#"{"event":"e","distinctId":"u"}"#.to_owned()),
        (V0, Tag::Refused, r#"{"code":"too_large","message":"is behind the 8 MB"}"#.to_owned()),
        (V0, Tag::Ai, token("12")),
        (V0, Tag::Ai, token("\"12\"")),
        (V0, Tag::Ai, token("null")),
        (V0, Tag::Ai, token(r#"{"total":12}"#)),
        (
            V0,
            Tag::Snapshot,
            format!(
                r#"{{"distinctId":"u","sessionId":"s","events":[{{"timestamp":{}.5}}]}}"#,
                Timestamp::parse("2026-01-01").unwrap().millis()
            ),
        ),
    ] {
        assert_eq!(named(options, tag, &text), [], "{text}");
    }
}

#[test]
fn what_would_not_be_sent_comes_first_and_several_are_told_apart() {
    let text = |line: &str| Input::from_owned(Tag::Track, line.to_owned());
    let mut inputs = [
        text(r#"{"kind":"capture","event":"a","distinctId":"anonymous"}"#),
        text(r#"{"kind":"capture","event":"$$client_ingestion_warning","distinctId":"u"}"#),
        text(r#"{"kind":"capture","event":"","distinctId":"u"}"#),
    ];
    let findings = lint(&mut inputs, &options(V0), &mut seed);
    let told: Vec<_> = findings.iter().map(|found| (found.code, found.field.as_ref())).collect();
    let told_apart = [
        ("invalid_event", "events[2].event"),
        ("illegal_distinct_id", "events[0].distinctId"),
        ("ingestion_warning", "events[1].event"),
    ];
    assert_eq!(told, told_apart);
}

#[test]
fn the_newer_endpoint_wants_uuids_that_differ() {
    let one = capture(r#""uuid":"01b3c1a2-0000-7000-8000-000000000001""#);
    let two = capture(r#""uuid":"01B3C1A2-0000-7000-8000-000000000001""#);
    let inputs = || [&one, &two, &one].map(|text| Input::from_text(Tag::Track, text));
    let fields = |options: &str| -> Vec<String> {
        let findings = lint(&mut inputs(), &self::options(options), &mut seed);
        findings
            .iter()
            .map(|found| [found.warning.unwrap().name(), " ", &found.field].concat())
            .collect()
    };
    let twins = ["duplicate_event_uuid events[1].uuid", "duplicate_event_uuid events[2].uuid"];
    assert_eq!(fields(V1), twins);
    assert_eq!(fields(V0), [""; 0]);
}

#[test]
fn an_exception_is_looked_at_without_what_was_thrown() {
    assert_eq!(found(V0, Tag::Exception, r#"{"distinctId":"u"}"#), []);
    let wrong = found(V0, Tag::Exception, r#"{"level":"loud"}"#);
    assert_eq!(wrong.iter().map(|found| found.code).collect::<Vec<_>>(), ["invalid_type"]);
}

#[test]
fn events_are_counted_as_posthog_counts_them() {
    let inputs = [
        (Tag::Track, r#"{"kind":"capture","event":"e","distinctId":"u"}"#),
        (Tag::Track, r#"{"kind":"capture","event":"e","groups":[["organization","o"]]}"#),
        (Tag::Track, r#"{"kind":"capture","event":"e","distinctId":"u","personless":true}"#),
        // Sent identified, because PostHog would not link it.
        (
            Tag::Track,
            r#"{"kind":"capture","event":"e","groups":[["organization","o"]],"personless":true}"#,
        ),
        (Tag::Track, r#"{"kind":"group_identify","group":["organization","o"],"properties":{}}"#),
        (Tag::Identify, r#"{"distinctId":"u"}"#),
        (Tag::Alias, r#"{"distinctId":"u","alias":"v"}"#),
        (Tag::Exception, r#"{"distinctId":"u"}"#),
        (Tag::Ai, r#"{"event":"$ai_span","distinctId":"u"}"#),
        (Tag::Track, r#"{"kind":"capture","event":"survey sent","distinctId":"u"}"#),
        (Tag::Track, r#"{"kind":"capture","event":"survey shown","distinctId":"u"}"#),
        (Tag::Track, r#"{"kind":"capture","event":"$feature_flag_called","distinctId":"u"}"#),
        (Tag::Snapshot, r#"{"distinctId":"u","sessionId":"s1","events":[{}]}"#),
        (Tag::Snapshot, r#"{"distinctId":"u","sessionId":"s2","events":[{}]}"#),
        (Tag::Snapshot, r#"{"distinctId":"u","sessionId":"s1","events":[{}]}"#),
        (Tag::Track, r#"{"kind":"capture","event":"","distinctId":"u"}"#),
    ];
    let mut inputs: Vec<_> =
        inputs.into_iter().map(|(tag, text)| Input::from_text(tag, text)).collect();
    let counted = estimate(&mut inputs, &options(V0), &mut seed);
    let expected = Estimate {
        identified: 6,
        personless: 1,
        with_groups: 2,
        ai: 1,
        exceptions: 1,
        survey_responses: 1,
        replays: 2,
        unbilled: 2,
        not_sent: 1,
    };
    assert_eq!(counted, expected);
}

#[test]
fn options_that_cannot_be_read_are_a_finding() {
    let error = Options::read(r#"{"protocol":"v2"}"#).unwrap_err();
    assert_eq!(Finding::from(error).code, "invalid_config");
}
