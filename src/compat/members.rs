//! The members of an object that `JSON.stringify` wrote, with some of them set anew. Names are
//! compared and written as they are written: it writes one name in one way, and none twice.

use std::borrow::Cow;

use crate::json::{self, RawObject};

/// In the order in which JavaScript's spread puts them.
#[derive(Debug, Default)]
pub(super) struct Members<'m>(Vec<(Cow<'m, str>, Cow<'m, str>)>);

impl<'m> Members<'m> {
    /// All members of an object.
    pub(super) fn of(object: RawObject<'m>) -> Self {
        let mut members = Vec::new();
        let mut entries = object.entries();
        while let Some((name, value)) = entries.undecoded() {
            members.push((Cow::Borrowed(name), Cow::Borrowed(value)));
        }
        Self(members)
    }

    /// Whether there is a member of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// A value that is JSON already, in the place of the one of that name.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Cow<'m, str>>) {
        match self.place(name).and_then(|at| self.0.get_mut(at)) {
            Some((_, old)) => *old = value.into(),
            None => self.0.push((["\"", name, "\""].concat().into(), value.into())),
        }
    }

    /// The same, unless there is no value: `JSON.stringify` leaves undefined out.
    pub(super) fn set_some(&mut self, name: &str, value: Option<&'m str>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// A string.
    pub(super) fn set_string(&mut self, name: &str, value: &str) {
        self.set(name, quoted(value));
    }

    /// Takes a member out.
    pub(super) fn remove(&mut self, name: &str) {
        if let Some(at) = self.place(name) {
            let _removed = self.0.remove(at);
        }
    }

    /// Leaves out the members that are not wanted.
    pub(super) fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|(_, value)| wanted(value));
    }

    /// One member's value, or else the first member's.
    pub(super) fn get_or_first(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.get(self.place(name).unwrap_or(0))?;
        Some(value)
    }

    /// The object.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("{");
        for (name, value) in &self.0 {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(name);
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        text
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| json::is_quoted(known, name))
    }
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    json::quote(&mut quoted, text);
    quoted
}

/// What a JSON string says; nothing if it is none. Half of a UTF-16 pair is U+FFFD.
pub(super) fn plain(raw: Option<&str>) -> String {
    let raw = raw.unwrap_or_default();
    let mended = json::replace_lone_surrogates(raw);
    json::unquote_string(mended.as_deref().unwrap_or(raw)).unwrap_or_default()
}
