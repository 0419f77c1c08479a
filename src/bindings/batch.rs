//! Calls that were gathered.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::client::written;
use super::host::{Call, WasmHost};
use super::options::{call_options, client_options};
use super::{seeds, tasks};
use crate::delivery::batch::{Gathered, deliver_all};
use crate::delivery::options::warn_of_unknown;
use crate::delivery::send;
use crate::event::exception::Exception;
use crate::event::input::Input;
use crate::json::text::number;
use crate::json::writer::list;

/// Sends the events of several calls; it is settled with their outcomes, a JSON array. In front of each
/// call's `lines` stands one with `#` and the milliseconds of its time, and behind `!` what was thrown,
/// as [`Exception::read`] has it. `unknown` as in [`deliver`](super::deliver).
#[wasm_bindgen]
#[allow(clippy::too_many_arguments, reason = "one crossing")]
pub fn deliver_batch(
    call: Call,
    id: u32,
    flags: u32,
    now_ms: f64,
    wall: f64,
    options: &str,
    budget: Option<String>,
    unknown: Option<String>,
    lines: String,
) -> bool {
    let host = WasmHost::new(call, flags, now_ms, wall);
    let options = client_options(options);
    tasks::start(id, Rc::clone(&host.state), async move {
        let mut calls = Vec::new();
        for part in lines.strip_prefix('#').unwrap_or_default().split("\n#") {
            let (head, inputs) = part.split_once('\n').unwrap_or((part, ""));
            let (ms, thrown) = head.split_once('!').unwrap_or((head, ""));
            calls.push(Gathered {
                at: number::<u64>(ms).map_or(host.began, |ms| seeds::wall(ms as f64)),
                inputs: Input::from_lines(inputs),
                exception: Exception::read(thrown),
            });
        }
        let call = options.and_then(|options| {
            let call = call_options(&options, flags, budget.as_deref(), None)?;
            Ok((options, call))
        });
        let mut outcomes: Vec<_> = match call {
            Err(error) => calls.iter().map(|_| send::refused(error.clone(), 0)).collect(),
            Ok((options, call)) => deliver_all(&host, &options, &call, calls).await,
        };
        for outcome in &mut outcomes {
            if let Some(names) = &unknown {
                warn_of_unknown(names, &mut outcome.warnings);
            }
        }
        let mut text = String::new();
        list(&mut text, &outcomes, |to, outcome| to.push_str(&written(outcome)));
        host.state.call.settle(&text);
    })
}
