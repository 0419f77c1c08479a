//! Calls that are on their way. Each is polled when the shell says that something it waits for
//! has come, and at no other time: no queue of ours runs outside the shell's guard.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};

use wasm_bindgen::prelude::*;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static WAITING: RefCell<Vec<(u32, Task)>> = const { RefCell::new(Vec::new()) };
}

/// Takes a call up, and as far as it comes at once.
pub(super) fn start(id: u32, task: impl Future<Output = ()> + 'static) {
    poll(id, Box::pin(task));
}

/// Goes on with a call.
#[wasm_bindgen]
pub fn wake(id: u32) {
    // Taken out while it runs: what it calls may call us.
    let task = WAITING.with(|waiting| {
        let mut waiting = waiting.try_borrow_mut().ok()?;
        let at = waiting.iter().position(|(known, _)| *known == id)?;
        Some(waiting.swap_remove(at))
    });
    if let Some((_, task)) = task {
        poll(id, task);
    }
}

fn poll(id: u32, mut task: Task) {
    let pending = task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending();
    if pending {
        WAITING.with(|waiting| {
            if let Ok(mut waiting) = waiting.try_borrow_mut() {
                waiting.push((id, task));
            }
        });
    }
}
