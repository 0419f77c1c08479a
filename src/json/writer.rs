//! Writing JSON objects: member by member, or put together like JavaScript's spread.

use std::borrow::Cow;

use crate::json::index::Index;
use crate::json::{self, RawObject, work};

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

    /// Members that somebody else wrote, as they are.
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

/// A map of more members than this has an index.
const FEW: usize = 16;

/// An object put together as JavaScript's spread does: a later value takes the earlier one's place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonMap<'b> {
    /// In the order in which they were put. A member that was removed has an empty value, which is
    /// no JSON.
    members: Vec<(Cow<'b, str>, String)>,
    /// Where they are, if they are more than a few.
    index: Index<'b>,
}

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

    /// All members of another map.
    pub fn merge(&mut self, other: &Self) {
        for (name, value) in other.iter() {
            self.put(name.clone(), value.clone());
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) {
        if let Some(value) = self.find(name) {
            value.clear();
        }
    }

    /// The JSON of one member's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.members.get(self.place(name)?)?;
        Some(value)
    }

    /// The JSON of the first member's value.
    pub fn first(&self) -> Option<&str> {
        self.iter().next().map(|(_, value)| value.as_str())
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
        for (name, value) in self.iter() {
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
        if let Some(old) = self.find(&name) {
            *old = value;
            return;
        }
        self.members.push((name, value));
        let count = self.members.len();
        if count > FEW {
            // The first time all of them, from then on the last.
            let known = if count > FEW.wrapping_add(1) { count.wrapping_sub(1) } else { 0 };
            for (place, (name, _)) in self.members.iter().enumerate().skip(known) {
                self.index.set(name.clone(), place);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = &(Cow<'b, str>, String)> {
        self.members.iter().filter(|(_, value)| !value.is_empty())
    }

    fn find(&mut self, name: &str) -> Option<&mut String> {
        let place = self.place(name)?;
        self.members.get_mut(place).map(|(_, value)| value)
    }

    /// Where the member of that name is.
    fn place(&self, name: &str) -> Option<usize> {
        let is = |(known, value): &(Cow<'b, str>, String)| {
            work::count(1);
            known == name && !value.is_empty()
        };
        if self.members.len() > FEW {
            return self.index.get(name).filter(|place| self.members.get(*place).is_some_and(is));
        }
        self.members.iter().position(is)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// A map and a plain list of pairs go through the same steps, below and above the size at
    /// which the index begins.
    #[test]
    fn a_map_of_any_size_is_a_list_of_members() {
        let mut random = 7_u32;
        for names in [3, 16, 17, 40] {
            let mut map = JsonMap::default();
            let mut list: Vec<(String, String)> = Vec::new();
            for step in 0..400_u32 {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let name = (random >> 16).checked_rem(names).unwrap_or(0).to_string();
                if random >> 30 == 0 {
                    map.remove(&name);
                    list.retain(|(known, _)| *known != name);
                } else {
                    map.put(Cow::Owned(name.clone()), step.to_string());
                    match list.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, value)) => *value = step.to_string(),
                        None => list.push((name.clone(), step.to_string())),
                    }
                }
                let value = list.iter().find(|(known, _)| *known == name).map(|(_, is)| is);
                assert_eq!(map.get(&name), value.map(String::as_str));
                assert_eq!(map.first(), list.first().map(|(_, is)| is.as_str()));
                assert_eq!(map.is_empty(), list.is_empty());
                let members: Vec<String> =
                    list.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                assert_eq!(map.members(), members.join(","));
            }
        }
    }
}
