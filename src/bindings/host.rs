//! The one [`Host`] there is in wasm: `fetch` and `AbortController` through web-sys, and the shell's
//! call for everything else. What a call waits for comes back through [`resume`](super::resume),
//! which the shell calls: no promise is awaited here, no closure is made.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use js_sys::{JSON, Math};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, RequestInit};

use super::seeds;
use crate::delivery::Host;
use crate::delivery::host::{AttemptResult, StoreMethod};
use crate::event::id::EventSeed;
use crate::event::time::Timestamp;
use crate::json::writer::{ObjectWriter, object};
use crate::request::before_send::BeforeSend;
use crate::request::{Body, Compress, Request};

#[wasm_bindgen]
extern "C" {
    /// One call as the shell knows it. None of its methods throws.
    pub type Call;
    /// What `fetch` takes beside the address: `plain`, with what only this request has. `part` is
    /// the index of a part of the body that the shell holds, and `tail` what comes behind it.
    #[wasm_bindgen(method)]
    fn init(
        this: &Call,
        plain: &RequestInit,
        authorization: Option<&str>,
        signal: &AbortSignal,
        head: &str,
        tail: Option<&str>,
        part: u32,
        skip: u32,
    ) -> RequestInit;
    /// Adds headers to what `init` gave: a JSON object.
    #[cfg(feature = "v1")]
    #[wasm_bindgen(method, js_name = addHeaders)]
    fn add_headers(this: &Call, init: &RequestInit, headers: &str);
    /// Sends a request; `how` says whether it is packed (`compress.js`), and [`TIMED`]. Of the answer to what was taken, so many
    /// bytes are wanted.
    #[wasm_bindgen(method)]
    fn fetch(
        this: &Call,
        token: u32,
        url: &str,
        init: &RequestInit,
        controller: &AbortController,
        how: u32,
        answer_bytes: u32,
    );
    /// Ends an attempt; the status, if it has come, else 0.
    #[wasm_bindgen(method)]
    fn abandon(this: &Call, token: u32) -> u16;
    #[wasm_bindgen(method)]
    fn sleep(this: &Call, token: u32, ms: u32);
    #[wasm_bindgen(method)]
    fn store(this: &Call, token: u32, method: &str, given: &str);
    #[wasm_bindgen(method, js_name = profileStore)]
    fn profile_store(this: &Call, token: u32, key: &str, expected: Option<&str>, mark: &str);
    /// Runs `before_send`: text, `null` for dropped, or a number that says what is wrong.
    #[wasm_bindgen(method, js_name = beforeSend)]
    fn before_send(this: &Call, event: &str) -> JsValue;
    /// The end of a call, as JSON text.
    #[wasm_bindgen(method)]
    pub(super) fn settle(this: &Call, outcome: &str);
    /// The end of most calls: their one event was accepted.
    #[wasm_bindgen(method)]
    pub(super) fn accepted(this: &Call, uuid: &str, attempts: u32, http_status: u16);
}

/// What the shell said while the call's future was not running.
pub(super) struct CallState {
    pub(super) call: Call,
    now_ms: Cell<u32>,
    aborted: Cell<bool>,
    last_token: Cell<u32>,
    answers: RefCell<Vec<(u32, Answer)>>,
    /// Timers that nobody waits for any more. The shell puts them away when the call ends.
    unwanted: RefCell<Vec<u32>>,
}

/// The address says when it is sent; `call.js` knows it too.
const TIMED: u32 = 4;

thread_local! {
    /// What all requests have, made once.
    static PLAIN: OnceCell<RequestInit> = const { OnceCell::new() };
}

fn plain_init(request: &Request) -> RequestInit {
    let init = object(|init| {
        init.string("method", request.method);
        let mut headers = ObjectWriter::open(init.key("headers"));
        for (name, value) in request.headers.common() {
            headers.string(name, value);
        }
        headers.close();
        // Followed, a POST would turn into a GET, or the key would go where nobody sent it.
        init.string("redirect", "manual");
    });
    JSON::parse(&init).unwrap_or(JsValue::UNDEFINED).unchecked_into()
}

/// What something came to that a call waits for.
pub(super) struct Answer {
    /// The HTTP status; 1 for whatever else went well, 0 for what did not.
    pub(super) status: u16,
    pub(super) text: Option<String>,
    pub(super) retry_after_ms: Option<u32>,
}

impl CallState {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    pub(super) fn new(call: Call, aborted: bool, now_ms: f64) -> Rc<Self> {
        Rc::new(Self {
            call,
            now_ms: Cell::new(now_ms as u32),
            aborted: Cell::new(aborted),
            last_token: Cell::new(0),
            answers: RefCell::default(),
            unwanted: RefCell::default(),
        })
    }

    /// Something has come. Token 0 is the caller's signal.
    pub(super) fn answered(&self, token: u32, now_ms: u32, answer: Answer) {
        self.now_ms.set(now_ms);
        if token == 0 {
            self.aborted.set(true);
        } else if self.unwanted.try_borrow().is_ok_and(|unwanted| unwanted.contains(&token)) {
            // Nobody would take it.
        } else if let Ok(mut answers) = self.answers.try_borrow_mut() {
            answers.push((token, answer));
        }
    }

    fn take(&self, token: u32) -> Option<Answer> {
        let mut answers = self.answers.try_borrow_mut().ok()?;
        let at = answers.iter().position(|(known, _)| *known == token)?;
        Some(answers.swap_remove(at).1)
    }
}

/// The world of one call.
pub(super) struct WasmHost {
    pub(super) state: Rc<CallState>,
    /// The wall clock's time when the call began.
    pub(super) began: Timestamp,
    pub(super) has_hook: bool,
}

/// Something that the shell will answer.
pub(super) struct Wait {
    state: Rc<CallState>,
    token: u32,
}

impl Wait {
    fn poll_answer(&self) -> Poll<Answer> {
        self.state.take(self.token).map_or(Poll::Pending, Poll::Ready)
    }
}

/// A timer.
pub(super) struct Sleep {
    wait: Wait,
    is_over: bool,
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if !self.is_over
            && let Ok(mut unwanted) = self.wait.state.unwanted.try_borrow_mut()
        {
            unwanted.push(self.wait.token);
        }
    }
}

/// A store that was asked.
pub(super) struct Asked(Wait);

/// A request on its way.
pub(super) struct Attempt {
    wait: Wait,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let answer = self.wait.poll_answer();
        self.is_over |= answer.is_ready();
        answer.map(drop)
    }
}

impl Future for Asked {
    type Output = Result<Option<String>, String>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_answer().map(|answer| match answer.status {
            0 => Err(answer.text.unwrap_or_default()),
            _ => Ok(answer.text),
        })
    }
}

impl Future for Attempt {
    type Output = AttemptResult;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<AttemptResult> {
        self.wait.poll_answer().map(|answer| {
            let text = answer.text.unwrap_or_default();
            match answer.status {
                0 => return AttemptResult::Failed(text),
                1 => return AttemptResult::Denied(text),
                2 => return AttemptResult::TooLarge,
                _ => {}
            }
            let retry_after_ms = answer.retry_after_ms;
            AttemptResult::Answered { status: answer.status, body: text, retry_after_ms }
        })
    }
}

/// What is said of a hook that returned neither an event nor null; `hook.js` has the numbers.
fn hook_failure(result: &JsValue) -> &'static str {
    match result.as_f64() {
        Some(1.0) => "returned a promise: it must be synchronous",
        Some(2.0) => "returned nothing: return the event, or null to drop it",
        Some(3.0) => "returned more than PostHog takes",
        Some(4.0) => "captured events from within itself",
        _ => "threw",
    }
}

/// What the shell knows of any call, bit by bit; `call.js` has the same list.
mod flag {
    pub(super) const HOOK: u32 = 1;
    pub(super) const ABORTED: u32 = 2;
}

impl WasmHost {
    /// The world of a call that the shell begins.
    pub(super) fn new(call: Call, flags: u32, now_ms: f64, wall: f64) -> Self {
        Self {
            state: CallState::new(call, flags & flag::ABORTED != 0, now_ms),
            began: seeds::wall(wall),
            has_hook: flags & flag::HOOK != 0,
        }
    }

    fn wait(&self) -> Wait {
        let token = self.state.last_token.get().wrapping_add(1);
        self.state.last_token.set(token);
        Wait { state: Rc::clone(&self.state), token }
    }
}

impl Host for WasmHost {
    type Answer = Asked;
    type Attempt = Attempt;
    type Sleep = Sleep;

    fn fetch(&self, request: &Request) -> Attempt {
        let attempt = Attempt { wait: self.wait() };
        let token = attempt.wait.token;
        let Ok(controller) = AbortController::new() else {
            let text = Some("there is no AbortController".to_owned());
            let answer = Answer { status: 0, text, retry_after_ms: None };
            self.state.answered(token, self.now_ms(), answer);
            return attempt;
        };
        let Body { head, part } = &request.body;
        let tail = part.as_ref().map(|part| part.tail.as_str());
        let (index, skip) = part.as_ref().map_or((0, 0), |part| (part.index, part.skip));
        let skip = u32::try_from(skip).unwrap_or(u32::MAX);
        let authorization = request.headers.authorization.as_deref();
        let signal = controller.signal();
        let init = PLAIN.with(|plain| {
            let plain = plain.get_or_init(|| plain_init(request));
            self.state.call.init(plain, authorization, &signal, head, tail, index, skip)
        });
        let compress = match request.compress {
            Compress::Off => 0,
            _ if request.must_shrink() => 3,
            Compress::Auto => 1,
            Compress::Gzip => 2,
        };
        #[cfg(feature = "v1")]
        if !request.headers.v1.is_empty() {
            let headers = object(|object| {
                for (name, value) in &request.headers.v1 {
                    object.string(name, value);
                }
            });
            self.state.call.add_headers(&init, &headers);
        }
        #[cfg(feature = "v1")]
        let answer_bytes = u32::try_from(request.answer_bytes).unwrap_or(u32::MAX);
        #[cfg(not(feature = "v1"))]
        let answer_bytes = 0;
        let how = if request.timed { compress | TIMED } else { compress };
        let call = &self.state.call;
        call.fetch(token, &request.url, &init, &controller, how, answer_bytes);
        attempt
    }

    fn abandon(&self, attempt: &mut Attempt) -> Option<u16> {
        Some(self.state.call.abandon(attempt.wait.token)).filter(|status| *status > 0)
    }

    fn sleep(&self, ms: u32) -> Sleep {
        let wait = self.wait();
        self.state.call.sleep(wait.token, ms);
        Sleep { wait, is_over: false }
    }

    fn is_aborted(&self) -> bool {
        self.state.aborted.get()
    }

    fn store(&self, method: StoreMethod, given: &str) -> Asked {
        let wait = self.wait();
        self.state.call.store(wait.token, method.name(), given);
        Asked(wait)
    }

    fn profile_store(&self, key: &str, expected: Option<&str>, mark: &str) -> Asked {
        let wait = self.wait();
        self.state.call.profile_store(wait.token, key, expected, mark);
        Asked(wait)
    }

    fn before_send(&self, event: &str) -> Option<BeforeSend> {
        self.has_hook.then(|| {
            let result = self.state.call.before_send(event);
            match result.as_string() {
                Some(text) => BeforeSend::Event(text),
                None if result.is_null() => BeforeSend::Dropped,
                None => BeforeSend::Failed(hook_failure(&result)),
            }
        })
    }

    fn now_ms(&self) -> u32 {
        self.state.now_ms.get()
    }

    fn seed(&self) -> EventSeed {
        seeds::seed(self.began)
    }

    fn random(&self) -> f64 {
        Math::random()
    }
}
