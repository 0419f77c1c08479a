//! Looking at a JSON text that is too long to hold: piece by piece, forgetting each.

use crate::json::MAX_DEPTH;

/// What is known of a text after its pieces so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    depth: u8,
    in_string: bool,
    /// How much of `\ud` has come.
    escape: u8,
    too_deep: bool,
    surrogate: bool,
}

impl Scan {
    /// With one more piece.
    #[must_use]
    pub fn piece(mut self, piece: &str) -> Self {
        for byte in piece.bytes() {
            self.byte(byte);
        }
        self
    }

    fn byte(&mut self, byte: u8) {
        if self.in_string {
            self.escape = match (self.escape, byte) {
                (0, b'\\') => 1,
                (1, b'u') => 2,
                (2, b'd' | b'D') => {
                    // `JSON.stringify` writes whole pairs as they are: this is half of one.
                    self.surrogate = true;
                    0
                }
                (0, b'"') => {
                    self.in_string = false;
                    0
                }
                _ => 0,
            };
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => {
                self.depth = self.depth.saturating_add(1);
                self.too_deep |= usize::from(self.depth) > MAX_DEPTH;
            }
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// As a number: bit 0, nested too deep; bit 1, has half of a UTF-16 pair; then the rest.
    pub fn to_bits(self) -> u32 {
        u32::from(self.too_deep)
            | (u32::from(self.surrogate) << 1)
            | (u32::from(self.in_string) << 2)
            | (u32::from(self.escape) << 3)
            | (u32::from(self.depth) << 8)
    }

    /// From such a number.
    pub fn from_bits(bits: u32) -> Self {
        let [flags, depth, ..] = bits.to_le_bytes();
        Self {
            depth,
            in_string: flags & 4 != 0,
            escape: (flags >> 3) & 3,
            too_deep: flags & 1 != 0,
            surrogate: flags & 2 != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn wherever_it_is_cut_a_text_is_the_same() {
        let nested = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
        for (text, too_deep, surrogate) in [
            (nested(100), false, false),
            (nested(101), true, false),
            (nested(300), true, false),
            (format!("[\"{}\"]", "[".repeat(500)), false, false),
            (r#"["a\ud800"]"#.to_owned(), false, true),
            (r#"["a\\ud800\"\u0041"]"#.to_owned(), false, false),
            (r#"{"\\":"\\\ud83d"}"#.to_owned(), false, true),
        ] {
            for cut in 0..=text.len() {
                let (one, two) = text.split_at(cut);
                let first = Scan::from_bits(Scan::default().piece(one).to_bits());
                let bits = first.piece(two).to_bits();
                assert_eq!((bits & 1 != 0, bits & 2 != 0), (too_deep, surrogate), "{text} {cut}");
                assert_eq!(bits >> 2, 0, "{text}");
            }
        }
    }
}
