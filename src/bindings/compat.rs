//! The stand-ins: one request for each call.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::calls::{client_options, host};
use super::host::{Call, WasmHost};
use super::{seeds, serialize, tasks};
use crate::compat::{self, Keep};
use crate::delivery::outcome::ProviderOutcome;
use crate::delivery::{ClientOptions, single};
use crate::error::Error;
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::json::writer::object;
use crate::request::{Request, logsnag};

/// Sends one of the stand-ins' events. `held`: how many bytes of a replay's events the shell holds,
/// or -1.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "one crossing")]
pub fn compat_send(
    call: Call,
    id: u32,
    flags: u32,
    wall: f64,
    kind: &str,
    options: &str,
    payload: &str,
    held: f64,
) -> bool {
    let host = host(call, flags, 0.0, wall);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
    let held = (held >= 0.0).then_some(held as usize);
    let read = client_options(options);
    let prepared = read.clone().and_then(|_| {
        let mut options = Fields::of(RawObject::read(options, "options")?);
        let (keep, project) = (Keep::read(&mut options)?, compat::project(&mut options)?);
        let kind = compat::Kind::named(kind);
        let seed = seeds::seed(host.began);
        let (mut request, id) = compat::build(kind, payload, &project, keep, &seed, held)?;
        // The shell's, where hosts are kept as they were read.
        if let Some(url) = options.take_str("url")? {
            request.url = url.into_owned();
        }
        Ok((request, id))
    });
    send_single(id, host, read, prepared)
}

/// Sends one event of the stand-ins to LogSnag. Without a project, the shell holds the body.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "one crossing")]
pub fn compat_logsnag(
    call: Call,
    id: u32,
    flags: u32,
    wall: f64,
    url: &str,
    token: &str,
    project: Option<String>,
    payload: &str,
    options: &str,
) -> bool {
    let host = host(call, flags, 0.0, wall);
    let prepared = RawObject::read(options, "options").and_then(|options| {
        if Fields::of(options).take_bool("keepApiKey")? != Some(true) {
            logsnag::check_token(token, "LOGSNAG_TOKEN")?;
        }
        let request = match project {
            Some(project) => logsnag::log(url, token, &project, payload)?,
            None => logsnag::held(url, token),
        };
        Ok((request, String::new()))
    });
    send_single(id, host, client_options(options), prepared)
}

/// One request, and an answer that the stand-ins' log lines are made from.
fn send_single(
    id: u32,
    host: WasmHost,
    options: Result<Rc<ClientOptions>, Error>,
    prepared: Result<(Request, String), Error>,
) -> bool {
    tasks::start(id, Rc::clone(&host.state), async move {
        let prepared = options.and_then(|options| {
            prepared.map(|(request, distinct_id)| (options, request, distinct_id))
        });
        let answer = match prepared {
            Err(error) => written(Some(&error), None, ""),
            Ok((options, request, distinct_id)) => {
                let outcome = single(&host, &options, &request).await;
                written(None, Some(&outcome), &distinct_id)
            }
        };
        host.state.call.settle(&answer);
    })
}

/// How a stand-in's event fared, or what was wrong with it; and the distinct id for the log.
fn written(error: Option<&Error>, outcome: Option<&ProviderOutcome>, distinct_id: &str) -> String {
    object(|object| {
        serialize::optional_error(object, error);
        if let Some(outcome) = outcome {
            serialize::provider(object.key("outcome"), outcome);
        }
        object.string("distinctId", distinct_id);
    })
}
