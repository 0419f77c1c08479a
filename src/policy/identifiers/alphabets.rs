//! What keys, tokens and URLs are made of, and whether it looks made up by a machine.

use super::patterns::Alphabet;
use crate::json::work::count as work;

/// Which bytes are of an alphabet.
pub(super) type Of = fn(u8) -> bool;

/// The alphabets of the packed table, by their numbers.
pub(super) fn alphabet(number: u8) -> Of {
    const ALL: [(Alphabet, Of); 7] = [
        (Alphabet::Alphanumeric, is_alphanumeric),
        (Alphabet::Base64, is_base64),
        (Alphabet::Dotted, is_dotted),
        (Alphabet::Hex, is_hex),
        (Alphabet::Token, is_token),
        (Alphabet::Upper, is_upper),
        (Alphabet::Url, is_path),
    ];
    ALL.iter().find(|(known, _)| *known as u8 == number).map_or(is_alphanumeric, |(_, of)| *of)
}

/// Where the bytes of an alphabet end. What is encoded for a URL counts as what it stands for.
#[inline(never)]
pub(super) fn run(text: &str, from: usize, of: &dyn Fn(u8) -> bool, most: usize) -> usize {
    let text = text.as_bytes();
    let end = text.len().min(from.saturating_add(most));
    let mut at = from.min(end);
    while at < end {
        let rest = text.get(at..).unwrap_or_default();
        let (byte, length) = character(rest);
        if of(byte) {
            at = at.saturating_add(length);
        } else if rest.first().is_some_and(|byte| of(*byte)) {
            at = at.saturating_add(1);
        } else {
            break;
        }
    }
    work(at.saturating_sub(from));
    at.min(text.len())
}

/// The byte that a text starts with, and how long it is there: `+`, or `%2B`, or `%252B`, as it is
/// in a URL, or in a URL inside another one.
#[inline(never)]
pub(super) fn character(text: &[u8]) -> (u8, usize) {
    let plain = text.first().copied().unwrap_or_default();
    if plain != b'%' {
        return (plain, 1);
    }
    let (mut from, mut found) = (1_usize, (plain, 1));
    while let Some([high, low]) = text.get(from..from.saturating_add(2)) {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let (Some(high), Some(low)) = (digit(high), digit(low)) else { break };
        from = from.saturating_add(2);
        found = (u8::try_from(high << 4 | low).unwrap_or_default(), from);
        if found.0 != b'%' || from > 5 {
            break;
        }
    }
    found
}

/// How long the start of a text is that says a word; it may be encoded for a URL.
pub(super) fn starts_with(text: &[u8], word: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    for wanted in word {
        let (byte, length) = character(text.get(at..)?);
        if byte != *wanted {
            return None;
        }
        at = at.saturating_add(length);
    }
    Some(at)
}

pub(super) const fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

pub(super) const fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

const fn is_upper(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) const fn is_token(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

const fn is_dotted(byte: u8) -> bool {
    is_token(byte) || byte == b'.'
}

pub(super) const fn is_base64(byte: u8) -> bool {
    is_dotted(byte) || matches!(byte, b'+' | b'/' | b'=' | b'~')
}

/// What a URL that stands in a text goes on with.
pub(super) const fn is_url(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`')
}

/// A path and a query, without the signs that sentences and JSON put behind them.
const fn is_path(byte: u8) -> bool {
    is_base64(byte) || matches!(byte, b'$' | b'%' | b'&' | b':' | b'?' | b'@')
}

/// How a text changes from letter to letter: people's words seldom, a machine's all the time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// How many bytes were looked at.
    pub length: usize,
    pub digits: usize,
    pub letters: usize,
    /// Neither a letter nor a digit, nor what joins words: `- . / _`.
    pub signs: usize,
    /// A capital or a digit behind something else, or something else behind one.
    pub changes: usize,
    /// A digit right behind a letter.
    pub numbered: usize,
    /// The first two: a digit, and none.
    digit_first: bool,
}

impl Shape {
    #[inline(never)]
    pub(super) fn of(bytes: &[u8]) -> Self {
        work(bytes.len());
        let mut shape = Self::default();
        let mut before = 0;
        for byte in bytes {
            let class = match byte {
                b'0'..=b'9' => 1,
                b'A'..=b'Z' => 2,
                b'a'..=b'z' => 3,
                b'-' | b'.' | b'/' | b'_' => 4,
                _ => 5,
            };
            shape.digits = shape.digits.saturating_add(usize::from(class == 1));
            shape.letters = shape.letters.saturating_add(usize::from(class == 2 || class == 3));
            shape.signs = shape.signs.saturating_add(usize::from(class == 5));
            if before != 0 && before != class {
                shape.changes = shape.changes.saturating_add(1);
                let numbered = class == 1 && (before == 2 || before == 3);
                shape.numbered = shape.numbered.saturating_add(usize::from(numbered));
                shape.digit_first |= before == 1 && shape.length == 1;
            }
            before = class;
            shape.length = shape.length.saturating_add(1);
        }
        shape
    }

    /// `1MowQVLkdIwHu7ix`, and not `createdAt`, `2024summer` or `user_id`.
    pub(super) fn is_random(self) -> bool {
        let often = |times: usize| self.changes.saturating_mul(times) >= self.length;
        let long = self.length >= 20 && self.digits > 0;
        self.letters > 0
            && (self.numbered >= 2 || often(2) || (often(3) && (long || self.digit_first)))
    }
}
