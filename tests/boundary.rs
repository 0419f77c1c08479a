//! The exports as JavaScript meets them, in wasm: a call from its start to its outcome with a stand-in for the shell.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

use js_sys::{Array, Function, Reflect};
use posthog_wasm::bindings::{Call, build, deliver, estimate, lint, resume};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

fn eval(code: &str) -> JsValue {
    Function::new_no_args(&["return ", code].concat()).call0(&JsValue::NULL).expect("a value")
}

fn parsed(text: &str) -> JsValue {
    js_sys::JSON::parse(text).expect("JSON")
}

fn text(value: &JsValue, path: &[&str]) -> Option<String> {
    path.iter()
        .fold(value.clone(), |value, name| {
            Reflect::get(&value, &(*name).into()).unwrap_or_default()
        })
        .as_string()
}

const OPTIONS: &str = r#"{"apiKey":"phc_x"}"#;
/// 2026-01-02T03:04:05Z
const WALL: f64 = 1_767_323_045_000.0;

#[wasm_bindgen_test]
fn a_request_is_a_plain_object() {
    let events = "c\t{\"event\":\"e\",\"distinctId\":\"u\"}";
    let now = Some("\"2026-01-02T03:04:05.678Z\"".to_owned());
    let built = build(OPTIONS, now, WALL, events, None);
    let head = parsed(&text(&built, &["0"]).expect("a head"));
    assert_eq!(text(&head, &["url"]).as_deref(), Some("https://eu.i.posthog.com/batch/"));
    assert_eq!(text(&head, &["headers", "Content-Type"]).as_deref(), Some("application/json"));
    let body = text(&built, &["1"]).expect("a body");
    assert!(body.contains(r#""event":"e""#) && body.contains("03:04:05.678Z"), "{body}");
}

#[wasm_bindgen_test]
fn an_error_names_its_field() {
    let built = build(OPTIONS, None, WALL, "c\t{\"event\":\"e\"}", None);
    let error = parsed(&text(&built, &["0"]).expect("an error"));
    assert_eq!(text(&error, &["code"]).as_deref(), Some("missing_distinct_id"));
    assert_eq!(text(&error, &["field"]).as_deref(), Some("distinctId"));
    assert_eq!(text(&built, &["1"]), None);
    let found =
        parsed(&lint(OPTIONS, WALL, "t\t{\"kind\":\"capture\"}").as_string().expect("text"));
    assert_eq!(text(&found, &["0", "code"]).as_deref(), Some("invalid_event"));
    assert_eq!(text(&found, &["0", "ingestionWarning"]).as_deref(), Some("missing_event_name"));
}

#[wasm_bindgen_test]
fn events_are_counted() {
    let lines = "t\t{\"kind\":\"capture\",\"event\":\"e\",\"distinctId\":\"u\"}\nt\t{}";
    let counted = estimate(OPTIONS, WALL, lines).as_string().expect("text");
    assert!(counted.starts_with(r#"{"identified":1,"personless":0,"groupBilled":1,"#), "{counted}");
    assert!(counted.ends_with(r#""notSent":1}"#), "{counted}");
    let mistake = parsed(&estimate("null", WALL, lines).as_string().expect("text"));
    assert_eq!(text(&mistake, &["code"]).as_deref(), Some("invalid_type"));
}

/// What the shell gives a call, without the guard.
const SHELL: &str = r#"(resume) => {
    const call = { asked: [] };
    call.done = new Promise((resolve) => (call.settle = (outcome) => resolve(JSON.parse(outcome))));
    return Object.assign(call, {
        init: (plain, authorization, signal, head) => ({ ...plain, body: head, signal }),
        fetch: (token, url, init, controller) => {
            call.asked.push(url, init.body, init.signal === controller.signal);
            Promise.resolve().then(() => resume(1, token, 5, 400, "no", undefined));
        },
        abandon: () => 0,
        sleep() {},
    });
}"#;

#[wasm_bindgen_test]
async fn a_call_runs_to_its_outcome() {
    let resume =
        Closure::<dyn Fn(u32, u32, f64, u16, Option<String>, Option<u32>) -> bool>::new(resume);
    let make: Function = eval(SHELL).unchecked_into();
    let shell = make.call1(&JsValue::NULL, resume.as_ref()).expect("a shell");
    let line = "c\t{\"event\":\"e\",\"distinctId\":\"u\"}".to_owned();
    let call = shell.clone().unchecked_into::<Call>();
    deliver(call, 1, 0, 0.0, WALL, OPTIONS, None, None, line, None);
    let done = Reflect::get(&shell, &"done".into()).expect("a promise");
    let outcome = JsFuture::from(js_sys::Promise::from(done)).await.expect("an outcome");
    assert_eq!(text(&outcome, &["status"]).as_deref(), Some("rejected"));
    assert_eq!(text(&outcome, &["providers", "posthog", "message"]).as_deref(), Some("no"));
    let asked = Array::from(&Reflect::get(&shell, &"asked".into()).expect("a list"));
    assert_eq!(asked.get(0).as_string().as_deref(), Some("https://eu.i.posthog.com/batch/"));
    assert_eq!(asked.get(2).as_bool(), Some(true));
}
