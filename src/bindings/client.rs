//! The client: events are delivered, built and looked through.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::{Call, WasmHost};
use super::options::{call_options, client_options};
use super::{seeds, serialize, tasks};
use crate::delivery::options::warn_of_unknown;
use crate::delivery::outcome::Outcome;
use crate::delivery::{ClientOptions, send};
use crate::error::{Code, Error};
use crate::event::exception::Exception;
use crate::event::input::{Input, Tag};
use crate::event::time::Timestamp;
use crate::json::writer::{self, ObjectWriter, list, object};
use crate::request::prepare::{PrepareResult, Prepared, Rules, prepare};
use crate::request::{Request, Wire};

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

/// The one request that these events come to: `[the request without its body, body]`, with what
/// comes behind a part that the shell holds as the third; or `[error]`. `now` is the JSON of the
/// time that the builder was given.
#[wasm_bindgen]
pub fn build(
    options: &str,
    now: Option<String>,
    wall: f64,
    lines: &str,
    thrown: Option<String>,
) -> JsValue {
    let options = client_options(options);
    let built = options.and_then(|options| {
        let now = match now {
            Some(raw) => Timestamp::read(&raw, "now")?,
            None => seeds::wall(wall),
        };
        let exception = thrown.as_deref().and_then(Exception::read);
        request(&options, now, Input::from_lines(lines), exception)
    });
    match built {
        Ok(request) => {
            let head = head(&request);
            match &request.body.part {
                None => texts(&[&head, &request.body.head]),
                Some(part) => texts(&[&head, &request.body.head, &part.tail]),
            }
        }
        Err(error) => texts(&[&serialize::mistake(&error)]),
    }
}

fn prepared(
    options: &ClientOptions,
    now: Timestamp,
    mut inputs: Vec<Input<'_>>,
    exception: Option<Exception>,
) -> Prepared {
    let rules = Rules { policy: &options.policy, logsnag: options.account() };
    prepare(&mut inputs, exception, &rules, &mut || seeds::seed(now), &mut |_| None)
}

/// The request of a builder.
fn request(
    options: &ClientOptions,
    now: Timestamp,
    inputs: Vec<Input<'_>>,
    exception: Option<Exception>,
) -> Result<Request, Error> {
    let project = options.configured()?;
    // A builder of one event is asked for that event, and its errors name no place.
    let is_batch = inputs.iter().any(|input| input.tag() == Tag::Track) || inputs.len() > 1;
    let prepared = prepared(options, now, inputs, exception);
    for (place, (_, result)) in prepared.events.into_iter().enumerate() {
        if let PrepareResult::Refused(error) = result {
            return Err(if is_batch {
                error.inside(&writer::index_path("events", place))
            } else {
                error
            });
        }
    }
    let wires: Vec<&Wire> = prepared.wires.iter().map(|(_, wire)| wire).collect();
    if wires.is_empty() {
        return Err(Error::new(Code::InvalidEvent, "events", "must hold an event"));
    }
    Ok(project.request(&wires))
}

/// Several texts at once: each crosses as it is, unescaped.
fn texts(parts: &[&str]) -> JsValue {
    // Only a map with keys that are no strings fails.
    serde_wasm_bindgen::to_value(parts).unwrap_or(JsValue::UNDEFINED)
}

/// How a whole call went.
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

/// A request but for its body.
fn head(request: &Request) -> String {
    object(|object| {
        object.string("url", &request.url);
        object.string("method", request.method);
        let mut headers = ObjectWriter::open(object.key("headers"));
        for (name, value) in request.headers.pairs() {
            headers.string(name, value);
        }
        headers.close();
    })
}
