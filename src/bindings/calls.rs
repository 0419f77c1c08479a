//! Calls to PostHog: begun here, settled by the shell's call. Each says whether it was: `false` means
//! that the module's memory is not in order.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host::{Call, CallState, WasmHost};
use super::{js_error, seeds, serialize, tasks};
use crate::compat::{self, Keep};
use crate::delivery::drain::{self, Drained};
use crate::delivery::outcome::Outcome;
use crate::delivery::{CallOptions, ClientOptions, send, single};
use crate::error::Error;
use crate::event::input::Input;
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::request::entry::{Write, no_store};
use crate::request::{Request, logsnag};

/// What the shell knows of a call, bit by bit; `call.js` has the same list.
mod flag {
    pub(super) const HOOK: u32 = 1;
    pub(super) const ABORTED: u32 = 2;
    pub(super) const ENQUEUE: u32 = 4;
    pub(super) const STORE: u32 = 8;
    pub(super) const PROFILE_STORE: u32 = 16;
}

/// How many clients' options are kept: handlers use one or two, tests many.
const REMEMBERED: usize = 8;
/// Longer ones are read at each call.
const MAX_REMEMBERED: usize = 16_000;

type Remembered = (String, Result<Rc<ClientOptions>, Error>);

thread_local! {
    static OPTIONS: RefCell<Vec<Remembered>> = const { RefCell::new(Vec::new()) };
}

/// A client's options, read once for as long as they are in use.
pub(super) fn client_options(text: &str) -> Result<Rc<ClientOptions>, Error> {
    let known = OPTIONS.with(|options| {
        let options = options.try_borrow().ok()?;
        options.iter().find(|(known, _)| known == text).map(|(_, read)| read.clone())
    });
    known.unwrap_or_else(|| {
        let read = ClientOptions::read(text).map(Rc::new);
        if text.len() <= MAX_REMEMBERED {
            OPTIONS.with(|options| {
                if let Ok(mut options) = options.try_borrow_mut() {
                    if options.len() >= REMEMBERED {
                        let _oldest = options.remove(0);
                    }
                    options.push((text.to_owned(), read.clone()));
                }
            });
        }
        read
    })
}

fn host(call: Call, flags: u32, now_ms: f64, wall: f64) -> WasmHost {
    WasmHost {
        state: CallState::new(call, flags & flag::ABORTED != 0, now_ms),
        began: seeds::wall(wall),
        has_hook: flags & flag::HOOK != 0,
    }
}

fn call_options(
    options: &ClientOptions,
    flags: u32,
    budget: Option<&str>,
    max_tries: Option<&str>,
) -> Result<CallOptions, Error> {
    let outbox = match (flags & flag::ENQUEUE, flags & flag::STORE) {
        (0, _) => options.outbox,
        (_, 0) => return Err(no_store()),
        _ => Some(Write::Only),
    };
    let profile_store = flags & flag::PROFILE_STORE != 0;
    let call = CallOptions { outbox, profile_store, ..CallOptions::new(options) };
    call.with(budget, max_tries)
}

/// Sends events; the call is settled with their outcome, at once or later. `lines` has an input a
/// line; `thrown` is a box with what was thrown, or nothing.
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
    lines: String,
    thrown: JsValue,
) -> bool {
    let host = host(call, flags, now_ms, wall);
    let options = client_options(options);
    let exception = js_error::read(&thrown);
    tasks::start(id, Rc::clone(&host.state), async move {
        let outcome = match options {
            Err(error) => send::refused(error, 0),
            Ok(options) => match call_options(&options, flags, budget.as_deref(), None) {
                Err(error) => send::refused(error, 0),
                Ok(call) => {
                    let inputs = Input::from_lines(&lines);
                    send::deliver(&host, &options, &call, inputs, exception).await
                }
            },
        };
        settle(&host.state.call, &outcome);
    })
}

/// Most calls have one event, and it is accepted: then three values say all.
fn settle(call: &Call, outcome: &Outcome) {
    match (outcome.plainly_accepted(), outcome.worst.http_status) {
        (Some(uuid), Some(status)) => call.accepted(uuid, outcome.worst.attempts, status),
        _ => call.settle(&serialize::outcome(outcome)),
    }
}

/// Sends what is due in the outbox; the call is settled with how it went.
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
) -> bool {
    let host = host(call, flags, now_ms, wall);
    let options = client_options(options);
    tasks::start(id, Rc::clone(&host.state), async move {
        let drained = match options {
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
        host.state.call.settle(&serialize::drained(&drained));
    })
}

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
            Err(error) => serialize::single(Some(&error), None, ""),
            Ok((options, request, distinct_id)) => {
                let outcome = single(&host, &options, &request).await;
                serialize::single(None, Some(&outcome), &distinct_id)
            }
        };
        host.state.call.settle(&answer);
    })
}
