//! Drains of an outbox.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::{Call, WasmHost};
use super::options::{call_options, client_options, flag};
use super::{serialize, tasks};
use crate::delivery::CallOptions;
use crate::delivery::drain::{self, Drained};
use crate::delivery::options::warn_of_unknown_in_drain;
use crate::json::writer::object;

/// Sends what is due in the outbox; the call is settled with how it went. `unknown` are the names that are no options, for
/// [`warn_of_unknown_in_drain`].
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "one crossing")]
pub fn drain(
    call: Call,
    id: u32,
    flags: u32,
    now_ms: f64,
    wall: f64,
    options: &str,
    budget: Option<String>,
    max_tries: Option<String>,
    unknown: Option<String>,
) -> bool {
    let host = WasmHost::new(call, flags, now_ms, wall);
    let options = client_options(options);
    tasks::start(id, Rc::clone(&host.state), async move {
        let mut drained = match options {
            Err(error) => Drained::refused(error),
            Ok(options) => {
                let flags = flags | flag::ENQUEUE;
                match call_options(&options, flags, budget.as_deref(), max_tries.as_deref()) {
                    Err(error) => Drained::refused(error),
                    Ok(call) => {
                        // What it sends besides is not written again.
                        let call = CallOptions { outbox: None, ..call };
                        drain::drain(&host, &options, &call).await
                    }
                }
            }
        };
        if let Some(names) = unknown {
            warn_of_unknown_in_drain(&names, &mut drained.warnings);
        }
        host.state.call.settle(&written(&drained));
    })
}

/// How a drain went.
fn written(drained: &Drained) -> String {
    let settled = &drained.settled;
    object(|object| {
        serialize::provider_members(object, &drained.worst);
        serialize::optional_error(object, drained.error.as_ref());
        serialize::warnings(object.key("warnings"), &drained.warnings);
        object.number("elapsedMs", drained.elapsed_ms);
        object.number("accepted", settled.accepted);
        object.number("retried", settled.retried);
        object.number("deadLettered", settled.dead_lettered);
        object.boolean("more", drained.more);
    })
}
