//! Calls that are on their way. Each is polled when the shell says that something it waits for
//! has come, and at no other time: no queue of ours runs outside the shell's guard.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use wasm_bindgen::prelude::*;

use super::host::{Answer, CallState};

struct Task {
    id: u32,
    state: Rc<CallState>,
    future: Pin<Box<dyn Future<Output = ()>>>,
}

thread_local! {
    static WAITING: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
}

/// Starts a call, and takes it as far as it comes at once. `false`: the memory is not in order.
pub(super) fn start(
    id: u32,
    state: Rc<CallState>,
    future: impl Future<Output = ()> + 'static,
) -> bool {
    poll(Task { id, state, future: Box::pin(future) })
}

/// Something has come that a call waits for: an HTTP status with the body's text and the wait
/// that `Retry-After` asks for; of a request, 0 for one that failed and 1 for one that is not allowed, with the
/// reason; of anything else, 1 for what went well and 0 for what did not, with the reason. Token 0 is
/// the caller's signal. `now_ms` counts from the call's beginning. `false`: there is no such call,
/// so the memory is not in order.
#[wasm_bindgen]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
pub fn resume(
    id: u32,
    token: u32,
    now_ms: f64,
    status: u16,
    text: Option<String>,
    retry_after_ms: Option<u32>,
) -> bool {
    // Taken out while it runs: what it calls may call us.
    let task = WAITING.with(|waiting| {
        let mut waiting = waiting.try_borrow_mut().ok()?;
        let at = waiting.iter().position(|task| task.id == id)?;
        Some(waiting.swap_remove(at))
    });
    task.is_some_and(|task| {
        task.state.answered(token, now_ms as u32, Answer { status, text, retry_after_ms });
        poll(task)
    })
}

fn poll(mut task: Task) -> bool {
    if task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
        return true;
    }
    WAITING.with(|waiting| waiting.try_borrow_mut().map(|mut waiting| waiting.push(task)).is_ok())
}
