//! The README tells the truth about names.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, missing_docs, reason = "a test may")]

use posthog_wasm::error::Code;
use posthog_wasm::event::id::NAMESPACE;

const README: &str = include_str!("../README.md");

#[test]
fn every_code_is_documented() {
    for code in Code::ALL {
        assert!(README.contains(&format!("`{}`", code.name())), "{}", code.name());
    }
}

#[test]
fn the_namespace_is_printed() {
    assert!(README.contains(&NAMESPACE.to_string()));
}

#[test]
fn the_versions_agree() {
    let package = include_str!("../pkg/package.json");
    assert!(package.contains(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"))));
}
