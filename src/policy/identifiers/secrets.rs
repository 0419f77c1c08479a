//! Keys, tokens and passwords: by their prefix, by their shape, and by what stands before them.

use super::alphabets::{
    Shape, alphabet, character, is_alphanumeric, is_base64, is_hex, is_token, is_url, is_word, run,
    starts_with,
};
use super::names::{Named, Secret, TELLING};
use super::patterns::starting_with;
use super::scan::{ENOUGH, Found, Kind, Scanner};
use super::{REDACTED, Scope};
use crate::json::text;
use crate::json::work::count as work;

/// No more than this is read of what follows a prefix, to tell a key from a word.
const BODY: usize = 32;
/// A longer name says what it says at its end.
const MAX_NAME: usize = 32;

impl Scanner<'_> {
    /// What one of the patterns finds.
    pub(super) fn issued(&self, byte: u8, at: usize) -> Option<Found> {
        let rest = self.rest(at).as_bytes();
        starting_with(byte).find_map(|pattern| {
            work(1);
            let from = at.saturating_add(starts_with(rest, pattern.prefix)?);
            let of = alphabet(pattern.alphabet);
            let least = run(self.text, from, &of, pattern.least.max(BODY));
            let body = self.text.as_bytes().get(from..least)?;
            let head = body.get(..body.len().min(BODY))?;
            if body.len() < pattern.least || pattern.random && !Shape::of(head).is_random() {
                return None;
            }
            // `pi_…_secret_…` is all of it.
            let end = self.run(from, is_word).max(self.run(from, of));
            let found = self.token(at, end)?;
            let whole = self.text.get(at..end).unwrap_or_default();
            let is_id = pattern.id && text::find(whole, "_secret_").is_none();
            Some(Found { kind: if is_id { Kind::Id } else { Kind::Token }, ..found })
        })
    }

    /// A token that ends as a word does, without the full stop of its sentence.
    fn token(&self, start: usize, end: usize) -> Option<Found> {
        if self.byte(end).is_ascii_alphanumeric() {
            return None;
        }
        let whole = self.text.as_bytes().get(start..end)?;
        let stops = whole.iter().rev().take_while(|byte| **byte == b'.').count();
        Some(Found { start, end: end.saturating_sub(stops), kind: Kind::Token })
    }

    /// Amazon's secret keys have no prefix: forty characters, with no others around them. So have
    /// New Relic's licence keys, but for their end.
    pub(super) fn unnamed(&self, at: usize) -> Option<Found> {
        const LENGTH: usize = 40;
        let before = self.byte(at.wrapping_sub(1));
        if is_base64(before) && before != b'=' {
            return None;
        }
        let of = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let end = run(self.text, at, &of, LENGTH.saturating_add(9));
        let key = self.text.get(at..end)?;
        let length = key
            .len()
            .saturating_sub(key.bytes().filter(|byte| *byte == b'%').count().saturating_mul(2));
        if key.ends_with("NRAL") && length >= 36 {
            return self.token(at, end);
        }
        if length != LENGTH || is_token(self.byte(end)) || self.byte(end) == b'=' {
            return None;
        }
        let shape = Shape::of(key.as_bytes());
        let case = key.bytes().any(|byte| byte.is_ascii_lowercase())
            && key.bytes().any(|byte| byte.is_ascii_uppercase());
        let random = case && shape.numbered > 0 && shape.changes >= 17;
        random.then_some(Found { start: at, end, kind: Kind::Token })
    }

    /// What is told by a sign in its middle.
    pub(super) fn shaped(&self, word: usize, at: usize) -> Option<Found> {
        let before = self.text.get(word..at)?.as_bytes();
        let (sign, length) = character(self.rest(at).as_bytes());
        let behind = at.saturating_add(length);
        let start = match sign {
            // Discord's bots: `MTk4….Gx2k….…`.
            b'.' if (23..=28).contains(&before.len()) && matches!(before, [b'M'..=b'O', ..]) => {
                let second = run(self.text, behind, &is_token, 8);
                let third = second.saturating_add(1);
                let short = run(self.text, third, &is_token, 27).saturating_sub(third) < 27;
                if second != behind.saturating_add(6) || self.byte(second) != b'.' || short {
                    return None;
                }
                return self.token(word, self.run(third, is_token));
            }
            // Telegram's bots: `123456789:AA…`.
            b':' if self.rest(behind).starts_with("AA") => {
                let digits = before.iter().rev().take(12).take_while(|byte| byte.is_ascii_digit());
                let digits = digits.count();
                (digits >= 8).then(|| at.saturating_sub(digits))?
            }
            // Asana's tokens: `1/1234567890123456:…`.
            b':' if before.len() == 16 && before.iter().all(u8::is_ascii_digit) => {
                let end = run(self.text, behind, &is_hex, 33);
                return if end == behind.saturating_add(32) { self.token(word, end) } else { None };
            }
            // Microsoft's client secrets: `abc8Q~…`.
            b'~' if matches!(before, [_, _, _, b'0'..=b'9', b'Q']) => word,
            // Mailchimp's keys: `…-us12`.
            b'-' if before.len() == 32 && before.iter().all(|byte| is_hex(*byte)) => {
                let place = self.rest(behind).strip_prefix("us")?;
                place.as_bytes().first().filter(|byte| byte.is_ascii_digit())?;
                return self.token(word, self.run(behind, is_alphanumeric));
            }
            _ => return None,
        };
        let end = self.run(behind, |byte| is_token(byte) || matches!(byte, b'.' | b'~'));
        if end.saturating_sub(behind) < 28 { None } else { self.token(start, end) }
    }

    /// The token after `Bearer` or `Basic`, if it is not a word of a sentence.
    pub(super) fn scheme(&self, at: usize) -> Option<Found> {
        let rest = self.rest(at);
        let is = |name: &str| {
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        let bearer = is("bearer");
        let blank = at.saturating_add(if bearer { 6 } else { 5 });
        if !bearer && !is("basic") {
            return None;
        }
        let start = match self.run(blank, |byte| byte.is_ascii_whitespace()) {
            none if none == blank => return None,
            start => start,
        };
        let end = self.run(start, is_base64);
        let token = self.text.as_bytes().get(start..end)?;
        let (_, tail) = token.split_first()?;
        let telling = if bearer {
            let digit = token.iter().any(u8::is_ascii_digit);
            let short = digit || tail.iter().any(u8::is_ascii_uppercase);
            short && !token.contains(&b'%') || token.len() >= 20
        } else {
            let head = token.get(..token.len().min(BODY))?;
            token.len() >= 8 && (token.ends_with(b"=") || Shape::of(head).is_random())
        };
        (token.len() >= 6 && telling).then_some(Found { start, end, kind: Kind::Token })
    }

    /// `eyJ….eyJ….…`; encrypted ones have another second part, and more of them.
    pub(super) fn json_web_token(&mut self, at: usize) -> Option<Found> {
        if at < self.no_jwt || !self.rest(at).starts_with("eyJ") {
            return None;
        }
        let header = self.run(at, is_token);
        let from = header.saturating_add(self.dot(header));
        let mut end = self.run(from, is_token);
        let short = header.saturating_sub(at) < 10 || end.saturating_sub(from) < 8;
        if short || from == header {
            self.no_jwt = header;
            return None;
        }
        for _ in 0..3 {
            let dot = self.dot(end);
            if dot > 0 {
                end = self.run(end.saturating_add(dot), is_token);
            }
        }
        Some(Found { start: at, end, kind: Kind::Token })
    }

    /// How long the full stop is there: plain, or encoded once or twice in a URL.
    fn dot(&self, at: usize) -> usize {
        match character(self.rest(at).as_bytes()) {
            (b'.', length) => length,
            _ => 0,
        }
    }

    /// `-----BEGIN … PRIVATE KEY-----` to its end, or to the text's.
    pub(super) fn private_key(&self, at: usize) -> Option<Found> {
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

    /// `user:password@host` after a scheme, host included; all of it may be encoded for a URL.
    pub(super) fn credentials(&mut self, at: usize, encoded: bool) -> Option<Found> {
        let (open, sign_length) = if encoded { ("%3A%2F%2F", 3) } else { ("://", 1) };
        if !self.rest(at).starts_with(open) {
            return None;
        }
        let start = at.saturating_add(open.len());
        let of = |byte: u8| is_url(byte) && !matches!(byte, b'/' | b'?' | b'#' | b'\\');
        let rest = self.text.as_bytes().get(start..)?;
        let authority = if encoded {
            self.text.get(start..self.run(start, |byte| of(byte) && byte != b'%'))?
        } else {
            let end = rest.iter().position(|byte| !of(*byte)).unwrap_or(rest.len());
            work(end);
            self.text.get(start..start.saturating_add(end))?
        };
        let mut sign = if encoded {
            authority.as_bytes().windows(3).rposition(|sign| sign == b"%40")
        } else {
            authority.rfind('@')
        };
        if sign.is_none() && start >= self.no_sign && !authority.starts_with('[') && !encoded {
            // What would be a port and is no number is a password with a `/`, `?` or `#` in it.
            let port = authority.split_once(':').map_or("", |(_, port)| port);
            if port.bytes().any(|byte| !byte.is_ascii_digit()) {
                let end = rest.iter().position(|byte| !is_url(*byte)).unwrap_or(rest.len());
                work(end);
                let end = start.saturating_add(end);
                sign = self.text.get(start..end)?.rfind('@');
                if sign.is_none() {
                    self.no_sign = end;
                }
            }
        }
        let sign = sign.filter(|sign| *sign > 0)?;
        let user = self.text.get(start..start.saturating_add(sign))?;
        let password = user.contains(':') || text::find(user, "%3A").is_some() || user.len() >= 16;
        if user == "git" || self.scope == Scope::Secrets && !password {
            return None;
        }
        let host = start.saturating_add(sign).saturating_add(sign_length);
        let end =
            self.run(host, |byte| is_token(byte) || matches!(byte, b'.' | b':' | b'[' | b']'));
        Some(Found { start, end, kind: Kind::Block })
    }

    /// What stands behind `password=`, `"token": "` or `X-API-Key:`, if it looks like one.
    pub(super) fn assigned(&self, at: usize, sign: usize) -> Option<Found> {
        let before = self.text.as_bytes().get(..at)?;
        let loose = |byte: &&u8| matches!(byte, b' ' | b'"' | b'\'' | b'\\' | b':');
        let space = before.iter().rev().take(3).take_while(loose).count();
        let before = before.get(..before.len().checked_sub(space)?)?;
        let before = before.strip_suffix(b"%22").unwrap_or(before);
        let of = |byte: &&u8| is_token(**byte) || **byte == b'.';
        let length = before.iter().rev().take(MAX_NAME).take_while(of).count();
        work(length);
        let (before, mut name) = before.split_at_checked(before.len().checked_sub(length)?)?;
        if before.ends_with(b"%") {
            // `%26sig`
            name = name.get(2..)?;
        }
        let named = Named::by(name).secret?;

        let mut from = at.saturating_add(sign);
        let rest = self.text.as_bytes().get(from..)?;
        let skip = rest
            .iter()
            .take(4)
            .take_while(|byte| matches!(byte, b' ' | b'>' | b'"' | b'\'' | b'`' | b'\\'));
        let mut skipped = skip.count();
        let last = skipped.checked_sub(1).and_then(|last| rest.get(last)).copied();
        let mut quote = last.filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
        if last == Some(b'\\') {
            return None;
        }
        if let (b'"', length) = character(rest.get(skipped..)?) {
            // `%22`
            quote = Some(b'"');
            skipped = skipped.saturating_add(length);
        }
        from = from.saturating_add(skipped);
        let equals = character(self.rest(at).as_bytes()).0 == b'=';
        let tight = equals && space == 0 && (skipped == 0 || quote.is_some());

        if named == Secret::Authorization {
            // `Basic …`, `Token …`
            let scheme = run(self.text, from, &|byte| byte.is_ascii_alphabetic(), 12);
            let value = run(self.text, scheme, &|byte| byte == b' ', 6);
            if scheme > from && value > scheme {
                from = value;
            }
        }
        let of = |byte: u8| match quote {
            Some(quote) => byte != quote && !matches!(byte, b'\\' | b'\n'),
            None => {
                is_url(byte)
                    && byte.is_ascii()
                    && !matches!(
                        byte,
                        b'&' | b';' | b',' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|' | b'\\'
                    )
            }
        };
        let value = self.text.as_bytes().get(from..)?;
        let until = |most: usize| {
            // What ends it may be encoded.
            let goes_on = |(index, byte): &(usize, &u8)| {
                of(**byte)
                    && (**byte != b'%' || of(character(value.get(*index..).unwrap_or_default()).0))
            };
            value.iter().take(most).enumerate().take_while(goes_on).count()
        };
        let start = until(TELLING);
        work(start);
        let start = value.get(..start)?;
        if start.starts_with(REDACTED.as_bytes()) || !named.is_in(start, tight) {
            return None;
        }
        let length = until(usize::MAX);
        work(length);
        let end = from.saturating_add(length);
        let stops = value.get(..length)?.iter().rev().take_while(|byte| **byte == b'.').count();
        Some(Found { start: from, end: end.saturating_sub(stops), kind: Kind::Token })
    }
}
