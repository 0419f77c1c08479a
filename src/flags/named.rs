//! Values by name: a list, and an index once they are many. One map for all of a module's types:
//! each of the standard library's own is three kilobytes.

use std::borrow::Cow;

use crate::json::index::Index;
use crate::json::work;

/// More than so many have an index.
const FEW: usize = 8;

/// Values by name, in the order in which they came.
#[derive(Clone, Debug)]
pub struct Named<T> {
    items: Vec<(String, T)>,
    index: Index<'static>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: Index::default() }
    }
}

impl<T> Named<T> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The value of that name, and the name as it is kept.
    pub fn entry(&self, name: &str) -> Option<(&str, &T)> {
        let (name, value) = self.items.get(self.place(name)?)?;
        Some((name, value))
    }

    /// Sets a value; an earlier one of that name is gone.
    pub fn set(&mut self, name: String, value: T) {
        if let Some(earlier) = self.place(&name).and_then(|place| self.items.get_mut(place)) {
            earlier.1 = value;
            return;
        }
        self.items.push((name, value));
        let count = self.items.len();
        if count > FEW {
            // The first time all of them, from then on the last.
            let known = if count > FEW.wrapping_add(1) { count.wrapping_sub(1) } else { 0 };
            for (place, (name, _)) in self.items.iter().enumerate().skip(known) {
                self.index.set(Cow::Owned(name.clone()), place);
            }
        }
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, T)> {
        self.items.iter()
    }

    fn place(&self, name: &str) -> Option<usize> {
        if self.items.len() > FEW {
            return self.index.get(name);
        }
        self.items.iter().position(|(known, _)| {
            work::count(1);
            known == name
        })
    }
}

/// Sorts names: an order is asked for by a function, so that there is one way to sort.
pub fn sort(names: &mut [&str], order: fn(&str, &str) -> std::cmp::Ordering) {
    names.sort_unstable_by(|one, other| order(one, other));
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_last_value_of_a_name_counts_however_many_there_are() {
        for count in [1, 7, 8, 9, 30] {
            let mut named = Named::default();
            for round in 0..3 {
                for at in 0..count {
                    named.set(format!("n{at}"), (round, at));
                }
            }
            assert_eq!(named.iter().count(), count);
            for at in 0..count {
                assert_eq!(named.get(&format!("n{at}")), Some(&(2, at)));
            }
            assert_eq!(named.get("other"), None);
        }
    }
}
