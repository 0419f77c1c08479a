//! Everything between an event that is ready and its [`Outcome`]: one deadline, retries, requests
//! that are sent in two, what an outbox is told before and after, drains, and the order of profiles
//! through a store.
//!
//! Nothing here knows JavaScript. What touches the world is a [`Host`]: it fetches, sleeps, asks
//! stores and tells the time. In the module that ships there is one, `bindings::host`; in the tests
//! there is one that runs in virtual time and does whatever a hostile world may do.
//!
//! ```text
//! send::deliver ─▶ profiles (through the profile store) ─▶ request::prepare
//!               ─▶ outbox::write ─▶ queue ─▶ attempt ─▶ retry::decide ─▶ outbox::settle ─▶ Outcome
//! batch::deliver_all: the same for several calls at once, each with its own outcome
//! drain::drain  ─▶ outbox::claim ─▶ lanes ─▶ attempt ─▶ outbox::settle ─▶ Drained
//! ```
//!
//! Ten lines that deliver one event through a host of your own:
//!
//! ```
//! use posthog_wasm::delivery::{CallOptions, ClientOptions, Host, Outcome, send::deliver};
//! use posthog_wasm::error::Error;
//! use posthog_wasm::event::input::{Input, Tag};
//!
//! async fn ping<H: Host>(host: &H) -> Result<Outcome, Error> {
//!     let options = ClientOptions::read(r#"{"apiKey":"phc_key","host":"eu"}"#)?;
//!     let call = CallOptions::new(&options).with(Some("2000"), None)?;
//!     let input = Input::from_text(Tag::Capture, r#"{"event":"Ping","distinctId":"u1"}"#);
//!     Ok(deliver(host, &options, &call, vec![input], None).await)
//! }
//! ```

#![cfg_attr(not(feature = "stores"), allow(dead_code, reason = "what only stores need"))]

mod attempt;
#[cfg(feature = "full")]
pub mod batch;
mod cancellation;
mod concurrent;
#[cfg(feature = "drain")]
pub mod drain;
pub mod flags;
pub mod host;
#[cfg(feature = "drain")]
mod lane;
pub mod options;
pub mod outbox;
pub mod outcome;
#[cfg(feature = "stores")]
mod profiles;
mod queue;
pub mod retry;
#[cfg(feature = "client")]
pub mod send;
#[cfg(feature = "outbox")]
mod store;
#[cfg(feature = "stores")]
mod stores;
#[cfg(feature = "stores")]
mod unchanged;
#[cfg(feature = "v1")]
mod v1;
#[cfg(all(feature = "client", feature = "outbox"))]
mod write;

pub use host::Host;
pub use options::{CallOptions, ClientOptions, Secrets};
pub use outcome::Outcome;
pub use retry::Retry;

use cancellation::{Budget, Cancellation};
use outcome::ProviderOutcome;

use crate::request::Request;

/// Sends one request for the stand-ins: no outbox, and nothing that could be sent in two.
pub async fn single<H: Host>(
    host: &H,
    secrets: Secrets<'_>,
    retry: &Retry,
    request: &Request,
) -> ProviderOutcome {
    let budget = Budget::new(host, retry.budget_ms);
    let mut cancellation = Cancellation::at(&budget, retry.budget_ms);
    let outcome = attempt::deliver(secrets, request, 1, retry, &mut cancellation).await;
    outcome.unwrap_or_else(|_| ProviderOutcome::accepted())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
