//! Golden requests: one file per case, with the input and the whole request that it becomes. The
//! same bytes natively and in wasm.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

use std::collections::BTreeMap;

use posthog_wasm::compat::{self, Keep, Kind};
use posthog_wasm::event::id::EventSeed;
use posthog_wasm::event::input::{Input, Tag};
use posthog_wasm::event::time::Timestamp;
use posthog_wasm::json::RawObject;
use posthog_wasm::json::fields::Fields;
use posthog_wasm::policy::Policy;
use posthog_wasm::request::prepare::{PrepareResult, Rules, prepare};
use posthog_wasm::request::v1::Attempt;
use posthog_wasm::request::{Project, Request};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Case<'c> {
    /// `track`, a method such as `identify`, or a stand-in.
    call: String,
    #[serde(borrow)]
    config: &'c RawValue,
    /// As `JSON.stringify` writes it.
    input: String,
    request: Value,
    /// The body, byte for byte.
    body: String,
}

fn seed() -> EventSeed {
    let now = Timestamp::parse("2026-01-02T03:04:05.678Z").expect("a time");
    EventSeed { now, random: [0; 10] }
}

fn built(case: &Case<'_>) -> Request {
    let config = RawObject::read(case.config.get(), "config").expect("an object");
    let allow_http = config.get("allowHttp") == Some("true");
    let project =
        Project::read(&mut Fields::of(config), allow_http).expect("a config").expect("a key");
    let policy = Policy::read(&mut Fields::of(config)).expect("a policy");
    let kind = match case.call.as_str() {
        "trackPosthogEvent" => Kind::Capture,
        "groupIdentifyPosthog" => Kind::GroupIdentify,
        "capturePosthogException" => Kind::Exception,
        "capturePosthogReplaySnapshot" => Kind::Snapshot,
        _ => {
            let tag = match case.call.as_str() {
                "track" => Tag::Track,
                "capture" => Tag::Capture,
                "captureAi" => Tag::Ai,
                "groupIdentify" => Tag::GroupIdentify,
                "identify" => Tag::Identify,
                "alias" => Tag::Alias,
                "snapshot" => Tag::Snapshot,
                call => panic!("{call}"),
            };
            let rules = Rules { policy: &policy, logsnag: None };
            let texts = case.input.split('\n');
            let mut inputs: Vec<_> = texts.map(|text| Input::from_text(tag, text)).collect();
            let prepared = prepare(&mut inputs, None, &rules, &mut seed, &mut |_| None);
            let ready = |(_, result): &(String, PrepareResult)| *result == PrepareResult::Ready;
            assert!(prepared.events.iter().all(ready), "{prepared:?}");
            let wires: Vec<_> = prepared.wires.iter().map(|(_, wire)| wire).collect();
            let now = "2026-01-02T03:04:05.678Z";
            let places = prepared.wires.iter().map(|(place, wire)| (*place, wire));
            let id = &prepared.events[0].0;
            return match project.v1_events(places, now) {
                Some(events) => {
                    let attempt = Attempt { id, number: 1, created_at: now, at: now };
                    project.v1_request(&events, &attempt)
                }
                None => project.request(&wires),
            };
        }
    };
    let keep = Keep::read(&mut Fields::of(config)).expect("flags");
    compat::build(kind, &case.input, &project, keep, &seed(), None).expect("a request").0
}

fn check(name: &str, text: &str) {
    let case: Case<'_> =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let version = env!("CARGO_PKG_VERSION");
    let request = built(&case);
    let headers: BTreeMap<_, _> = request.headers.pairs().into_iter().collect();
    let shown = json!({ "url": request.url, "method": request.method, "headers": headers });
    let expected = case.request.to_string().replace("{version}", version);
    assert_eq!(shown.to_string(), expected, "{name}");
    assert_eq!(request.body.part, None, "{name}");
    assert_eq!(request.body.head, case.body.replace("{version}", version), "{name}");
}

macro_rules! golden {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("golden/", stringify!($name), ".json")));
        })*
    };
}

golden!(
    alias,
    capture,
    capture_ai,
    capture_from_source,
    capture_personless,
    capture_v1,
    capture_v1_options,
    compat_capture,
    compat_capture_all,
    compat_capture_kept,
    compat_exception,
    compat_exception_all,
    compat_group_identify,
    compat_group_identify_all,
    compat_snapshot,
    compat_snapshot_all,
    group_identify,
    identify,
    snapshot,
);
