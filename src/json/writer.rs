//! Writing JSON objects: member by member, or put together like JavaScript's spread.

use std::borrow::Cow;

use crate::json::{self, RawObject};

/// A JSON object that is being written.
#[derive(Debug)]
pub struct ObjectWriter<'t> {
    to: &'t mut String,
    first: bool,
}

impl<'t> ObjectWriter<'t> {
    /// Opens the object.
    pub fn open(to: &'t mut String) -> Self {
        to.push('{');
        Self { to, first: true }
    }

    /// Closes it.
    pub fn close(self) {
        self.to.push('}');
    }

    /// Writes a member's name; its value is written next, by the caller.
    pub fn key(&mut self, name: &str) -> &mut String {
        self.comma();
        json::quote(self.to, name);
        self.to.push(':');
        self.to
    }

    /// A string.
    pub fn string(&mut self, name: &str, value: &str) {
        json::quote(self.key(name), value);
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, name: &str, value: &str) {
        self.key(name).push_str(value);
    }

    /// A boolean.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.raw(name, if value { "true" } else { "false" });
    }

    /// A whole number.
    pub fn number(&mut self, name: &str, number: impl TryInto<u64>) {
        self.raw(name, &format_u64(number));
    }

    /// ObjectWriter that somebody else wrote, as they are.
    pub fn splice(&mut self, members: &str) {
        if !members.is_empty() {
            self.comma();
            self.to.push_str(members);
        }
    }

    /// An object of members that somebody else wrote.
    pub fn members(&mut self, name: &str, members: &str) {
        let to = self.key(name);
        to.push('{');
        to.push_str(members);
        to.push('}');
    }

    /// An object of members, if there are any.
    pub fn members_unless_none(&mut self, name: &str, members: &str) {
        if !members.is_empty() {
            self.members(name, members);
        }
    }

    fn comma(&mut self) {
        if !self.first {
            self.to.push(',');
        }
        self.first = false;
    }
}

/// The text of an object whose members `write` writes.
pub fn object(write: impl FnOnce(&mut ObjectWriter<'_>)) -> String {
    let mut text = String::new();
    let mut object = ObjectWriter::open(&mut text);
    write(&mut object);
    object.close();
    text
}

/// Writes an array, each element by `write`.
pub fn list<T>(to: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    to.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            to.push(',');
        }
        write(to, item);
    }
    to.push(']');
}

/// A whole number's digits. `to_string` would bring all that the standard library formats with.
pub fn format_u64(number: impl TryInto<u64>) -> String {
    digits(number.try_into().unwrap_or(u64::MAX))
}

/// The path to a place in a list: `groups[0]`.
pub fn index_path(list: &str, index: usize) -> String {
    [list, "[", &format_u64(index), "]"].concat()
}

/// A whole number's digits, and a sign if it needs one.
pub fn format_i64(number: i64) -> String {
    let digits = digits(number.unsigned_abs());
    if number < 0 { ["-", &digits].concat() } else { digits }
}

fn digits(mut number: u64) -> String {
    let mut text = String::new();
    loop {
        let digit = u8::try_from(number % 10).unwrap_or(0);
        text.insert(0, char::from(b'0'.saturating_add(digit)));
        number /= 10;
        if number == 0 {
            return text;
        }
    }
}

/// ObjectWriter put together as JavaScript's spread does: a later value takes the earlier one's place.
#[derive(Clone, Debug, Default)]
pub struct JsonMap<'b>(Vec<(Cow<'b, str>, String)>);

impl<'b> JsonMap<'b> {
    /// All members of an object.
    pub fn extend(&mut self, object: RawObject<'b>) {
        for (name, value) in object.entries() {
            self.put(name, value.to_owned());
        }
    }

    /// A value that is JSON already.
    pub fn set(&mut self, name: &'b str, value: &str) {
        self.put(Cow::Borrowed(name), value.to_owned());
    }

    /// A string.
    pub fn set_string(&mut self, name: &'b str, value: &str) {
        let mut text = String::new();
        json::quote(&mut text, value);
        self.put(Cow::Borrowed(name), text);
    }

    /// All members of another bag.
    pub fn merge(&mut self, other: &Self) {
        for (name, value) in &other.0 {
            self.put(name.clone(), value.clone());
        }
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// The JSON of one member's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The JSON of the first member's value.
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(|(_, value)| value.as_str())
    }

    /// Writes the object.
    pub fn write(&self, to: &mut String) {
        to.push('{');
        to.push_str(&self.members());
        to.push('}');
    }

    /// What stands between the braces.
    pub fn members(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            if !text.is_empty() {
                text.push(',');
            }
            json::quote(&mut text, name);
            text.push(':');
            text.push_str(value);
        }
        text
    }

    /// A member, in the place of the one of that name.
    pub fn put(&mut self, name: Cow<'b, str>, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }
}
