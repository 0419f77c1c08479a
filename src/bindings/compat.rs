//! The stand-ins' calls: one request each, and an answer that their log lines are made from.

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::delivery::{Call, elapsed_since};
use super::{Setup, moment, tasks, told};
use crate::error::{Code, Error};
use crate::event::fields::Fields;
use crate::event::json::Object;
use crate::event::writer::object;
use crate::request::compat::{Keep, Kind, build};
use crate::request::{Request, logsnag};
use crate::transport::ProviderOutcome;
use crate::transport::fetch::{Flight, Stops, deliver};
use crate::transport::retry::Retry;

/// How it went, or what was wrong with the payload; and the distinct id for the log.
fn answer(error: Option<&Error>, outcome: Option<&ProviderOutcome>, distinct_id: &str) -> String {
    object(|object| {
        told::maybe_error(object, error);
        if let Some(outcome) = outcome {
            told::provider(object.key("outcome"), outcome);
        }
        object.text("distinctId", distinct_id);
    })
}

/// Sends one of the stand-ins' events.
#[wasm_bindgen]
pub fn compat_send(kind: &str, options: &str, payload: &str, flight: Flight) {
    let prepared = Setup::read_with(options, 0).and_then(|setup| {
        let Some(project) = &setup.project else {
            return Err(Error::new(Code::InvalidApiKey, "apiKey", "is missing"));
        };
        let kind = match kind {
            "capture" => Kind::Capture,
            "exception" => Kind::Exception,
            "group_identify" => Kind::GroupIdentify,
            _ => Kind::Snapshot,
        };
        let keep = Keep::read(&mut Fields::of(Object::read(options, "options")?))?;
        let (request, id) = build(kind, payload, project, keep, &moment(setup.now))?;
        Ok((request, id, setup.retry))
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
            let mut stops = Stops::start(&flight, retry.budget_ms);
            let outcome = deliver(&request, 1, &retry, &elapsed, &flight, &mut stops).await;
            call.settle(&answer(None, outcome.as_ref(), &distinct_id));
        }),
    }
}
