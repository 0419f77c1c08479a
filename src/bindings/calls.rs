//! Calls to PostHog: begun here, settled by the shell's call. Each says whether it was: `false` means
//! that the module's memory is not in order.

use std::cell::RefCell;
use std::rc::Rc;

use super::host::{Call, CallState, WasmHost};
use super::seeds;
use crate::delivery::ClientOptions;
use crate::error::Error;

/// What the shell knows of any call, bit by bit; `call.js` has the same list.
mod flag {
    pub(super) const HOOK: u32 = 1;
    pub(super) const ABORTED: u32 = 2;
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

pub(super) fn host(call: Call, flags: u32, now_ms: f64, wall: f64) -> WasmHost {
    WasmHost {
        state: CallState::new(call, flags & flag::ABORTED != 0, now_ms),
        began: seeds::wall(wall),
        has_hook: flags & flag::HOOK != 0,
    }
}
