//! The stand-ins: one request for each call.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::{Call, WasmHost};
use super::{seeds, serialize, tasks};
use crate::compat::{self, Keep};
use crate::delivery::outcome::ProviderOutcome;
use crate::delivery::{Retry, Secrets, single};
use crate::error::Error;
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::json::writer::object;
use crate::request::Request;
#[cfg(feature = "compat")]
use crate::request::logsnag;

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
    let host = WasmHost::new(call, flags, 0.0, wall);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
    let held = (held >= 0.0).then_some(held as usize);
    let prepared = RawObject::read(options, "options").and_then(|options| {
        let mut options = Fields::of(options);
        let retry = Retry::read(&mut options)?;
        let (keep, project) = (Keep::read(&mut options)?, compat::project(&mut options)?);
        let kind = compat::Kind::named(kind);
        let seed = seeds::seed(host.began);
        let (mut request, distinct_id) = compat::build(kind, payload, &project, keep, &seed, held)?;
        // The shell's, where hosts are kept as they were read.
        if let Some(url) = options.take_str("url")? {
            request.url = url.into_owned();
        }
        let secret = Some(project.api_key);
        Ok(Prepared { request, retry, secret, distinct_id })
    });
    send_single(id, host, prepared)
}

/// Sends one event of the stand-ins to LogSnag. Without a project, the shell holds the body.
#[cfg(feature = "compat")]
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
    let host = WasmHost::new(call, flags, 0.0, wall);
    let prepared = RawObject::read(options, "options").and_then(|options| {
        let mut options = Fields::of(options);
        let retry = Retry::read(&mut options)?;
        if options.take_bool("keepApiKey")? != Some(true) {
            logsnag::check_token(token, "LOGSNAG_TOKEN")?;
        }
        let request = match project {
            Some(project) => logsnag::log(url, token, &project, payload)?,
            None => logsnag::held(url, token),
        };
        Ok(Prepared { request, retry, secret: Some(token.to_owned()), distinct_id: String::new() })
    });
    send_single(id, host, prepared)
}

/// A request that can be sent, and the distinct id that the log lines name.
struct Prepared {
    request: Request,
    retry: Retry,
    secret: Option<String>,
    distinct_id: String,
}

/// One request, and an answer that the stand-ins' log lines are made from.
fn send_single(id: u32, host: WasmHost, prepared: Result<Prepared, Error>) -> bool {
    tasks::start(id, Rc::clone(&host.state), async move {
        let answer = match prepared {
            Err(error) => written(Some(&error), None, ""),
            Ok(Prepared { request, retry, secret, distinct_id }) => {
                let secrets = Secrets([secret.as_deref(), None]);
                let outcome = single(&host, secrets, &retry, &request).await;
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
