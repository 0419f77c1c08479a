//! Stripe's webhooks: what each means, in both shapes of the API, and that their order of arrival
//! means nothing.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

mod by_price;
#[cfg(not(target_arch = "wasm32"))]
mod laws;
mod meaning;
mod order;
mod origin;
#[cfg(not(target_arch = "wasm32"))]
mod published;
mod webhooks;
