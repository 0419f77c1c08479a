#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::error::Code;
use crate::event::Event;
use crate::event::id::EventSeed;
use crate::event::input::{Input, Tag};

fn now() -> Timestamp {
    Timestamp::parse("2026-01-02T03:04:05Z").unwrap()
}

fn policy() -> Policy {
    Policy { group_types: vec!["organization".into()], send_ip: false, privacy: Default::default() }
}

/// Reads and admits one input; the properties that are left, and the warnings' codes.
fn admitted(raw: &str, policy: &Policy) -> Result<(String, bool, Vec<&'static str>), Error> {
    let mut warnings = Vec::new();
    let seed = EventSeed { now: now(), random: [0; 10] };
    let tag = match json::object(raw).and_then(|raw| raw.get("kind")) {
        Some(r#""alias""#) => Tag::Alias,
        Some(r#""group_identify""#) => Tag::GroupIdentify,
        Some(r#""identify""#) => Tag::Identify,
        Some(r#""snapshot""#) => Tag::Snapshot,
        _ => Tag::Capture,
    };
    let input = Input::from_text(tag, raw);
    let mut event = Event::read(&input, None, &seed, &mut warnings)?;
    let admitted = policy.admit(&mut event, now(), &mut warnings)?;
    let codes = warnings.iter().map(|warning| warning.code.name()).collect();
    Ok((admitted.properties().to_owned(), admitted.personless(), codes))
}

fn capture(rest: &str) -> String {
    [r#"{"kind":"capture","event":"e","distinctId":"u""#, rest, "}"].concat()
}

#[test]
fn plain_properties_go_through_untouched() {
    let raw = capture(r#","properties":{ "a" : 1.50e3,"b":[ 1 ] }"#);
    assert_eq!(
        admitted(&raw, &policy()).unwrap(),
        (r#""a" : 1.50e3,"b":[ 1 ]"#.into(), false, vec![])
    );
}

#[test]
fn names_that_forge_profiles_are_refused() {
    for (rest, field) in [
        (r#","properties":{"$groups":{"organization":"victim"}}"#, "properties.$groups"),
        (r#","properties":{"\u0024groups":{}}"#, "properties.$groups"),
        (r#","properties":{"$group_0":"victim"}"#, "properties.$group_0"),
        (r#","properties":{"$group_set":{}}"#, "properties.$group_set"),
    ] {
        let error = admitted(&capture(rest), &policy()).unwrap_err();
        assert_eq!((error.code, error.field.as_ref()), (Code::ReservedName, field));
    }
    for name in ["$groupidentify", "$identify", "$create_alias", "$merge_dangerously", "$snapshot"]
    {
        let raw = format!(r#"{{"kind":"capture","event":"{name}","distinctId":"u"}}"#);
        assert_eq!(admitted(&raw, &policy()).unwrap_err().code, Code::ReservedName, "{name}");
    }
}

#[test]
fn a_group_type_that_the_project_does_not_have_is_refused() {
    let error = admitted(&capture(r#","groups":[["organisation","o"]]"#), &policy()).unwrap_err();
    assert_eq!((error.code, error.field.as_ref()), (Code::UnknownGroupType, "groups[0]"));
    let raw = r#"{"kind":"group_identify","group":["team","o"],"properties":{}}"#;
    assert_eq!(admitted(raw, &policy()).unwrap_err().field, "group");
}

#[test]
fn groups_win_over_personless() {
    let grouped = r#","groups":[["organization","o"]]"#;
    for asked in [r#","personless":true"#, r#","properties":{"$process_person_profile":false}"#] {
        assert_eq!(admitted(&capture(asked), &policy()).unwrap(), (String::new(), true, vec![]));
        let (_, personless, codes) =
            admitted(&capture(&[asked, grouped].concat()), &policy()).unwrap();
        assert_eq!((personless, codes), (false, vec!["personless_with_groups"]));
    }
}

#[test]
fn an_address_leaves_only_when_asked_to() {
    let raw = capture(r#","ip":"1.2.3.4","properties":{"$ip":"5.6.7.8","a":1}"#);
    let (properties, _, codes) = admitted(&raw, &policy()).unwrap();
    assert_eq!((properties.as_str(), codes), (r#""a":1"#, vec!["ip_dropped", "ip_dropped"]));
    let sending = Policy { send_ip: true, ..policy() };
    let (properties, _, codes) = admitted(&raw, &sending).unwrap();
    assert_eq!((properties.as_str(), codes), (r#""a":1"#, vec!["conflicting_property"]));
    let raw = capture(r#","properties":{"$ip":"5.6.7.8"}"#);
    assert_eq!(admitted(&raw, &sending).unwrap().0, r#""$ip":"5.6.7.8""#);
}

#[test]
fn a_warning_names_the_person_whose_property_it_was() {
    let raw = capture(
        r#","properties":{"key":"mine","$set":{"key":"sk_live_abcdef"},"$set_once":{"key":"sk_live_abcdef"}}"#,
    );
    let mut warnings = Vec::new();
    let input = Input::from_text(Tag::Capture, &raw);
    let seed = EventSeed { now: now(), random: [0; 10] };
    let mut event = Event::read(&input, None, &seed, &mut warnings).unwrap();
    policy().admit(&mut event, now(), &mut warnings).unwrap();
    let fields: Vec<_> = warnings.iter().map(|warning| warning.field.as_ref()).collect();
    assert_eq!(fields, ["properties.$set.key", "properties.$set_once.key"]);
}

#[test]
fn our_own_properties_are_ours() {
    let raw = capture(
        r#","set":{"a":1},"properties":{"$lib":"x","$set":{"b":2},"$set_once":{"c":3},"d":4}"#,
    );
    let (properties, _, codes) = admitted(&raw, &policy()).unwrap();
    assert_eq!(properties, r#""$set_once":{"c":3},"d":4"#);
    assert_eq!(codes, ["reserved_property", "conflicting_property"]);
}

#[test]
fn what_posthog_would_do_silently_is_said() {
    for (rest, code) in [
        (format!(r#","distinctId":"{}""#, "x".repeat(201)), "distinct_id_too_long"),
        (r#","distinctId":" Anonymous""#.to_owned(), "illegal_distinct_id"),
        (r#","timestamp":"2026-01-03T02:04:05.001Z""#.to_owned(), "timestamp_in_future"),
        (r#","distinct_id":"u""#.to_owned(), "unknown_field"),
        (format!(r#","event":"{}""#, "x".repeat(201)), "event_name_too_long"),
    ] {
        assert_eq!(admitted(&capture(&rest), &policy()).unwrap().2, [code], "{rest}");
    }
    assert!(
        admitted(&capture(r#","timestamp":"2026-01-03T02:04:05Z""#), &policy())
            .unwrap()
            .2
            .is_empty()
    );
}

#[test]
fn an_alias_of_nobody_is_refused() {
    for (raw, field) in [
        (r#"{"kind":"alias","distinctId":"u","alias":"undefined"}"#, "alias"),
        (r#"{"kind":"alias","distinctId":"NULL","alias":"b"}"#, "distinctId"),
    ] {
        let error = admitted(raw, &policy()).unwrap_err();
        assert_eq!((error.code, error.field.as_ref()), (Code::IllegalDistinctId, field));
    }
}
