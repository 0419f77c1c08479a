//! What happened in the product, on its way into and out of the domain.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Answer, to_js};
use crate::domain::{Said, client, profiles, say, stripe};
use crate::error::Warning;
use crate::event::split;

#[derive(Serialize)]
struct Events {
    /// JSON text: an array of tracked events.
    events: String,
    warnings: Vec<Warning>,
}

impl From<Said> for Events {
    fn from(Said { events, warnings }: Said) -> Self {
        Self { events, warnings }
    }
}

/// What a database row means.
#[wasm_bindgen]
pub fn say_row(function: &str, row: &str, extra: &str) -> JsValue {
    to_js(&Events::from(say(function, row, extra)))
}

/// What a Stripe webhook means.
#[wasm_bindgen]
pub fn say_stripe(event: &str, context: &str) -> JsValue {
    to_js(&Events::from(stripe::say(event, context)))
}

/// What a client reports: `{ ok }` or `{ error }`.
#[wasm_bindgen]
pub fn say_client(request: &str, identity: &str) -> JsValue {
    let said = client::say(request, identity);
    to_js(&Answer::from(said.map(|(events, warnings)| Events { events, warnings })))
}

/// What a client's request says of itself.
#[wasm_bindgen]
pub fn claims(request: &str) -> JsValue {
    to_js(&client::claims(request))
}

/// The inputs with only the newest profile of each group, as JSON text.
#[wasm_bindgen]
pub fn fold(events: &str) -> String {
    let folded = split(events).map(|inputs| profiles::fold(&inputs)).unwrap_or_default();
    ["[", &folded.join(","), "]"].concat()
}

#[derive(Serialize)]
struct Advanced {
    key: String,
    mark: String,
    input: String,
}

/// One profile against what a store holds for its group; `undefined` for what is no such profile.
#[wasm_bindgen]
pub fn advance(stored: Option<String>, input: &str) -> JsValue {
    let advanced = profiles::mark_key(input)
        .zip(profiles::advance(stored.as_deref(), input))
        .map(|(key, advanced)| Advanced { key, mark: advanced.mark, input: advanced.input });
    advanced.map_or(JsValue::UNDEFINED, |advanced| to_js(&advanced))
}

/// The profile that a mark holds, as an input for `track`.
#[wasm_bindgen]
pub fn newest(mark: &str) -> Option<String> {
    profiles::newest(mark)
}
