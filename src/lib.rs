//! Server-side PostHog for TypeScript edge functions, built in Rust and compiled to WebAssembly.
//!
//! The tree is the flow:
//!
//! ```text
//! TypeScript call ─▶ bindings ─▶ domain ─▶ event ─▶ policy ─▶ request ─▶ delivery ─▶ Outcome
//!                    read text   rows and  what     may it    how it is   fetch, one
//!                    from JS     webhooks  happened leave?    spelt       deadline
//! ```
//!
//! The types that carry it: [`Input`](event::input::Input) (what a caller gave) →
//! `TrackInput` (what the domain made of a row) → [`Event`](event::Event) →
//! [`Admitted`](policy::Admitted) (it may leave) → [`Wire`](request::Wire) (as PostHog reads it) →
//! [`Outcome`](delivery::Outcome). An `Admitted` event and a `Wire` are made by the
//! stage before them and by nothing else.
//!
//! ```
//! use posthog_wasm::delivery::ClientOptions;
//! use posthog_wasm::event::input::{Input, Tag};
//! use posthog_wasm::event::{id::EventSeed, time::Timestamp};
//! use posthog_wasm::request::prepare::{Rules, prepare};
//!
//! let options = ClientOptions::read(r#"{"apiKey":"phc_key"}"#)?;
//! let rules = Rules { policy: &options.policy, logsnag: None };
//! let mut seed = || EventSeed { now: Timestamp::EPOCH, random: [7; 10] };
//! let input = Input::from_text(Tag::Capture, r#"{"event":"Ping","distinctId":"user_1"}"#);
//! let prepared = prepare(&mut [input], None, &rules, &mut seed, &mut |_| None);
//! let wires: Vec<_> = prepared.wires.iter().map(|(_, wire)| wire).collect();
//! let request = options.project.map(|project| project.request(&wires));
//! assert_eq!(request.map(|request| request.url).as_deref(), Some("https://eu.i.posthog.com/batch/"));
//! # Ok::<(), posthog_wasm::error::Error>(())
//! ```
//!
//! Beside it, `lint` says what would become of events that are not sent, and `flags` decides feature flags; `request` spells what is asked of PostHog about them.
//!
//! `json` and `error` are used by all of them. Everything but `bindings` is free of clocks,
//! randomness and JavaScript: what delivery needs of the world is a trait, [`delivery::Host`].
//! A native build does not even have the JavaScript crates, so the rules can be tested with
//! `cargo test`.

pub mod compat;
pub mod delivery;
pub mod domain;
pub mod error;
pub mod event;
pub mod flags;
pub mod json;
#[cfg(feature = "lint")]
pub mod lint;
pub mod policy;
pub mod request;

#[cfg(target_arch = "wasm32")]
pub mod bindings;
