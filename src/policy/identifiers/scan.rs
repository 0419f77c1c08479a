//! One pass over the bytes of a text; wherever a style ahead or behind could meet the same bytes
//! again, [`Scanner`] remembers that it was in vain.

use super::alphabets::{character, run};
use super::mail::sign_length;
use super::{Scope, pseudonym};
use crate::json::work::count as work;

/// No more than this is read of a quoted name, a private key's label or an address in brackets.
pub(super) const ENOUGH: usize = 64;

/// One identifier: where it is, in bytes, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An IP address.
    Address,
    /// A private key, or the part of a URL that a password is in.
    Block,
    /// An e-mail address: where its at sign is, and where its domain starts.
    Mail { sign: usize, domain: usize },
    /// An id, which opens nothing.
    Id,
    /// A key or a token.
    Token,
}

/// Finds the identifiers of a text, first to last.
pub(super) struct Scanner<'t> {
    pub text: &'t str,
    pub scope: Scope,
    at: usize,
    /// No e-mail address starts before this.
    pub floor: usize,
    /// Up to here there is no JSON Web Token, no at sign of a URL, no IPv6 address.
    pub no_jwt: usize,
    pub no_sign: usize,
    pub no_ipv6: usize,
}

impl Iterator for Scanner<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        // Where the last word starts, letters and digits; it ends at the cursor.
        let mut word = self.at;
        while let Some(byte) = self.text.as_bytes().get(self.at).copied() {
            let at = self.at;
            let named = byte.is_ascii_alphanumeric();
            let found = if named { self.word(byte, at) } else { self.mark(byte, word, at) };
            if let Some(found) = found {
                self.at = found.end;
                self.floor = found.end;
                word = found.end;
                let whole = self.text.get(found.start..found.end).unwrap_or_default();
                if found.kind == Kind::Id && self.scope == Scope::Secrets {
                    continue;
                }
                if found.kind == Kind::Block || !pseudonym::contained(whole) {
                    return Some(found);
                }
            } else if named {
                let rest = self.text.as_bytes().get(at..).unwrap_or_default();
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                work(length);
                self.at = at.saturating_add(length);
                word = at;
            } else {
                work(1);
                let length = match byte {
                    b'%' | b'\\' => self.escape_length(byte, at),
                    _ => 1,
                };
                self.at = at.saturating_add(length);
                word = self.at;
            }
        }
        None
    }
}

impl<'t> Scanner<'t> {
    pub(super) const fn new(text: &'t str, scope: Scope) -> Self {
        Self { text, scope, at: 0, floor: 0, no_jwt: 0, no_sign: 0, no_ipv6: 0 }
    }

    /// What a word starts.
    fn word(&mut self, byte: u8, at: usize) -> Option<Found> {
        let found = self.issued(byte, at).or_else(|| match byte {
            b'B' | b'b' => self.scheme(at),
            b'e' => self.json_web_token(at),
            _ => None,
        });
        let found = found.or_else(|| self.unnamed(at));
        if found.is_none() && self.scope == Scope::Addresses && byte.is_ascii_hexdigit() {
            return self.ipv4(at).or_else(|| self.ipv6(at));
        }
        found
    }

    /// What a sign after a word is the middle of, or the start.
    fn mark(&mut self, byte: u8, word: usize, at: usize) -> Option<Found> {
        match byte {
            b'-' if word == at => self.private_key(at),
            b'-' | b'.' | b'~' => self.shaped(word, at),
            b'=' => self.assigned(at, 1),
            b':' if word == at && self.byte(at.wrapping_sub(1)) == b':' => None,
            b':' => {
                let url = if word < at { self.credentials(at, false) } else { None };
                let found = url.or_else(|| self.shaped(word, at));
                let found = found.or_else(|| self.assigned(at, 1));
                if found.is_none() && word == at && self.scope == Scope::Addresses {
                    return self.ipv6(at);
                }
                found
            }
            b'@' | b'%' | b'\\' | b'&' | 0xef => {
                let sign = sign_length(self.rest(at));
                if sign > 0 {
                    return if self.scope == Scope::Secrets { None } else { self.mail(at, sign) };
                }
                match character(self.rest(at).as_bytes()) {
                    (b'=', length) => self.assigned(at, length),
                    (b':', length) if length > 1 => self
                        .credentials(at, true)
                        .or_else(|| self.shaped(word, at))
                        .or_else(|| self.assigned(at, length)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// How far a sign reaches: what is encoded in URLs (`%3D`), and in JSON inside JSON (`\n`),
    /// ends the word before it like the character that it stands for.
    fn escape_length(&mut self, byte: u8, at: usize) -> usize {
        let rest = self.rest(at);
        let after = rest.as_bytes().get(1..).unwrap_or_default();
        let (length, ends) = match (byte, after) {
            (b'%', [high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                // An e-mail address goes on over these: `% + - .`, `_` and other scripts.
                let part = matches!(
                    (high, low.to_ascii_uppercase()),
                    (b'2', b'5' | b'B' | b'D' | b'E') | (b'5', b'F') | (b'8'.., _)
                );
                (3, !part)
            }
            (b'\\', [b'u', ..]) if self.text.is_char_boundary(at.saturating_add(6)) => (6, true),
            (b'\\', [b'b' | b'f' | b'n' | b'r' | b't', ..]) => (2, true),
            _ => (1, false),
        };
        if ends && sign_length(rest) == 0 {
            self.floor = self.floor.max(at.saturating_add(length));
        }
        length
    }

    /// Where the bytes of a kind end.
    pub(super) fn run(&self, from: usize, of: impl Fn(u8) -> bool) -> usize {
        run(self.text, from, &of, usize::MAX)
    }

    pub(super) fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    /// The byte there, or 0 where there is none.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }
}
