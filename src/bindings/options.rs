//! The options of a client, read once for as long as they are in use, and what one call asks for.

use std::cell::RefCell;
use std::rc::Rc;

use crate::delivery::options::needs_stores;
use crate::delivery::{CallOptions, ClientOptions};
use crate::error::Error;
use crate::request::entry::{Write, no_store};

/// What the shell knows of a client's call besides; `call.js` has the same list.
pub(super) mod flag {
    pub(in crate::bindings) const ENQUEUE: u32 = 4;
    pub(in crate::bindings) const STORE: u32 = 8;
    pub(in crate::bindings) const PROFILE_STORE: u32 = 16;
}

/// How many clients' options are kept, those that were used last: handlers use one or two, tests many.
/// With them goes what was found out of their server.
const REMEMBERED: usize = 32;
/// Longer ones are read at each call.
const MAX_REMEMBERED: usize = 16_000;

type Remembered = (String, Result<Rc<ClientOptions>, Error>);

thread_local! {
    static OPTIONS: RefCell<Vec<Remembered>> = const { RefCell::new(Vec::new()) };
}

/// A client's options, read once for as long as they are in use.
pub(super) fn client_options(text: &str) -> Result<Rc<ClientOptions>, Error> {
    let known = OPTIONS.with(|options| {
        let mut options = options.try_borrow_mut().ok()?;
        let at = options.iter().position(|(known, _)| known == text)?;
        // Behind all that were used before.
        let used = options.remove(at);
        let read = used.1.clone();
        options.push(used);
        Some(read)
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

/// What one call asks for.
pub(super) fn call_options(
    options: &ClientOptions,
    flags: u32,
    budget: Option<&str>,
    max_tries: Option<&str>,
) -> Result<CallOptions, Error> {
    for (bit, name, is_here) in [
        (flag::ENQUEUE | flag::STORE, "outbox", cfg!(feature = "outbox")),
        (flag::PROFILE_STORE, "profileStore", cfg!(feature = "stores")),
    ] {
        if flags & bit != 0 && !is_here {
            return Err(needs_stores(name));
        }
    }
    let outbox = match (flags & flag::ENQUEUE, flags & flag::STORE) {
        (0, _) => options.outbox,
        (_, 0) => return Err(no_store()),
        _ => Some(Write::Only),
    };
    let profile_store = flags & flag::PROFILE_STORE != 0;
    let call = CallOptions { outbox, profile_store, ..CallOptions::new(options) };
    call.with(budget, max_tries)
}
