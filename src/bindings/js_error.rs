//! Reading what was thrown, whatever it is: it may be from another realm, have getters that
//! throw, or contain itself.

use js_sys::{Array, Function, JsString, Number, Object, Reflect, global};
use wasm_bindgen::prelude::*;

use crate::event::exception::{Chunks, Exception, Link, MAX_ERRORS, Thrown, describe_object};
use crate::json::writer::{format_u64, index_path};

/// How much of a message or a stack is read, in UTF-16 units: PostHog shows 10,000 characters of it,
/// and what is taken out of it before it is cut makes room.
const MAX_TEXT: u32 = 60_000;

/// How many files of source maps are looked through.
const MAX_CHUNKS: u32 = 5_000;

#[wasm_bindgen]
extern "C" {
    /// What throws, for a proxy that was revoked: nothing thrown may pass through Rust.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// Where PostHog's command line leaves the ids of uploaded source maps.
const CHUNK_IDS: [&str; 2] = ["_posthogChunkIds", "_debugIds"];

/// The box that the shell puts a thrown value into; anything else means that there is none.
pub(super) fn read(thrown: &JsValue) -> Option<Exception> {
    let value = thrown.dyn_ref::<Array>()?.get(0);
    let chunks = chunks();
    let mut errors = Vec::new();
    let mut seen = Vec::new();
    collect(&value, None, &chunks, &mut seen, &mut errors);
    Some(Exception { errors, handled: true, ..Exception::default() })
}

/// Adds a value, then what caused it: outermost first.
fn collect(
    value: &JsValue,
    link: Option<Link>,
    chunks: &Chunks,
    seen: &mut Vec<JsValue>,
    errors: &mut Vec<Thrown>,
) {
    if errors.len() >= MAX_ERRORS || seen.iter().any(|other| Object::is(other, value)) {
        return;
    }
    let parent = errors.len();
    errors.push(Thrown { link, ..one(value, chunks) });
    if !value.is_object() {
        return;
    }
    seen.push(value.clone());
    let cause = member(value, "cause");
    if !cause.is_undefined() && !cause.is_null() {
        let link = Link { parent, source: "cause".to_owned() };
        collect(&cause, Some(link), chunks, seen, errors);
    }
    let several = member(value, "errors");
    if is_array(&several).unwrap_or(false) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 50")]
        let length = member(&several, "length").as_f64().unwrap_or(0.0).min(50.0) as u32;
        for index in 0..length {
            let source = index_path("errors", index as usize);
            let error = member(&several, &format_u64(index));
            collect(&error, Some(Link { parent, source }), chunks, seen, errors);
        }
    }
}

fn one(value: &JsValue, chunks: &Chunks) -> Thrown {
    let text = |name| text_of(&member(value, name)).unwrap_or_default();
    let (message, stack) = (text("message"), text("stack"));
    let is_error = value.is_object() && (!stack.is_empty() || !message.is_empty());
    if is_error {
        return Thrown::new(&class_of(value), &message, &stack, chunks);
    }
    if value.is_object() {
        return Thrown::synthetic(&describe_object(keys_of(value)));
    }
    if value.is_function() {
        return Thrown::synthetic("A function was thrown");
    }
    let shown = text_of(value).or_else(|| {
        let number = value.dyn_ref::<Number>()?;
        number.to_string_with_radix(10).ok()?.as_string()
    });
    let shown = shown.or_else(|| value.as_bool().map(|yes| yes.to_string()));
    let kind = value.js_typeof().as_string().unwrap_or_default();
    Thrown::synthetic(&shown.unwrap_or_else(|| ["A value was thrown of type ", &kind].concat()))
}

/// The name that the error gives itself; the name of its class where that says more.
fn class_of(error: &JsValue) -> String {
    let name = text_of(&member(error, "name")).unwrap_or_default();
    if !name.is_empty() && name != "Error" {
        return name;
    }
    let class = text_of(&member(&member(error, "constructor"), "name")).unwrap_or_default();
    if class.is_empty() || class == "Object" { name } else { class }
}

fn chunks() -> Chunks {
    for name in CHUNK_IDS {
        let ids = member(&global(), name);
        if ids.is_object() {
            // A proxy may refuse to say.
            let keys = Reflect::own_keys(&ids).unwrap_or_default();
            let entries: Vec<(String, String)> = keys
                .slice(0, MAX_CHUNKS)
                .iter()
                .filter_map(|stack| {
                    Some((text_of(&stack)?, text_of(&Reflect::get(&ids, &stack).ok()?)?))
                })
                .collect::<Vec<_>>();
            return Chunks::from_stacks(
                entries.iter().map(|(stack, id)| (stack.as_str(), id.clone())),
            );
        }
    }
    Chunks::default()
}

/// A string, cut before it enters: nobody needs more of it, and memory that grew stays.
fn text_of(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    Some(if text.length() > MAX_TEXT { text.slice(0, MAX_TEXT).into() } else { text.into() })
}

/// Its first keys.
fn keys_of(value: &JsValue) -> Vec<String> {
    // A proxy may refuse to say.
    let keys = Reflect::own_keys(value).unwrap_or_default();
    keys.slice(0, 20).iter().filter_map(|key| text_of(&key)).collect()
}

/// A member, or undefined: a getter that throws has nothing to say.
fn member(value: &JsValue, name: &str) -> JsValue {
    if !value.is_object() && !value.is_instance_of::<Function>() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
