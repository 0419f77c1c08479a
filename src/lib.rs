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
//! `json` and `error` are used by all of them. Everything but `bindings` is free of clocks,
//! randomness and JavaScript: what delivery needs of the world is a trait, [`delivery::Host`]. A native build does not even have
//! the JavaScript crates, so the rules can be tested with `cargo test`.

pub mod compat;
pub mod delivery;
pub mod domain;
pub mod error;
pub mod event;
pub mod json;
pub mod policy;
pub mod request;

#[cfg(target_arch = "wasm32")]
pub mod bindings;
