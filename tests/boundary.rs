//! The exports as JavaScript meets them, in wasm: values that JSON does not have, and a call from
//! its start to its outcome with a stand-in for the shell.
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
use posthog_wasm::bindings::{build, deliver, lint, locate, wake};
use posthog_wasm::delivery::fetch::Flight;
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

const OPTIONS: &str = r#"{"apiKey":"phc_x","now":"2026-01-02T03:04:05Z"}"#;

#[wasm_bindgen_test]
fn a_request_is_a_plain_object() {
    let events = r#"{"kind":"capture","event":"e","distinctId":"u"}"#;
    let built = build(OPTIONS, events, false, JsValue::UNDEFINED);
    let head = parsed(&text(&built, &["0"]).expect("a head"));
    assert_eq!(text(&head, &["url"]).as_deref(), Some("https://eu.i.posthog.com/batch/"));
    assert_eq!(text(&head, &["headers", "Content-Type"]).as_deref(), Some("application/json"));
    assert!(text(&built, &["1"]).is_some_and(|body| body.contains(r#""event":"e""#)));
}

#[wasm_bindgen_test]
fn an_error_names_its_field() {
    let built = build(OPTIONS, r#"{"kind":"capture","event":"e"}"#, false, JsValue::UNDEFINED);
    let error = parsed(&text(&built, &["0"]).expect("an error"));
    assert_eq!(text(&error, &["code"]).as_deref(), Some("missing_distinct_id"));
    assert_eq!(text(&error, &["field"]).as_deref(), Some("distinctId"));
    assert_eq!(text(&built, &["1"]), None);
    let found =
        parsed(&lint(OPTIONS, r#"{"kind":"capture","event":""}"#).as_string().expect("text"));
    assert_eq!(text(&found, &["0", "code"]).as_deref(), Some("invalid_event"));
}

#[wasm_bindgen_test]
fn what_json_does_not_have_is_found() {
    for (value, code, field) in [
        ("{ a: [1, { b: 1n }] }", "bigint", "a.1.b"),
        ("(() => { const o = { a: {} }; o.a.o = o; return o })()", "circular", "a.o"),
        ("{ a: { get b() { throw 1 } } }", "unreadable", "a.b"),
        ("{ a: { toJSON() { throw 1 } } }", "unreadable", "a"),
        ("{ a: new Proxy({}, { ownKeys() { throw 1 } }) }", "unreadable", "a"),
        ("{ a: 1 }", "unreadable", ""),
    ] {
        let found = parsed(&locate(&eval(&["(", value, ")"].concat())).as_string().expect("text"));
        assert_eq!(text(&found, &["code"]).as_deref(), Some(code), "{value}");
        assert_eq!(text(&found, &["field"]).unwrap_or_default(), field, "{value}");
    }
}

#[wasm_bindgen_test]
fn whatever_was_thrown_becomes_a_list() {
    for thrown in [
        "undefined",
        "null",
        "'text'",
        "Symbol('s')",
        "10n",
        "() => 1",
        "new Error('x')",
        "{ get message() { throw 1 } }",
    ] {
        let thrown = eval(&["[", thrown, "]"].concat());
        let built = build(
            OPTIONS,
            r#"{"kind":"exception"}"#,
            false,
            thrown.unchecked_into::<Array>().into(),
        );
        assert!(text(&built, &["1"]).is_some_and(|body| body.contains(r#""$exception_list":[{"#)));
    }
}

/// What the shell gives a call, without the guard.
const SHELL: &str = r#"(wake) => {
    const flight = { outcome: null, timers: [] };
    flight.done = new Promise((resolve) => (flight.settle = (outcome) => {
        flight.timers.forEach(clearTimeout);
        resolve(JSON.parse(outcome));
    }));
    const step = (then) => (value) => { then(value); wake(1); };
    return RawObject.assign(flight, {
        id: () => 1,
        fetch: (url, init) => flight.guarded(Promise.resolve({ status: 503, body: null, text: async () => "busy" })),
        guarded: (promise) => ({ then: (ok, no) => { promise.then(step(ok), step(no)); } }),
        sleep: (ms) => flight.guarded(new Promise((resolve) => flight.timers.push(setTimeout(resolve, ms)))),
        aborted: () => undefined,
        hold() {},
        edit: () => undefined,
    });
}"#;

#[wasm_bindgen_test]
async fn a_call_runs_to_its_outcome() {
    let driver = Closure::<dyn Fn(u32)>::new(wake);
    let make: Function = eval(SHELL).unchecked_into();
    let flight = make.call1(&JsValue::NULL, driver.as_ref()).expect("a shell");
    let events = r#"{"kind":"capture","event":"e","distinctId":"u"}"#;
    deliver(OPTIONS, events, false, JsValue::UNDEFINED, flight.clone().unchecked_into::<Flight>());
    let done = Reflect::get(&flight, &"done".into()).expect("a promise");
    let outcome = JsFuture::from(js_sys::Promise::from(done)).await.expect("an outcome");
    assert_eq!(text(&outcome, &["status"]).as_deref(), Some("unreachable"));
    assert_eq!(text(&outcome, &["providers", "posthog", "message"]).as_deref(), Some("busy"));
}
