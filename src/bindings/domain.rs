//! What happened in the product, on its way into and out of the domain.

use wasm_bindgen::prelude::*;

use super::serialize;
use crate::domain::{
    DomainEvents, client, identity, profiles, row_to_events as domain_row_to_events, stripe,
};
use crate::event::input::Input;
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

/// Whose event a client's request asks to be, or `{ refused }`.
#[wasm_bindgen]
pub fn requested_identity(request: &str, user: &str) -> JsValue {
    serialize::requested_identity(&identity::requested_identity(request, user)).into()
}

/// The inputs with only the newest profile of each group, as JSON text.
#[wasm_bindgen]
pub fn fold(lines: &str) -> JsValue {
    let inputs = Input::from_lines(lines);
    let texts: Vec<_> = inputs.iter().map(Input::to_text).collect();
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let folded = profiles::fold(&texts);
    let mut text = String::new();
    list(&mut text, &folded, |to, input| to.push_str(input));
    text.into()
}
