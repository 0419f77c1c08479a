//! Laws, over generated inputs: what holds for every event, whatever is in it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

use posthog_wasm::event::id::EventSeed;
use posthog_wasm::event::input::{Input, Tag};
use posthog_wasm::event::time::Timestamp;
use posthog_wasm::json;
use posthog_wasm::lint::{self, usage};
use posthog_wasm::policy::Policy;
use posthog_wasm::request::Project;
use posthog_wasm::request::before_send::{self, BeforeSend};
use posthog_wasm::request::host;
use posthog_wasm::request::prepare::{PrepareResult, Prepared, Rules, prepare};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn prepared(text: &str, tag: Tag) -> Prepared {
    let policy = Policy {
        group_types: vec!["organization".into()],
        send_ip: false,
        privacy: Default::default(),
    };
    let rules = Rules { policy: &policy, logsnag: None };
    let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
    let mut inputs: Vec<_> = text.split('\n').map(|text| Input::from_text(tag, text)).collect();
    prepare(&mut inputs, None, &rules, &mut || EventSeed { now, random: [1; 10] }, &mut |_| None)
}

/// Any JSON that JavaScript could have written.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "\\PC{0,3}[\"\\\\{}\\[\\],:$ ]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::from(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn any_properties() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[^$].{0,12}", any_json(), 0..8)
        .prop_map(|map| map.into_iter().collect())
}

/// What lint looks at on its own, with anything in it.
fn any_of_posthogs() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop::sample::select(vec![
        "$ai_input_tokens",
        "$heatmap_data",
        "$cookieless_mode",
        "$host",
        "$process_person_profile",
        "$set",
    ]);
    prop::collection::btree_map(name.prop_map(str::to_owned), any_json(), 0..6)
        .prop_map(|map| map.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// Lint says first what would not be sent, and only of that; every event is counted once.
    #[test]
    fn lint_and_estimate_agree_with_what_is_sent(
        event in prop_oneof![Just("$ai_span"), Just("e"), Just(""), Just("$snapshot"), Just("$identify")],
        properties in any_of_posthogs(),
        events in any_json(),
        v1 in any::<bool>(),
    ) {
        let capture = json!({ "kind": "capture", "event": event, "distinctId": "u", "properties": properties });
        let replay = json!({ "distinctId": "u", "sessionId": "s", "events": events });
        let text = if v1 { r#"{"protocol":"v1"}"# } else { "{}" };
        let options = lint::Options::read(text).expect("options");
        let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
        let mut seed = || EventSeed { now, random: [1; 10] };
        for (tag, input) in [(Tag::Track, capture.to_string()), (Tag::Snapshot, replay.to_string())] {
            let refused = prepared(&input, tag).events[0].1 != PrepareResult::Ready;
            let found = lint::lint(&mut [Input::from_text(tag, &input)], &options, &mut seed);
            let counted = usage::estimate(&mut [Input::from_text(tag, &input)], &options, &mut seed);
            let codes = ["invalid_event", "invalid_type", "reserved_name", "too_deep"];
            let first = found.first().is_some_and(|found| codes.contains(&found.code));
            prop_assert_eq!(refused, first, "{:?}", found);
            prop_assert_eq!(counted.not_sent, usize::from(refused));
            let kinds = [counted.identified, counted.personless, counted.ai, counted.replays];
            prop_assert_eq!(kinds.iter().sum::<usize>(), usize::from(!refused));
            // What has no code of ours has PostHog's name.
            let named = |found: &lint::Finding| found.code != lint::CODE || found.warning.is_some();
            prop_assert!(found.iter().all(named), "{:?}", found);
        }
    }

    /// What a caller puts into properties arrives as it was, and nothing of it is lost.
    #[test]
    fn properties_arrive_unchanged(properties in any_properties()) {
        let input = json!({ "kind": "capture", "event": "e", "distinctId": "u", "properties": properties });
        let prepared = prepared(&input.to_string(), Tag::Capture);
        prop_assert_eq!(&prepared.events[0].1, &PrepareResult::Ready);
        let mut sent: Value = serde_json::from_str(prepared.wires[0].1.text()).expect("JSON");
        let sent = sent["properties"].as_object_mut().expect("properties");
        for ours in ["$lib", "$lib_version", "$is_server", "$geoip_disable"] {
            prop_assert!(sent.remove(ours).is_some());
        }
        prop_assert_eq!(&*sent, &properties);
    }

    /// Leaving out a property of ours takes nothing from the others: the spliced way and the way
    /// member by member come to the same.
    #[test]
    fn dropping_one_property_keeps_the_rest(properties in any_properties()) {
        let mut with_ours = properties.clone();
        with_ours.insert("$lib".into(), "mine".into());
        let wire = |properties: &Map<String, Value>| {
            let input = json!({ "kind": "capture", "event": "e", "distinctId": "u", "properties": properties });
            let prepared = prepared(&input.to_string(), Tag::Capture);
            serde_json::from_str::<Value>(prepared.wires[0].1.text()).expect("JSON")
        };
        prop_assert_eq!(wire(&properties), wire(&with_ours));
    }

    /// The cursor takes objects and arrays apart as serde_json does.
    #[test]
    fn the_cursor_agrees_with_serde(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("text");
        if let Value::Object(map) = &value {
            let object = json::RawObject::read(&text, "x").expect("an object");
            let members: Map<String, Value> = object.entries()
                .map(|(key, raw)| (key.into_owned(), serde_json::from_str(raw).expect("JSON")))
                .collect();
            prop_assert_eq!(&members, map);
        }
        if let Value::Array(list) = &value {
            let elements: Vec<Value> = json::elements(&text).expect("an array")
                .map(|raw| serde_json::from_str(raw).expect("JSON"))
                .collect();
            prop_assert_eq!(&elements, list);
        }
    }

    /// However it is broken up by surrogates, mended text is valid JSON and stays as it is.
    #[test]
    fn mended_text_is_json(parts in prop::collection::vec(prop_oneof![
        Just("\\ud83d".to_owned()), Just("\\ude00".to_owned()), Just("\\uD800".to_owned()),
        Just("\\\\".to_owned()), Just("\\n".to_owned()), Just("u".to_owned()), Just("\\u0041".to_owned()),
        "[a-zé😀d8]{0,3}",
    ], 0..12)) {
        let text = format!("\"{}\"", parts.concat());
        let mended = json::replace_lone_surrogates(&text).unwrap_or_else(|| text.clone());
        prop_assert!(serde_json::from_str::<String>(&mended).is_ok(), "{} → {}", text, mended);
        prop_assert_eq!(json::replace_lone_surrogates(&mended), None);
    }

    /// Nothing that could cross from JavaScript makes the core panic, and what it lets pass is
    /// something that PostHog can read.
    #[test]
    fn any_input_gives_an_event_or_an_error(
        value in any_json(),
        kind in prop::sample::select(vec!["capture", "group_identify", "identify", "alias", "snapshot", "refused", "?"]),
        fields in prop::collection::btree_map(
            prop::sample::select(vec!["event", "distinctId", "properties", "groups", "group", "timestamp", "uuid",
                "source", "set", "setOnce", "ip", "personless", "alias", "sessionId", "events", "level"]),
            any_json(), 0..8),
    ) {
        let mut object: Map<String, Value> = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        object.insert("kind".into(), kind.into());
        for text in [value.to_string(), Value::from(object).to_string(), format!("{value}\n{value}")] {
            let prepared = prepared(&text, Tag::Track);
            for (_, wire) in &prepared.wires {
                let event: Value = serde_json::from_str(wire.text()).expect("JSON");
                prop_assert!(event["event"].as_str().is_some_and(|name| !name.is_empty()));
                prop_assert!(event["distinct_id"].as_str().is_some_and(|id| !id.is_empty()));
                prop_assert!(before_send::check(BeforeSend::Event(wire.text().to_owned()), wire).is_ok());
            }
        }
    }

    /// No text at all makes it panic.
    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let _ = prepared(&text, Tag::Track);
        let _ = host::normalise(&text, false);
        let _ = Timestamp::parse(&text);
        let _ = posthog_wasm::event::exception::Thrown::new(&text, &text, &text, &Default::default());
        let good = prepared(r#"{"event":"e","distinctId":"u"}"#, Tag::Capture);
        let _ = before_send::check(BeforeSend::Event(text.clone()), &good.wires[0].1);
        let _ = Input::from_lines(&text);
        let _ = posthog_wasm::request::logsnag::log("https://l", "t", "p", &text);
    }

    /// A base is already normal, and a path to an endpoint changes nothing.
    #[test]
    fn normal_hosts_stay(name in "[a-z]{1,8}(\\.[a-z]{1,5}){0,2}", path in "(/[a-z]{3,6}){0,2}", slashes in "/{0,2}") {
        let base = format!("https://{name}{path}");
        if let Ok(normal) = host::normalise(&base, false) {
            prop_assert_eq!(host::normalise(&normal, false), Ok(normal.clone()));
            for endpoint in ["/capture", "/batch", "/i/v0/e", "/s", "/e"] {
                prop_assert_eq!(host::normalise(&format!("{normal}{endpoint}{slashes}"), false), Ok(normal.clone()));
            }
        }
    }

    /// Every millisecond that JavaScript can name and we take is written and read back.
    #[test]
    fn times_come_back(millis in -62_135_596_800_000_i64..=253_402_300_799_999) {
        let mut text = String::new();
        Timestamp::from_millis(millis).expect("in range").write(&mut text);
        prop_assert_eq!(Timestamp::parse(&text).map(Timestamp::millis), Some(millis));
    }

    /// The same source gives the same bytes, at whatever time it is delivered again.
    #[test]
    fn one_source_is_one_event(id in "[a-z0-9_]{1,12}", seq in 0_u32..9, at in 0_i64..4_000_000_000) {
        let input = json!({ "kind": "capture", "event": "e", "distinctId": "u",
            "source": { "system": "stripe", "id": id, "seq": seq, "at": format!("2026-01-02T03:04:{:02}Z", at % 60) } });
        let policy = Policy { group_types: vec![], send_ip: false, privacy: Default::default() };
        let deliver = |now: i64, random| {
            let rules = Rules { policy: &policy, logsnag: None };
            let text = input.to_string();
            let now = Timestamp::from_seconds(now + 1_800_000_000).expect("a time");
            prepare(&mut [Input::from_text(Tag::Capture, &text)], None, &rules, &mut || EventSeed { now, random }, &mut |_| None).wires
        };
        prop_assert_eq!(deliver(at, [0; 10]), deliver(at + 77, [9; 10]));
    }

    /// Two rows are never one fact: the parts of an id cannot run into each other.
    #[test]
    fn two_rows_are_two_facts(
        one in ("[a:\"\\\\,]{1,3}", "[a:\"\\\\,]{1,3}"),
        other in ("[a:\"\\\\,]{1,3}", "[a:\"\\\\,]{1,3}"),
    ) {
        let id = |(app, id): &(String, String)| {
            let row = json!({ "app_id": app, "id": id, "owner_org": "o", "created_at": "2026-01-02T03:04:05Z" });
            let said = posthog_wasm::domain::row_to_events("appCreated", &row.to_string(), "null");
            let events: Value = serde_json::from_str(&said.events).expect("JSON");
            events[0]["source"]["id"].as_str().expect("an id").to_owned()
        };
        prop_assert_eq!(one == other, id(&one) == id(&other));
    }

    /// However many fields nobody knows, few warnings say so, and each by a name that was given.
    #[test]
    fn unknown_fields_are_few_warnings(names in prop::collection::btree_set("[a-z]{1,6}", 0..40)) {
        let fields: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Null)).collect();
        let text = Value::from(fields).to_string();
        let mut warnings = Vec::new();
        json::fields::Fields::of(json::RawObject::read(&text, "x").expect("an object")).finish("", &mut warnings);
        prop_assert_eq!(warnings.len(), if names.len() > 5 { 1 } else { names.len() });
        prop_assert!(warnings.iter().all(|warning| names.contains(warning.field.as_ref())));
    }
}

/// The members' names of every object in a JSON text, and whether one of them has a name twice.
fn has_twins(text: &str) -> bool {
    fn walk(value: &str) -> bool {
        if let Some(object) = json::object(value) {
            let members: Vec<_> = object.entries().collect();
            let names: std::collections::BTreeSet<_> =
                members.iter().map(|(name, _)| name).collect();
            return names.len() < members.len() || members.iter().any(|(_, value)| walk(value));
        }
        json::elements(value).is_some_and(|mut elements| elements.any(walk))
    }
    walk(text)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// Whatever a caller names its properties, no object that is sent has two members of one name.
    #[test]
    fn no_member_is_written_twice(
        names in prop::collection::btree_set(
            prop::sample::select(vec![
                "token", "distinct_id", "alias", "api_key", "event", "timestamp", "uuid", "a", "properties",
                "$lib", "$lib_version", "$is_server", "$ip", "$geoip_disable", "$process_person_profile",
                "$set", "$set_once", "$session_id", "$window_id", "$snapshot_data", "$snapshot_bytes",
                "$snapshot_source", "$exception_list", "$exception_level", "$exception_fingerprint",
            ]),
            0..8,
        ),
        tag in prop::sample::select(vec![
            Tag::Capture, Tag::Snapshot, Tag::Identify, Tag::GroupIdentify, Tag::Alias, Tag::Exception,
        ]),
        ip in any::<bool>(),
    ) {
        let properties: Map<_, _> = names.iter().map(|name| ((*name).to_owned(), json!({ "x": 1 }))).collect();
        let mut input = json!({ "event": "e", "distinctId": "u", "alias": "b", "sessionId": "s", "events": [{}],
            "group": ["organization", "o"], "properties": properties, "set": { "a": 1 } });
        if ip {
            input["ip"] = json!("1.2.3.4");
        }
        let policy = Policy { group_types: vec!["organization".into()], send_ip: ip, privacy: Default::default() };
        let rules = Rules { policy: &policy, logsnag: None };
        let now = Timestamp::EPOCH;
        let text = input.to_string();
        let exception = (tag == Tag::Exception).then(|| posthog_wasm::event::exception::Exception {
            errors: vec![posthog_wasm::event::exception::Thrown::new("E", "m", "", &Default::default())],
            ..Default::default()
        });
        let seed = &mut || EventSeed { now, random: [1; 10] };
        let prepared = prepare(&mut [Input::from_text(tag, &text)], exception, &rules, seed, &mut |_| None);
        let project = Project::new("phc_k", "https://h");
        for (_, wire) in &prepared.wires {
            let body = project.request(&[wire]).body.head;
            prop_assert!(!has_twins(&body), "{body}");
        }
        let refused = tag == Tag::Identify && (names.contains("$set") || names.contains("$set_once"));
        prop_assert_eq!(prepared.wires.len(), usize::from(!refused), "{:?}", prepared.events);
    }
}
