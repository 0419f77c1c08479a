//! The stand-ins' calls: one request each, and an answer that their log lines are made from.

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::delivery::{Call, elapsed_since};
use super::{ClientOptions, seed, serialize, tasks};
use crate::compat::{Keep, Kind, build};
use crate::delivery::ProviderOutcome;
use crate::delivery::fetch::{Cancellation, Flight, deliver};
use crate::delivery::retry::Retry;
use crate::error::{Code, Error};
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::json::writer::object;
use crate::request::{Request, logsnag};

/// How it went, or what was wrong with the payload; and the distinct id for the log.
fn answer(error: Option<&Error>, outcome: Option<&ProviderOutcome>, distinct_id: &str) -> String {
    object(|object| {
        serialize::maybe_error(object, error);
        if let Some(outcome) = outcome {
            serialize::provider(object.key("outcome"), outcome);
        }
        object.string("distinctId", distinct_id);
    })
}

/// Sends one of the stand-ins' events.
#[wasm_bindgen]
pub fn compat_send(kind: &str, options: &str, payload: &str, flight: Flight) {
    let prepared = ClientOptions::read_with(options, 0).and_then(|read| {
        let Some(project) = &read.project else {
            return Err(Error::new(Code::InvalidApiKey, "apiKey", "is missing"));
        };
        let kind = match kind {
            "capture" => Kind::Capture,
            "exception" => Kind::Exception,
            "group_identify" => Kind::GroupIdentify,
            _ => Kind::Snapshot,
        };
        let keep = Keep::read(&mut Fields::of(RawObject::read(options, "options")?))?;
        let (request, id) = build(kind, payload, project, keep, &seed(read.now))?;
        Ok((request, id, read.retry))
    });
    dispatch(prepared, flight);
}

/// Sends one event to LogSnag.
#[wasm_bindgen]
pub fn compat_logsnag(
    url: &str,
    token: &str,
    project: &str,
    payload: &str,
    budget_ms: u32,
    flight: Flight,
) {
    let request = logsnag::log(url, token, project, payload);
    let retry = Retry { max_retries: 0, budget_ms };
    dispatch(request.map(|request| (request, String::new(), retry)), flight);
}

fn dispatch(prepared: Result<(Request, String, Retry), Error>, flight: Flight) {
    let call: Call = flight.clone().unchecked_into();
    match prepared {
        Err(error) => {
            call.settle(&answer(Some(&error), None, ""));
        }
        Ok((request, distinct_id, retry)) => tasks::start(call.id(), async move {
            let started = Date::now();
            let elapsed = || elapsed_since(started);
            let mut stops = Cancellation::start(&flight, retry.budget_ms);
            let outcome = deliver(&request, 1, &retry, &elapsed, &flight, &mut stops).await;
            call.settle(&answer(None, outcome.as_ref(), &distinct_id));
        }),
    }
}
