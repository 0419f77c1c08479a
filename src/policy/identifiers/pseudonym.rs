//! What stands in an identifier's place: the same for the same one, and no way back from it.

use crate::json::text;

use super::REDACTED;
use super::scan::{Found, Kind};

/// How a pseudonym starts.
pub(super) const PREFIX: &str = "hmac_";
/// 128 bits: no two identifiers share a pseudonym, and none is found by trying.
const HEX_DIGITS: usize = 32;

/// Writes a pseudonym. Without a key, or with an empty one, which would let anybody make the
/// same pseudonyms from a list of addresses, it writes `[redacted]`.
pub(super) fn write(to: &mut String, text: &str, found: &Found, key: Option<&[u8]>) {
    match key.filter(|key| !key.is_empty()) {
        Some(key) => under::write(to, text, found, key),
        None => to.push_str(REDACTED),
    }
}

/// Under a key. Where there are no pseudonyms, the option for it was refused.
#[cfg(not(feature = "pseudonyms"))]
mod under {
    use super::{Found, REDACTED};

    pub(super) fn write(to: &mut String, _: &str, _: &Found, _: &[u8]) {
        to.push_str(REDACTED);
    }
}

/// Under a key.
#[cfg(feature = "pseudonyms")]
mod under {
    use std::borrow::Cow;

    use hmac_sha256::HMAC;

    use super::{Found, HEX_DIGITS, Kind, PREFIX};

    pub(super) fn write(to: &mut String, text: &str, found: &Found, key: &[u8]) {
        let mac = HMAC::mac(normal(text, found).as_bytes(), key);
        to.push_str(PREFIX);
        for byte in mac.iter().take(HEX_DIGITS / 2) {
            for digit in [byte >> 4, byte & 15] {
                to.extend(char::from_digit(u32::from(digit), 16));
            }
        }
    }

    /// The spelling under which an identifier is always the same one. Only ASCII is lower-cased: the
    /// tables for the rest weigh more than everything here.
    fn normal<'t>(text: &'t str, found: &Found) -> Cow<'t, str> {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        match found.kind {
            Kind::Address => part(found.start, found.end).to_ascii_lowercase().into(),
            Kind::Mail { sign, domain } => {
                let mail = [part(found.start, sign), "@", part(domain, found.end)].concat();
                mail.to_ascii_lowercase().into()
            }
            Kind::Block | Kind::Id | Kind::Token => part(found.start, found.end).into(),
        }
    }
}

/// The pseudonym of a text, all of which is secret.
pub(super) fn of(text: &str, key: Option<&[u8]>) -> String {
    let mut pseudonym = String::new();
    let whole = Found { start: 0, end: text.len(), kind: Kind::Token };
    write(&mut pseudonym, text, &whole, key);
    pseudonym
}

/// Whether there is a pseudonym of ours in a text: it is none of the identifiers itself.
pub(super) fn contained(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = text::split_once(rest, PREFIX) {
        let digits = behind.bytes().take(HEX_DIGITS);
        if digits.filter(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count() == HEX_DIGITS {
            return true;
        }
        rest = behind;
    }
    false
}
