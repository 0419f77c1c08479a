//! What happened in the product, on its way into and out of the domain.

use wasm_bindgen::prelude::*;

use super::{serialize, texts};
use crate::domain::{
    DomainEvents, client, profiles, row_to_events as domain_row_to_events, stripe,
};
use crate::event::split;
use crate::json::writer::list;

/// What a database row means: `{ events, warnings }`, as JSON text like all answers here.
#[wasm_bindgen]
pub fn row_to_events(function: &str, row: &str, extra: &str) -> JsValue {
    serialize::domain_events(&domain_row_to_events(function, row, extra)).into()
}

/// What a Stripe webhook means.
#[wasm_bindgen]
pub fn stripe_to_events(event: &str, context: &str) -> JsValue {
    serialize::domain_events(&stripe::to_events(event, context)).into()
}

/// What a client reports, or `{ error }`.
#[wasm_bindgen]
pub fn client_to_event(request: &str, identity: &str) -> JsValue {
    match client::to_event(request, identity) {
        Ok((events, warnings)) => {
            serialize::domain_events(&DomainEvents { events, warnings }).into()
        }
        Err(error) => serialize::failed(&error).into(),
    }
}

/// What a client's request says of itself.
#[wasm_bindgen]
pub fn requested_identity(request: &str) -> JsValue {
    serialize::requested_identity(&client::requested_identity(request)).into()
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
pub fn merge_profile(stored: &str, input: &str) -> JsValue {
    let advanced = profiles::mark_key(input).zip(profiles::merge_profile(Some(stored), input));
    match &advanced {
        Some((key, advanced)) => texts(&[key, &advanced.mark, &advanced.input]),
        None => texts(&[]),
    }
}

/// The profile that the mark stored under a key holds, as an input for `track`.
#[wasm_bindgen]
pub fn latest_profile(key: &str, mark: &str) -> JsValue {
    profiles::latest_profile(key, mark).into()
}
