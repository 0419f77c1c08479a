//! What happened in the product, on its way into and out of the domain.

use wasm_bindgen::prelude::*;

use super::{texts, told};
use crate::domain::{Said, client, profiles, say, stripe};
use crate::event::split;
use crate::event::writer::list;

/// What a database row means: `{ events, warnings }`, as JSON text like all answers here.
#[wasm_bindgen]
pub fn say_row(function: &str, row: &str, extra: &str) -> JsValue {
    told::said(&say(function, row, extra)).into()
}

/// What a Stripe webhook means.
#[wasm_bindgen]
pub fn say_stripe(event: &str, context: &str) -> JsValue {
    told::said(&stripe::say(event, context)).into()
}

/// What a client reports, or `{ error }`.
#[wasm_bindgen]
pub fn say_client(request: &str, identity: &str) -> JsValue {
    match client::say(request, identity) {
        Ok((events, warnings)) => told::said(&Said { events, warnings }).into(),
        Err(error) => told::failed(&error).into(),
    }
}

/// What a client's request says of itself.
#[wasm_bindgen]
pub fn claims(request: &str) -> JsValue {
    told::claims(&client::claims(request)).into()
}

/// The inputs with only the newest profile of each group, as JSON text.
#[wasm_bindgen]
pub fn fold(events: &str) -> JsValue {
    let folded = profiles::fold(&split(events));
    let mut text = String::new();
    list(&mut text, &folded, |to, input| to.push_str(input));
    text.into()
}

/// One profile against what a store holds for its group, `""` being nothing yet: `[key, mark,
/// input]`, and an empty array for what is no such profile.
#[wasm_bindgen]
pub fn advance(stored: &str, input: &str) -> JsValue {
    let advanced = profiles::mark_key(input).zip(profiles::advance(Some(stored), input));
    match &advanced {
        Some((key, advanced)) => texts(&[key, &advanced.mark, &advanced.input]),
        None => texts(&[]),
    }
}

/// The profile that a mark holds, as an input for `track`.
#[wasm_bindgen]
pub fn newest(mark: &str) -> JsValue {
    profiles::newest(mark).into()
}
