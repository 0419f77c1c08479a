//! Randomness for ids, drawn for many at once: asking for it one id at a time costs more than
//! everything else about an event.

use std::cell::RefCell;

use js_sys::Math;
use wasm_bindgen::prelude::*;

use crate::event::id::EventSeed;
use crate::event::time::Timestamp;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

thread_local! {
    static RANDOM: RefCell<Vec<[u8; 10]>> = const { RefCell::new(Vec::new()) };
}

/// For how many ids the host is asked at once.
const IDS: usize = 256;

/// The seed of one event.
pub(super) fn seed(now: Timestamp) -> EventSeed {
    let random = RANDOM.with(|pool| {
        let mut pool = pool.try_borrow_mut().ok()?;
        if pool.is_empty() {
            pool.extend(random_bytes().as_chunks().0);
        }
        pool.pop()
    });
    EventSeed { now, random: random.unwrap_or_default() }
}

fn random_bytes() -> [u8; IDS * 10] {
    let mut bytes = [0; IDS * 10];
    if random_values(&mut bytes).is_err() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a byte")]
        for byte in &mut bytes {
            *byte = (Math::random() * 256.0) as u8;
        }
    }
    bytes
}

/// The wall clock's time as the shell gives it. The epoch, if it is beyond the year 9999.
#[allow(clippy::cast_possible_truncation, reason = "a clock's milliseconds are whole")]
pub(super) fn wall(ms: f64) -> Timestamp {
    Timestamp::from_millis(ms as i64).unwrap_or(Timestamp::EPOCH)
}
