//! The product's rows, and what clients report.

use wasm_bindgen::prelude::*;

use super::{events, serialize};
use crate::domain::identity::{self, Refusal, RequestedIdentity};
use crate::domain::{DomainEvents, client, row_to_events as domain_row_to_events};
use crate::json::writer::object;

/// What a database row means: `{ events, warnings }`, as JSON text like all answers here.
#[wasm_bindgen]
pub fn row_to_events(function: &str, row: &str, extra: &str) -> JsValue {
    events::domain_events(&domain_row_to_events(function, row, extra)).into()
}

/// What a client reports, or `{ error }`.
#[wasm_bindgen]
pub fn client_to_event(request: &str, identity: &str) -> JsValue {
    match client::to_event(request, identity) {
        Ok((events, warnings)) => events::domain_events(&DomainEvents { events, warnings }).into(),
        Err(error) => serialize::failed(&error).into(),
    }
}

/// Whose event a client's request asks to be, or `{ refused }`.
#[wasm_bindgen]
pub fn requested_identity(request: &str, user: &str) -> JsValue {
    written(&identity::requested_identity(request, user)).into()
}

/// Whose event a request asks to be, and what must be checked for it.
fn written(requested: &Result<RequestedIdentity, Refusal>) -> String {
    object(|object| match requested {
        Err(refusal) => object.string("refused", refusal.name()),
        Ok(requested) => {
            object.string("actor", &requested.actor);
            let texts = [("organization", &requested.organization), ("app", &requested.app)];
            for (name, id) in texts {
                if let Some(id) = id {
                    object.string(name, id);
                }
            }
            object.boolean("notifiable", requested.notifiable);
        }
    })
}
