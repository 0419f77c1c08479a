//! The half of the sender that touches the world: `fetch` under one deadline, which covers
//! everything up to the last byte of the body.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use js_sys::{Date, Math, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, RequestRedirect, Response};

use crate::delivery::retry::{Retry, Step};
use crate::delivery::{AttemptResult, ProviderOutcome};
use crate::request::Request;
use crate::request::reply::{self, retry_after_ms};

/// No answer of PostHog's is longer; of anyone else's we read no more.
const MAX_REPLY_BYTES: u32 = 4096;
/// Nor does it come in more pieces. Empty ones without end would leave no turn to our timer.
const MAX_CHUNKS: u32 = 256;

#[wasm_bindgen]
extern "C" {
    /// One call as the shell knows it. Every promise we wait for goes through it, so that the
    /// shell stands between us and the event loop.
    pub type Flight;
    #[wasm_bindgen(method)]
    fn fetch(this: &Flight, url: &str, init: &RequestInit) -> Promise;
    #[wasm_bindgen(method)]
    fn guarded(this: &Flight, promise: &Promise) -> Promise;
    #[wasm_bindgen(method)]
    fn sleep(this: &Flight, ms: u32) -> Promise;
    #[wasm_bindgen(method)]
    fn aborted(this: &Flight) -> Option<Promise>;
    #[wasm_bindgen(method)]
    fn hold(this: &Flight, controller: &AbortController);

    /// The body of a response that is read piece by piece.
    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<Promise, JsValue>;

    /// A body before it is read.
    type Body;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn reader(this: &Body) -> Result<Reader, JsValue>;
}

/// What ends a call from outside: its budget, or its caller. Believed instead of what `fetch`
/// rejects with, on which runtimes disagree.
pub struct Cancellation {
    deadline: JsFuture,
    aborted: Option<JsFuture>,
    stopped: Option<AttemptResult>,
}

impl Cancellation {
    /// Starts the clock.
    pub fn start(flight: &Flight, budget_ms: u32) -> Self {
        Self {
            deadline: JsFuture::from(flight.sleep(budget_ms)),
            aborted: flight.aborted().map(JsFuture::from),
            stopped: None,
        }
    }

    /// Waits for `work`, but no longer than until a stop. What stopped it is in its place.
    pub async fn race(&mut self, work: Promise) -> Result<Result<JsValue, JsValue>, AttemptResult> {
        let mut work = JsFuture::from(work);
        poll_fn(|context| {
            if let Some(reply) = &self.stopped {
                return Poll::Ready(Err(reply.clone()));
            }
            if let Poll::Ready(done) = Pin::new(&mut work).poll(context) {
                return Poll::Ready(Ok(done));
            }
            if let Some(aborted) = &mut self.aborted
                && Pin::new(aborted).poll(context).is_ready()
            {
                self.stopped = Some(AttemptResult::Aborted);
            } else if Pin::new(&mut self.deadline).poll(context).is_ready() {
                self.stopped = Some(AttemptResult::TimedOut);
            }
            match &self.stopped {
                Some(reply) => Poll::Ready(Err(reply.clone())),
                None => Poll::Pending,
            }
        })
        .await
    }
}

/// Sends one request until it is through, refused, or out of tries or time. `None`: its events
/// are too many for one request.
pub async fn deliver(
    request: &Request,
    events: usize,
    retry: &Retry,
    elapsed: &dyn Fn() -> u32,
    flight: &Flight,
    stops: &mut Cancellation,
) -> Option<ProviderOutcome> {
    let mut attempt = 0_u32;
    loop {
        attempt = attempt.saturating_add(1);
        let reply = send(request, flight, stops).await;
        match retry.after(attempt, &reply, elapsed(), Math::random(), events) {
            Step::Done => return Some(ProviderOutcome::of(reply, attempt)),
            Step::Split => return None,
            Step::Wait(ms) => {
                if let Err(stopped) = stops.race(flight.sleep(ms)).await {
                    // Nobody waits any longer; what the server said last stays worth knowing.
                    let last = ProviderOutcome::of(reply, attempt);
                    return Some(ProviderOutcome {
                        http_status: last.http_status,
                        ..ProviderOutcome::of(stopped, attempt)
                    });
                }
            }
        }
    }
}

/// Sends one request, once.
async fn send(request: &Request, flight: &Flight, stops: &mut Cancellation) -> AttemptResult {
    if let Some(stopped) = &stops.stopped {
        return stopped.clone();
    }
    let Ok(controller) = AbortController::new() else {
        return AttemptResult::Failed("there is no AbortController".to_owned());
    };
    flight.hold(&controller);
    let answer = stops.race(flight.fetch(&request.url, &init(request, &controller))).await;
    let reply = match answer {
        Ok(Ok(response)) if response.is_object() => {
            answered(response.unchecked_into(), flight, stops).await
        }
        Ok(Ok(_)) => AttemptResult::Failed("fetch resolved to no response".to_owned()),
        Ok(Err(error)) => AttemptResult::Failed(describe(&error)),
        Err(stopped) => stopped,
    };
    if stops.stopped.is_some() {
        controller.abort();
    }
    reply
}

fn init(request: &Request, controller: &AbortController) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(request.method);
    let headers = Object::new();
    for (name, value) in request.headers.pairs() {
        // Setting a member of a plain object does not fail.
        let _ = Reflect::set(&headers, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(&request.body));
    // Followed, a POST would turn into a GET, or the key would go where nobody sent it.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&controller.signal()));
    init
}

/// Reads an answer to its end, or as far as we care. A status that came is believed even when its
/// body does not.
async fn answered(response: Response, flight: &Flight, stops: &mut Cancellation) -> AttemptResult {
    let Some(status) = status_of(&response) else {
        return AttemptResult::Failed("fetch resolved to no response".to_owned());
    };
    let body = match text(&response, flight, stops).await {
        Ok(body) => body,
        Err(_) if (200..300).contains(&status) => String::new(),
        Err(stopped) => return stopped,
    };
    AttemptResult::Answered { status, body, retry_after_ms: retry_after(&response) }
}

/// Read before the body, and from nothing that is no response's own header list.
fn retry_after(response: &Response) -> Option<u32> {
    let headers = Reflect::get(response, &"headers".into()).ok()?;
    let header = headers.dyn_ref::<Headers>()?.get("retry-after").ok()??;
    #[allow(clippy::cast_possible_truncation, reason = "a clock's milliseconds are whole")]
    let now_ms = Date::now() as i64;
    retry_after_ms(&header, now_ms)
}

/// The status; a stand-in for a response may know only whether it is `ok`.
fn status_of(response: &Response) -> Option<u16> {
    let field = |name: &str| Reflect::get(response, &name.into()).ok();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
    let status =
        field("status")?.as_f64().filter(|n| (100.0..1000.0).contains(n)).map(|n| n as u16);
    status.or_else(|| field("ok")?.as_bool().map(|ok| if ok { 200 } else { 500 }))
}

async fn text(
    response: &Response,
    flight: &Flight,
    stops: &mut Cancellation,
) -> Result<String, AttemptResult> {
    let body = Reflect::get(response, &"body".into()).unwrap_or(JsValue::NULL);
    if body.is_undefined() || body.is_null() {
        return format_u64(response, flight, stops).await;
    }
    let Ok(reader) = body.unchecked_into::<Body>().reader() else {
        return Ok(String::new());
    };
    let mut bytes = Vec::new();
    for _ in 0..MAX_CHUNKS {
        let Ok(chunk) = reader.read() else { break };
        let chunk = match stops.race(flight.guarded(&chunk)).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(_)) => break,
            Err(stopped) => {
                cancel(&reader, flight);
                return Err(stopped);
            }
        };
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or(JsValue::UNDEFINED);
        let Some(value) = value.dyn_ref::<Uint8Array>() else { break };
        let room = MAX_REPLY_BYTES.saturating_sub(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        bytes.extend(value.subarray(0, room.min(value.length())).to_vec());
        if value.length() >= room {
            break;
        }
    }
    // Nothing to do where the body has ended.
    cancel(&reader, flight);
    Ok(reply::text(&bytes))
}

/// A response without a body of its own, or a stand-in for one.
async fn format_u64(
    response: &Response,
    flight: &Flight,
    stops: &mut Cancellation,
) -> Result<String, AttemptResult> {
    let Ok(text) = response.text() else { return Ok(String::new()) };
    match stops.race(flight.guarded(&text)).await {
        Ok(text) => Ok(text.ok().and_then(|text| text.as_string()).unwrap_or_default()),
        Err(stopped) => Err(stopped),
    }
}

fn cancel(reader: &Reader, flight: &Flight) {
    if let Ok(done) = reader.cancel() {
        // Its rejection is nobody's concern, and must not become the host's.
        drop(JsFuture::from(flight.guarded(&done)));
    }
}

/// What a rejection says of itself, with the cause that Node hides the reason in.
fn describe(error: &JsValue) -> String {
    // Asked of anything but an object it throws, and each time wasm-bindgen loses a slot of its
    // table of references.
    let field = |value: &JsValue, name: &str| {
        value.is_object().then(|| Reflect::get(value, &name.into()).ok()).flatten()
    };
    let message = |error: &JsValue| field(error, "message").and_then(|text| text.as_string());
    let cause = field(error, "cause").and_then(|cause| message(&cause));
    let text = match (message(error).or_else(|| error.as_string()), cause) {
        (Some(text), Some(cause)) => [&text, ": ", &cause].concat(),
        (Some(text), None) => text,
        (None, _) => "fetch failed".to_owned(),
    };
    text.chars().take(300).collect()
}
