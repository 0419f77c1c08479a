//! Stripe's webhooks, and the order of profiles.

use wasm_bindgen::prelude::*;

use super::events;
use crate::domain::{profiles, stripe};
use crate::event::input::Input;
use crate::json::writer::list;

/// What a Stripe webhook means.
#[wasm_bindgen]
pub fn stripe_to_events(event: &str, context: &str) -> JsValue {
    events::domain_events(&stripe::to_events(event, context)).into()
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
