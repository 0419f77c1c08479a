//! What an identifier looks like. One pass over the bytes; wherever a style ahead or behind could
//! meet the same bytes again, [`Scanner`] remembers that it was in vain.

use crate::json::text;
use crate::json::work::count as work;
use std::net::Ipv6Addr;

use super::pseudonym;

/// No more than this is read of a quoted name, a private key's label or an address in brackets.
const ENOUGH: usize = 64;
/// No more than this is read to tell a token from a word.
const TELLING: usize = 32;

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
    /// An id, a key or a token.
    Token,
}

/// Finds the identifiers of a text, first to last.
pub(super) struct Scanner<'t> {
    text: &'t str,
    ips: bool,
    at: usize,
    /// No e-mail address starts before this.
    floor: usize,
    /// Up to here there is no JSON Web Token, no at sign of a URL, no IPv6 address.
    no_jwt: usize,
    no_sign: usize,
    no_ipv6: usize,
}

/// How an id or a key goes on after its prefix.
struct Body {
    /// Bytes of the prefix after its first `_` or `-`.
    skip: usize,
    /// How many characters make it one.
    least: usize,
    /// What those are.
    of: fn(u8) -> bool,
    /// Words style like it, but a digit or a capital is in none of them.
    worded: bool,
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
    pub(super) const fn new(text: &'t str, ips: bool) -> Self {
        Self { text, ips, at: 0, floor: 0, no_jwt: 0, no_sign: 0, no_ipv6: 0 }
    }

    /// What a word starts.
    fn word(&mut self, byte: u8, at: usize) -> Option<Found> {
        let found = match byte {
            b'A' => self.cloud_key(at),
            b'B' | b'b' => self.bearer(at),
            b'e' => self.json_web_token(at),
            _ => None,
        };
        if found.is_none() && self.ips && byte.is_ascii_hexdigit() {
            return self.ipv4(at).or_else(|| self.ipv6(at));
        }
        found
    }

    /// What a sign after a word is the middle of, or the start.
    fn mark(&mut self, byte: u8, word: usize, at: usize) -> Option<Found> {
        match byte {
            b'_' => self.issued(word, at),
            b'-' if word == at => self.private_key(at),
            b'-' => self.issued(word, at),
            b':' if word < at => self.credentials(at),
            b':' if self.ips && self.byte(at.wrapping_sub(1)) != b':' => self.ipv6(at),
            b'@' | b'%' | b'\\' | 0xef => match sign_length(self.rest(at)) {
                0 => None,
                sign => self.mail(at, sign),
            },
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

    /// `cus_…`, `sk_live_…`, `xoxb-…`: prefixes that say who has issued them. Of Stripe's, those
    /// of customers and of whatever names one (their cards, accounts, payments, subscriptions);
    /// products, prices and events are nobody's.
    fn issued(&self, word: usize, at: usize) -> Option<Found> {
        let from = at.saturating_add(1);
        let rest = self.rest(from);
        let mode = rest.starts_with("live_") || rest.starts_with("test_");
        let body = |skip, least, of, worded| Some(Body { skip, least, of, worded });
        let prefix = self.text.as_bytes().get(word..from).unwrap_or_default();
        let body = match prefix {
            b"cus_" => body(0, 6, is_alphanumeric, false),
            b"acct_" | b"ba_" | b"card_" | b"pi_" | b"pm_" | b"seti_" | b"src_" | b"sub_"
            | b"tok_" => body(0, 6, is_alphanumeric, true),
            // Short as words are; Stripe's ids have 14 characters and more.
            b"ch_" | b"in_" | b"py_" => body(0, 14, is_alphanumeric, true),
            b"cs_" | b"pk_" | b"rk_" | b"sk_" if mode => body(5, 6, is_token, false),
            b"sb_" if rest.starts_with("secret_") => body(7, 6, is_token, false),
            b"github_" if rest.starts_with("pat_") => body(4, 6, is_token, false),
            b"gho_" | b"ghp_" | b"ghr_" | b"ghs_" | b"ghu_" | b"phc_" | b"phs_" | b"phx_" => {
                body(0, 6, is_token, false)
            }
            b"whsec_" => body(0, 6, is_base64, false),
            b"hf_" | b"npm_" | b"sbp_" => body(0, 20, is_alphanumeric, true),
            b"glpat-" | b"sk-" => body(0, 20, is_token, true),
            b"xapp-" | [b'x', b'o', b'x', b'a'..=b'z', b'-'] => body(0, 10, is_token, false),
            _ => None,
        }?;
        let from = from.saturating_add(body.skip);
        let head = self.text.as_bytes().get(from..).unwrap_or_default();
        let head = head.iter().take(TELLING).take_while(|byte| (body.of)(**byte));
        let (length, telling) = head.fold((0_usize, false), |(length, telling), byte| {
            work(1);
            let tells = byte.is_ascii_digit() || byte.is_ascii_uppercase();
            (length.saturating_add(1), telling || tells)
        });
        if length < body.least || (body.worded && !telling) {
            return None;
        }
        // `pi_…_secret_…` is all of it.
        let end = self.run(from, is_word).max(self.run(from, body.of));
        Some(Found { start: word, end, kind: Kind::Token })
    }

    /// Amazon's and Google's keys.
    fn cloud_key(&self, at: usize) -> Option<Found> {
        let rest = self.rest(at);
        let (end, least) = if rest.starts_with("AKIA") || rest.starts_with("ASIA") {
            (self.run(at, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()), 16)
        } else if rest.starts_with("AIza") {
            (self.run(at, is_token), 30)
        } else {
            return None;
        };
        let whole = end.saturating_sub(at) >= least && !self.byte(end).is_ascii_alphanumeric();
        whole.then_some(Found { start: at, end, kind: Kind::Token })
    }

    /// The token after `Bearer`, if it is not a word of a sentence.
    fn bearer(&self, at: usize) -> Option<Found> {
        let (name, after) = self.rest(at).split_at_checked(6)?;
        if !name.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let blank = at.saturating_add(6);
        let start = match self.run(blank, |byte| byte.is_ascii_whitespace()) {
            none if none == blank && after.starts_with("%20") => none.saturating_add(3),
            none if none == blank => return None,
            start => start,
        };
        let end = self.run(start, is_base64);
        let token = self.text.as_bytes().get(start..end)?;
        let (_, tail) = token.split_first()?;
        let telling = token.iter().any(u8::is_ascii_digit)
            || tail.iter().any(u8::is_ascii_uppercase)
            || token.len() >= 20;
        (token.len() >= 6 && telling).then_some(Found { start, end, kind: Kind::Token })
    }

    /// `eyJ….eyJ….…`; encrypted ones have another second part, and more of them.
    fn json_web_token(&mut self, at: usize) -> Option<Found> {
        if at < self.no_jwt || !self.rest(at).starts_with("eyJ") {
            return None;
        }
        let header = self.run(at, is_token);
        let from = header.saturating_add(1);
        let mut end = self.run(from, is_token);
        let short = header.saturating_sub(at) < 10 || end.saturating_sub(from) < 8;
        if short || self.byte(header) != b'.' {
            self.no_jwt = header;
            return None;
        }
        for _ in 0..3 {
            if self.byte(end) == b'.' {
                end = self.run(end.saturating_add(1), is_token);
            }
        }
        Some(Found { start: at, end, kind: Kind::Token })
    }

    /// `-----BEGIN … PRIVATE KEY-----` to its end, or to the text's.
    fn private_key(&self, at: usize) -> Option<Found> {
        let header = self.rest(at).strip_prefix("-----BEGIN ")?;
        work(ENOUGH);
        let label = header.as_bytes().get(..header.len().min(ENOUGH))?;
        if !label.windows(11).any(|part| part == b"PRIVATE KEY") {
            return None;
        }
        work(header.len());
        let end = text::find(header, "-----END").and_then(|from| {
            let after = from.saturating_add(8);
            let end = text::find(header.get(after..)?, "-----")?;
            Some(after.saturating_add(end).saturating_add(5))
        });
        let from = at.saturating_add(11);
        let end = end.map_or(self.text.len(), |end| from.saturating_add(end));
        Some(Found { start: at, end, kind: Kind::Block })
    }

    /// `user:password@host` after a scheme, host included.
    fn credentials(&mut self, at: usize) -> Option<Found> {
        if !self.rest(at).starts_with("://") {
            return None;
        }
        let start = at.saturating_add(3);
        let end =
            self.run(start, |byte| is_url(byte) && !matches!(byte, b'/' | b'?' | b'#' | b'\\'));
        let authority = self.text.get(start..end)?;
        let mut sign = authority.rfind('@');
        if sign.is_none() && start >= self.no_sign && !authority.starts_with('[') {
            // What would be a port and is no number is a password with a `/`, `?` or `#` in it.
            let port = authority.split_once(':').map_or("", |(_, port)| port);
            if port.bytes().any(|byte| !byte.is_ascii_digit()) {
                let end = self.run(start, is_url);
                sign = self.text.get(start..end)?.rfind('@');
                if sign.is_none() {
                    self.no_sign = end;
                }
            }
        }
        let host = start.saturating_add(sign.filter(|sign| *sign > 0)?).saturating_add(1);
        let end =
            self.run(host, |byte| is_token(byte) || matches!(byte, b'.' | b':' | b'[' | b']'));
        Some(Found { start, end, kind: Kind::Block })
    }

    /// An e-mail address around its at sign.
    fn mail(&mut self, at: usize, sign: usize) -> Option<Found> {
        let from = at.saturating_add(sign);
        let floor = std::mem::replace(&mut self.floor, from);
        let domain = domain_length(self.rest(from));
        if domain == 0 {
            return None;
        }
        let local = local_length(self.text.get(floor..at)?);
        (local > 0).then_some(Found {
            start: at.saturating_sub(local),
            end: from.saturating_add(domain),
            kind: Kind::Mail { sign: at, domain: from },
        })
    }

    fn ipv4(&self, at: usize) -> Option<Found> {
        // The rest of a longer row of numbers.
        if self.byte(at.wrapping_sub(1)) == b'.' && self.byte(at.wrapping_sub(2)).is_ascii_digit() {
            return None;
        }
        let length = ipv4_length(self.rest(at).as_bytes());
        let end = at.saturating_add(length);
        (length > 0).then_some(Found { start: at, end, kind: Kind::Address })
    }

    fn ipv6(&mut self, at: usize) -> Option<Found> {
        if at < self.no_ipv6 {
            return None;
        }
        let mut end = self.run(at, |byte| byte.is_ascii_hexdigit() || byte == b':');
        self.no_ipv6 = end;
        let groups = self.text.get(at..end)?;
        if self.byte(end) == b'.' {
            // `::ffff:1.2.3.4`
            let last = end.saturating_sub(groups.bytes().rev().take_while(|b| *b != b':').count());
            end = last.saturating_add(ipv4_length(self.rest(last).as_bytes())).max(end);
        }
        if self.byte(end).is_ascii_alphanumeric() {
            return None;
        }
        let whole = self.text.get(at..end)?;
        let whole = if whole.ends_with("::") { whole } else { whole.trim_end_matches(':') };
        // Node writes `address:port`, with the same colon.
        let without_port = whole.rsplit_once(':').map_or("", |(address, _)| address);
        let found = [whole, without_port].into_iter().find(|text| {
            // `a::b` is code.
            let telling = text.bytes().any(|byte| byte.is_ascii_digit())
                || text.bytes().filter(|byte| *byte == b':').count() > 2;
            telling && text.parse::<Ipv6Addr>().is_ok()
        })?;
        let end = at.saturating_add(found.len());
        Some(Found { start: at, end, kind: Kind::Address })
    }

    /// Where the bytes of a kind end.
    fn run(&self, from: usize, of: fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| !of(*byte)).unwrap_or(rest.len());
        work(length);
        from.saturating_add(length)
    }

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    /// The byte there, or 0 where there is none.
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }
}

/// How long the at sign is that a text starts with: plain, encoded once or twice in a URL, in JSON
/// inside JSON, or as wide as the characters around it.
fn sign_length(text: &str) -> usize {
    const SIGNS: [&str; 5] = ["@", "%40", "%2540", "\\u0040", "\u{ff20}"];
    SIGNS.iter().find(|sign| text.starts_with(**sign)).map_or(0, |sign| sign.len())
}

/// How long the domain is that a text starts with: up to the last label that is a word.
fn domain_length(text: &str) -> usize {
    if let Some(literal) = text.strip_prefix('[') {
        let inner = literal.bytes().take(ENOUGH);
        let inner = inner.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':'));
        let length = inner.clone().count();
        work(length);
        let numbers = inner.filter(|byte| matches!(byte, b'.' | b':')).count() > 1;
        let closed = literal.as_bytes().get(length) == Some(&b']');
        return if numbers && closed { length.saturating_add(2) } else { 0 };
    }
    let end = text.char_indices().find(|(_, c)| !is_letter(*c) && !matches!(c, '-' | '.'));
    let run = end.map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
    work(run.len());
    // A pseudonym is no part of a domain: it would make one of what stands before it, and so on.
    let behind = run.len().saturating_sub(pseudonym::PREFIX.len().saturating_sub(1));
    let (before, rest) = text.split_at_checked(behind).unwrap_or_default();
    let run = if rest.starts_with(pseudonym::PREFIX) { before } else { run };
    let mut length = 0;
    let mut at = 0_usize;
    for label in run.split('.') {
        let word = label.chars().take(2).filter(|c| is_letter(*c) && !c.is_ascii_digit());
        let first = at == 0;
        at = at.saturating_add(label.len());
        if label.is_empty() {
            break;
        }
        if !first && word.count() == 2 {
            length = at;
        }
        at = at.saturating_add(1);
    }
    length
}

/// How long the local part is that a text ends with.
fn local_length(text: &str) -> usize {
    if let Some(inner) = text.strip_suffix('"') {
        // Longer than any mail server takes; what is redacted already is none.
        let quoted = inner.bytes().rev().take(ENOUGH);
        let quoted = quoted.take_while(|byte| !matches!(byte, b'"' | b'@' | b'[' | b']'));
        let length = quoted.clone().count();
        work(length);
        let open = inner.len().checked_sub(length.saturating_add(1));
        let open = open.and_then(|at| inner.as_bytes().get(at)) == Some(&b'"');
        let named = quoted.filter(u8::is_ascii_alphanumeric).count() > 0;
        return if open && named { length.saturating_add(2) } else { 0 };
    }
    let mut read = 0_usize;
    let mut length = 0;
    for c in text.chars().rev() {
        let letter = is_letter(c) || matches!(c, '_' | '+');
        if !letter && !matches!(c, '!' | '#'..='%' | '\'' | '*' | '-' | '.' | '^' | '~') {
            break;
        }
        read = read.saturating_add(c.len_utf8());
        // What it does not start with are quotes and other signs around it.
        if letter {
            length = read;
        }
    }
    work(read);
    length
}

/// How long the IPv4 address is that a text starts with.
fn ipv4_length(text: &[u8]) -> usize {
    let mut length = 0_usize;
    for group in 0..4 {
        if group > 0 {
            if text.get(length) != Some(&b'.') {
                return 0;
            }
            length = length.saturating_add(1);
        }
        let rest = text.get(length..).unwrap_or_default();
        let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit());
        let (count, value) = digits.fold((0_usize, 0_u32), |(count, value), digit| {
            let digit = u32::from(digit.saturating_sub(b'0'));
            (count.saturating_add(1), value.saturating_mul(10).saturating_add(digit))
        });
        if !(1..=3).contains(&count) || value > 255 {
            return 0;
        }
        length = length.saturating_add(count);
    }
    match text.get(length..) {
        Some([b'.', next, ..]) if next.is_ascii_digit() => 0,
        Some([next, ..]) if next.is_ascii_alphanumeric() => 0,
        _ => length,
    }
}

/// A letter or digit of any script, for e-mail addresses. The tables that say so weigh more than
/// this whole file, so it is whatever is outside the blocks of spaces and punctuation.
const fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !c.is_ascii()
            && !matches!(c,
                '\u{80}'..='\u{a9}' | '\u{ab}' | '\u{ac}' | '\u{ae}'..='\u{b4}'
                | '\u{b6}'..='\u{b9}' | '\u{bb}'..='\u{bf}'
                | '\u{2000}'..='\u{200a}' | '\u{2010}'..='\u{205f}'
                | '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
                | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
                | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

const fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn is_token(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

const fn is_base64(byte: u8) -> bool {
    is_token(byte) || matches!(byte, b'+' | b'.' | b'/' | b'=' | b'~')
}

/// What a URL that stands in a text goes on with.
const fn is_url(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`')
}
