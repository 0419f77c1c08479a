//! The stand-ins' calls: one request each, and an answer that their log lines are made from.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Setup, moment, tasks, to_js};
use crate::error::{Code, Error};
use crate::event::fields::Fields;
use crate::event::json::Object;
use crate::request::compat::{Keep, Kind, build};
use crate::request::{Request, logsnag};
use crate::transport::ProviderOutcome;
use crate::transport::fetch::{Flight, Stops, send};

#[wasm_bindgen]
extern "C" {
    type Call;
    #[wasm_bindgen(method)]
    fn id(this: &Call) -> u32;
    #[wasm_bindgen(method)]
    fn settle(this: &Call, outcome: JsValue);
}

/// How it went, or what was wrong with the payload; and the distinct id for the log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<ProviderOutcome>,
    distinct_id: String,
}

/// Sends one of the stand-ins' events.
#[wasm_bindgen]
pub fn compat_send(kind: &str, options: &str, payload: &str, flight: Flight) {
    let prepared = Setup::read(options).and_then(|setup| {
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
        Ok((request, id, setup.budget_ms))
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
    dispatch(request.map(|request| (request, String::new(), budget_ms)), flight);
}

fn dispatch(prepared: Result<(Request, String, u32), Error>, flight: Flight) {
    let call: Call = flight.clone().unchecked_into();
    match prepared {
        Err(error) => {
            let error = Some(error);
            call.settle(to_js(&Answer { error, outcome: None, distinct_id: String::new() }));
        }
        Ok((request, distinct_id, budget_ms)) => tasks::start(call.id(), async move {
            let mut stops = Stops::start(&flight, budget_ms);
            let outcome = ProviderOutcome::of(send(&request, &flight, &mut stops).await, 1);
            call.settle(to_js(&Answer { error: None, outcome: Some(outcome), distinct_id }));
        }),
    }
}
