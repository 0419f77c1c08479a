//! E-mail addresses: around an at sign, however it is spelt.

use super::alphabets::character;
use super::pseudonym;
use super::scan::{ENOUGH, Found, Kind, Scanner};
use crate::json::work::count as work;

impl Scanner<'_> {
    /// An e-mail address around its at sign.
    pub(super) fn mail(&mut self, at: usize, length: usize) -> Option<Found> {
        let from = at.saturating_add(length);
        let floor = std::mem::replace(&mut self.floor, from);
        let rest = self.rest(from);
        let domain = domain_length(rest);
        if domain == 0 || !is_host(rest.get(..domain)?) {
            return None;
        }
        // Escaped once more, a sign has a backslash more.
        let before = self.text.get(floor..at)?.trim_end_matches('\\');
        let sign = floor.saturating_add(before.len());
        let local = local_length(before);
        let start = sign.checked_sub(local)?;
        // `git@github.com` is nobody, and `@joe@mastodon.social` is a handle.
        let around = self.text.get(..start)?;
        let mut handle = ["@", "%40"].iter().filter_map(|sign| around.strip_suffix(*sign));
        let handle = handle.any(|before| !before.ends_with(is_letter));
        if local == 0 || handle || before.ends_with("git") && local == 3 {
            return None;
        }
        let end = from.saturating_add(domain);
        Some(Found { start, end, kind: Kind::Mail { sign, domain: from } })
    }
}

/// Whether it is no version (`pkg@1.0.0-beta.rc`) and no file (`logo@2x.png`).
fn is_host(domain: &str) -> bool {
    const FILES: [&str; 31] = [
        "wasm", "avif", "bmp", "cjs", "css", "csv", "exe", "gif", "gz", "heic", "html", "ico",
        "jpeg", "jpg", "js", "json", "jsx", "lock", "log", "map", "mjs", "pdf", "png", "scss",
        "sql", "svg", "ts", "tsx", "txt", "webp", "yaml",
    ];
    let is_file = |last: &str| FILES.iter().any(|file| file.eq_ignore_ascii_case(last));
    let mut labels = domain.split('.');
    let is_number = |label: Option<&str>| {
        label.is_some_and(|label| label.starts_with(|c: char| c.is_ascii_digit()))
    };
    let first = labels.next();
    let all_digits = first.is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    let version = all_digits && is_number(labels.next());
    let last = domain.rfind('.').and_then(|dot| domain.get(dot.saturating_add(1)..));
    !version && !last.is_some_and(is_file)
}

/// How long the at sign is that a text starts with: plain, encoded once or twice in a URL, in JSON
/// inside JSON or in HTML, as wide as the characters around it, or small.
pub(super) fn sign_length(text: &str) -> usize {
    const SIGNS: [&str; 9] = [
        "\\u0040",
        "%5Cu0040",
        "\\x40",
        "&#64;",
        "&#x40;",
        "\u{ff20}",
        "%EF%BC%A0",
        "\u{fe6b}",
        "%EF%B9%AB",
    ];
    match character(text.as_bytes()) {
        (b'@', length) => length,
        _ => SIGNS.iter().find(|sign| text.starts_with(**sign)).map_or(0, |sign| sign.len()),
    }
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
    let (mut at, mut start, mut length) = (0_usize, 0_usize, 0_usize);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(c) = rest.chars().next().filter(|c| is_letter(*c) || *c == '-') {
            at = at.saturating_add(c.len_utf8());
            continue;
        }
        let dot = match character(rest.as_bytes()) {
            (b'.', length) => length,
            // Of another script, encoded.
            (0x80.., length) if rest.starts_with('%') => {
                at = at.saturating_add(length);
                continue;
            }
            _ => 0,
        };
        // A pseudonym is no part of a domain: it would make one of what stands before it, and so on.
        let behind = at.saturating_sub(pseudonym::PREFIX.len().saturating_sub(1)).max(start);
        let ours = text.get(behind..).is_some_and(|rest| rest.starts_with(pseudonym::PREFIX));
        let label = text.get(start..if ours { behind } else { at }).unwrap_or_default();
        let word =
            label.chars().take(2).filter(|c| *c == '%' || is_letter(*c) && !c.is_ascii_digit());
        if start > 0 && word.count() == 2 {
            length = start.saturating_add(label.len());
        }
        if label.is_empty() || dot == 0 {
            break;
        }
        at = at.saturating_add(dot);
        start = at;
    }
    work(at);
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
