//! The documentation tells the truth about names.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, missing_docs, reason = "a test may")]

use posthog_wasm::error::Code;
use posthog_wasm::event::id::NAMESPACE;

const ERRORS: &str = include_str!("../docs/errors.md");

/// The shell's own, which Rust knows nothing of.
const SHELL: [&str; 3] = ["internal", "needs_full", "unknown_method"];

#[test]
fn the_tables_of_codes_are_the_codes() {
    let (_, tables) = ERRORS.split_once("\n## Errors\n").expect("a section");
    let first = |line: &'static str| line.strip_prefix("| `")?.split('`').next();
    let mut told: Vec<&str> = tables.lines().filter_map(first).collect();
    let mut known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).chain(SHELL).collect();
    told.sort_unstable();
    // Some are an error here and a warning there.
    told.dedup();
    known.sort_unstable();
    assert_eq!(told, known);
}

#[test]
fn the_namespace_is_printed() {
    assert!(include_str!("../docs/webhooks.md").contains(&NAMESPACE.to_string()));
}

#[test]
fn the_versions_agree() {
    let package = include_str!("../pkg/package.json");
    assert!(package.contains(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"))));
}
