//! Taking identifiers out of JSON text: what is clean stays, to the byte.

use super::names::{Named, Secret};
use super::{Scope, pseudonym, scrub_text, tainted};
use crate::json::writer::format_u64;
use crate::json::{MAX_DEPTH, quote, unquote, work};

/// So many paths are told; nobody reads more, and together they could be longer than the text.
const MAX_PATHS: usize = 100;
/// A path names this much of a property's name.
const MAX_NAME_BYTES: usize = 64;

/// The members of an object without every one, at any depth, whose text holds an identifier, and
/// without the elements of arrays that do; their paths go to `dropped`, as long as it holds fewer
/// than a hundred. With a key, each identifier is replaced by its pseudonym instead, and nothing is
/// dropped. `None` if there is none. What a name is, is never asked: names are the developer's.
/// But a name may say that an IP address or a password is its value.
///
/// `members` is what stands between the braces of an object that was found to be valid.
pub fn scrub_members(
    members: &str,
    scope: Scope,
    key: Option<&[u8]>,
    dropped: &mut Vec<String>,
) -> Option<String> {
    let key = key.filter(|key| !key.is_empty());
    let key = key.filter(|key| !key.is_empty());
    let mut walk = Walk { text: members, at: 0, key, clean: String::new(), copied: 0, dropped };
    walk.items(None, Items::ObjectWriter, Inherited { scope, levels: MAX_DEPTH });
    // Nothing is left of valid members; of anything else, nothing that was not looked at leaves.
    if walk.at < members.len() {
        walk.cut(walk.at, members.len());
    }
    if walk.copied == 0 {
        return None;
    }
    walk.clean.push_str(members.get(walk.copied..).unwrap_or_default());
    Some(walk.clean)
}

/// The one pass over the text. Nothing is copied before the first change.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    key: Option<&'a [u8]>,
    clean: String,
    /// Up to where the text is in `clean`, or left out of it.
    copied: usize,
    dropped: &'a mut Vec<String>,
}

/// Where a value is; a list in the callers' frames, so that a clean walk allocates nothing.
struct Place<'p> {
    outer: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Element(usize),
    Member(&'p str),
}

#[derive(Clone, Copy)]
enum Items {
    Elements,
    ObjectWriter,
}

/// What a value has from the values around it.
#[derive(Clone, Copy)]
struct Inherited {
    /// IP addresses count where one of their names says that some are in it.
    scope: Scope,
    /// How much deeper it may go.
    levels: usize,
}

impl<'a> Walk<'a> {
    /// The items of one object or array, up to what closes it.
    fn items(&mut self, outer: Option<&Place<'_>>, items: Items, inherited: Inherited) {
        // Where the last item that stays ends: the comma after it goes with what is dropped.
        let mut kept = None;
        for index in 0_usize.. {
            self.space();
            let start = self.at;
            let keep = match items {
                Items::Elements => {
                    self.value(&Place { outer, step: Step::Element(index) }, None, inherited)
                }
                Items::ObjectWriter => self.member(outer, inherited),
            };
            let end = self.at;
            if start == end {
                break;
            }
            self.space();
            let more = self.take(b',');
            if keep {
                kept = Some(end);
            } else if let Some(kept) = kept {
                self.cut(kept, end);
            } else {
                self.space();
                self.cut(start, if more { self.at } else { end });
            }
            if !more {
                break;
            }
        }
    }

    /// One member; whether it stays.
    fn member(&mut self, outer: Option<&Place<'_>>, inherited: Inherited) -> bool {
        let Some(raw) = self.string() else { return true };
        self.space();
        self.take(b':');
        self.space();
        let Some(name) = unquote(raw) else {
            // Valid JSON has no such name.
            self.skip();
            self.warn(&Place { outer, step: Step::Member(super::REDACTED) });
            return false;
        };
        let named = Named::by(name.as_bytes());
        let ips = named.ip && inherited.scope > Scope::Secrets;
        let scope = if ips { Scope::Addresses } else { inherited.scope };
        let place = Place { outer, step: Step::Member(&name) };
        self.value(&place, named.secret, Inherited { scope, ..inherited })
    }

    /// One value, and the secret that its name says it is; whether it stays.
    fn value(&mut self, place: &Place<'_>, named: Option<Secret>, inherited: Inherited) -> bool {
        let start = self.at;
        let items = match self.peek() {
            Some(b'"') => {
                let found = self.string().and_then(unquote);
                let end = self.at;
                let secret = named.zip(found.as_deref()).is_some_and(|(secret, value)| {
                    secret.is_in(value.as_bytes(), true) && !pseudonym::contained(value)
                });
                match (found, self.key) {
                    (Some(found), _) if !secret && !tainted(&found, inherited.scope) => {
                        return true;
                    }
                    (Some(found), Some(_)) => {
                        let clean = if secret {
                            Some(pseudonym::of(&found, self.key))
                        } else {
                            scrub_text(&found, inherited.scope, self.key)
                        };
                        self.replace(start, end, &clean.unwrap_or_default());
                        return true;
                    }
                    _ => {}
                }
                self.warn(place);
                return false;
            }
            Some(b'[') => Items::Elements,
            Some(b'{') => Items::ObjectWriter,
            _ => {
                self.skip();
                return true;
            }
        };
        let Some(levels) = inherited.levels.checked_sub(1) else {
            self.skip();
            self.warn(place);
            return false;
        };
        self.step();
        self.items(Some(place), items, Inherited { levels, ..inherited });
        if !self.take(b'}') {
            self.take(b']');
        }
        true
    }

    /// The string at the cursor, with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        if !self.take(b'"') {
            return None;
        }
        while let Some(byte) = self.peek() {
            self.step();
            match byte {
                b'"' => break,
                b'\\' => self.step(),
                _ => {}
            }
        }
        self.text.get(start..self.at)
    }

    /// Passes a value without looking at it: it is a number or a word, or it is dropped.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'[' | b'{' => depth = depth.saturating_add(1),
                b',' | b']' | b'}' if depth == 0 => break,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.step();
        }
    }

    /// Says what was dropped.
    fn warn(&mut self, place: &Place<'_>) {
        if self.dropped.len() < MAX_PATHS {
            self.dropped.push(place.path());
        }
    }

    /// Leaves out a piece of the text.
    fn cut(&mut self, from: usize, to: usize) {
        if self.copied < from {
            self.clean.push_str(self.text.get(self.copied..from).unwrap_or_default());
        }
        self.copied = to;
    }

    /// Writes a string in place of another one.
    fn replace(&mut self, from: usize, to: usize, string: &str) {
        self.cut(from, to);
        quote(&mut self.clean, string);
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.step();
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.step();
        }
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        work::count(1);
        self.at = self.at.saturating_add(1).min(self.text.len());
    }
}

impl Place<'_> {
    /// `owner.contacts[2]`.
    fn path(&self) -> String {
        let mut path = self.outer.map(Self::path).unwrap_or_default();
        match self.step {
            Step::Element(index) => {
                path.push('[');
                path.push_str(&format_u64(index));
                path.push(']');
            }
            Step::Member(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                // Clean before it is cut: half of an identifier is not found.
                let clean = scrub_text(name, Scope::Addresses, None);
                let name = clean.as_deref().unwrap_or(name);
                path.push_str(name.get(..name.floor_char_boundary(MAX_NAME_BYTES)).unwrap_or(name));
            }
        }
        path
    }
}
