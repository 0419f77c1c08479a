//! The client: events are delivered.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::{Call, WasmHost};
use super::options::{call_options, client_options};
use super::{serialize, tasks};
use crate::delivery::options::warn_of_unknown;
use crate::delivery::outcome::Outcome;
use crate::delivery::send;
use crate::event::exception::Exception;
use crate::event::input::Input;
use crate::json::writer::{ObjectWriter, list, object};

/// Sends events; the call is settled with their outcome, at once or later. `unknown` are the names that
/// are no options, for [`warn_of_unknown`]. `lines` has an input a line; `thrown` is what was thrown,
/// as [`Exception::read`] has it.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "one crossing")]
pub fn deliver(
    call: Call,
    id: u32,
    flags: u32,
    now_ms: f64,
    wall: f64,
    options: &str,
    budget: Option<String>,
    unknown: Option<String>,
    lines: String,
    thrown: Option<String>,
) -> bool {
    let host = WasmHost::new(call, flags, now_ms, wall);
    let options = client_options(options);
    let exception = thrown.as_deref().and_then(Exception::read);
    tasks::start(id, Rc::clone(&host.state), async move {
        let mut outcome = match options {
            Err(error) => send::refused(error, 0),
            Ok(options) => match call_options(&options, flags, budget.as_deref(), None) {
                Err(error) => send::refused(error, 0),
                Ok(call) => {
                    let inputs = Input::from_lines(&lines);
                    send::deliver(&host, &options, &call, inputs, exception).await
                }
            },
        };
        if let Some(names) = unknown {
            warn_of_unknown(&names, &mut outcome.warnings);
        }
        settle(&host.state.call, &outcome);
    })
}

/// Most calls have one event, and it is accepted: then three values say all.
fn settle(call: &Call, outcome: &Outcome) {
    match (outcome.plainly_accepted(), outcome.worst.http_status) {
        (Some(uuid), Some(status)) => call.accepted(uuid, outcome.worst.attempts, status),
        _ => call.settle(&written(outcome)),
    }
}

/// How a whole call went.
#[inline(never)]
pub(super) fn written(outcome: &Outcome) -> String {
    object(|object| {
        serialize::provider_members(object, &outcome.worst);
        serialize::optional_error(object, outcome.error.as_ref());
        object.number("elapsedMs", outcome.elapsed_ms);
        list(object.key("events"), &outcome.events, |to, event| {
            let mut object = ObjectWriter::open(to);
            object.string("uuid", &event.uuid);
            object.string("status", event.status.name());
            serialize::optional_error(&mut object, event.error.as_ref());
            #[cfg(feature = "v1")]
            if let Some(verdict) = &event.verdict {
                object.string("result", &verdict.result);
                if let Some(details) = &verdict.details {
                    object.string("details", details);
                }
            }
            object.close();
        });
        serialize::warnings(object.key("warnings"), &outcome.warnings);
        let mut providers = ObjectWriter::open(object.key("providers"));
        serialize::provider(providers.key("posthog"), &outcome.providers.posthog);
        if let Some(logsnag) = &outcome.providers.logsnag {
            serialize::provider(providers.key("logsnag"), logsnag);
        }
        providers.close();
    })
}
