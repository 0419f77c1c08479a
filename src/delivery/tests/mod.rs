//! Calls in virtual time, through a host that does whatever a hostile world may do.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may"
)]

use std::rc::Rc;

use super::drain::{Drained, drain};
use super::outcome::{Outcome, Status};
use super::send::deliver;
use super::{CallOptions, ClientOptions};
use crate::delivery::host::StoreMethod;
use crate::event::input::{Input, Tag};
use crate::request::entry::Write;

mod batch;
mod drains;
mod profiles;
mod schedules;
mod unchanged;
mod v1;
mod world;

use world::{Clock, Server, Store, World};

/// A client with so much time and so many retries.
fn options(budget_ms: u32, max_retries: u32) -> ClientOptions {
    let text = format!(
        r#"{{"apiKey":"phc_key","host":"https://h","budgetMs":{budget_ms},"maxRetries":{max_retries},"logsnag":null}}"#
    );
    ClientOptions::read(&text).expect("options")
}

fn events(count: usize) -> Vec<Input<'static>> {
    let text = |at| format!(r#"{{"kind":"capture","event":"E{at}","distinctId":"u"}}"#);
    (0..count).map(|at| Input::from_owned(Tag::Track, text(at))).collect()
}

/// Delivers so many events in this world.
fn sent(world: &Rc<World>, options: &ClientOptions, call: &CallOptions, count: usize) -> Outcome {
    world.run(deliver(world, options, call, events(count), None)).0
}

fn drained(world: &Rc<World>, options: &ClientOptions, call: &CallOptions) -> Drained {
    world.run(drain(world, options, call)).0
}

/// What holds for every call, however it went.
fn holds(world: &World, budget_ms: u32, what: &str) {
    let took = world.now.get();
    assert!(took <= u64::from(budget_ms), "{what}: took {took} ms");
    assert_eq!(world.open.get(), 0, "{what}: requests are open");
    assert_eq!(world.timers.get(), 0, "{what}: timers run");
    for (begun, _) in world.sent.borrow().iter() {
        assert!(*begun < u64::from(budget_ms), "{what}: a request was begun at {begun} ms");
    }
}
