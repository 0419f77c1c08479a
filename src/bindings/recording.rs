//! A replay's events are too long to cross: the shell holds them, and passes them by piece by piece.

use wasm_bindgen::prelude::*;

use crate::json::scan::Scan;

/// Looks at the next piece of a JSON text, of at most 16,384 UTF-16 units and one: what is known of it
/// so far in the lower half of a number, which goes into the next call, and how many bytes the piece
/// has in the upper half. Begin with 0. [`Scan::to_bits`] says how to read it.
#[wasm_bindgen]
pub fn scan_recording(piece: &str, so_far: u32) -> u32 {
    let bytes = u32::try_from(piece.len()).unwrap_or(u32::MAX);
    Scan::from_bits(so_far).piece(piece).to_bits() | (bytes << 16)
}
