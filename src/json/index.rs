//! Where names are in a list.

use std::borrow::Cow;

use super::work;

/// Names, each with a place in a list. Callers choose the names, so they are not hashed: a name is
/// told from the others by the first bits in which they differ, and takes at most as many steps as
/// it has bits. No choice of names makes it slow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index<'t> {
    names: Vec<(Cow<'t, str>, usize)>,
    forks: Vec<Fork>,
    root: Option<Node>,
}

/// The names on both sides have the same bits before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fork {
    bit: Bit,
    unset: Node,
    set: Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Name(usize),
    Fork(usize),
}

/// A bit of a name's byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bit {
    at: usize,
    mask: u16,
}

impl<'t> Index<'t> {
    /// The place of a name.
    pub fn get(&self, name: &str) -> Option<usize> {
        let (known, place) = self.names.get(self.nearest(name))?;
        (known == name).then_some(*place)
    }

    /// Sets the place of a name.
    #[inline(never)]
    pub fn set(&mut self, name: Cow<'t, str>, place: usize) {
        let nearest = self.nearest(&name);
        let added = Node::Name(self.names.len());
        match self.names.get_mut(nearest) {
            None => self.root = Some(added),
            Some((known, known_place)) => match Bit::first_between(known, &name) {
                None => {
                    *known_place = place;
                    return;
                }
                Some(bit) => self.fork(bit, &name, added),
            },
        }
        self.names.push((name, place));
    }

    /// Puts a name beside those that differ from it in this bit, and in none before.
    fn fork(&mut self, bit: Bit, name: &str, added: Node) {
        let made = Node::Fork(self.forks.len());
        let mut above = None;
        let mut below = self.root.unwrap_or(added);
        while let Node::Fork(at) = below
            && let Some(fork) = self.forks.get(at)
            && fork.bit.is_before(bit)
        {
            work::count(1);
            above = Some(at);
            below = fork.side(name);
        }
        let (unset, set) = if bit.is_set(name) { (below, added) } else { (added, below) };
        match above.and_then(|at| self.forks.get_mut(at)) {
            None => self.root = Some(made),
            Some(fork) if fork.bit.is_set(name) => fork.set = made,
            Some(fork) => fork.unset = made,
        }
        self.forks.push(Fork { bit, unset, set });
    }

    /// The name that this one is, if it is there at all.
    fn nearest(&self, name: &str) -> usize {
        let mut node = self.root.unwrap_or(Node::Name(0));
        loop {
            work::count(1);
            match node {
                Node::Name(at) => return at,
                Node::Fork(at) => match self.forks.get(at) {
                    Some(fork) => node = fork.side(name),
                    None => return 0,
                },
            }
        }
    }
}

impl Fork {
    fn side(&self, name: &str) -> Node {
        if self.bit.is_set(name) { self.set } else { self.unset }
    }
}

impl Bit {
    /// The first in which two names differ.
    fn first_between(one: &str, other: &str) -> Option<Self> {
        let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other);
        let at = same.count();
        work::count(at);
        let differing = unit(one, at) ^ unit(other, at);
        let mask = 0x8000_u16.checked_shr(differing.leading_zeros())?;
        Some(Self { at, mask })
    }

    const fn is_before(self, other: Self) -> bool {
        self.at < other.at || (self.at == other.at && self.mask > other.mask)
    }

    fn is_set(self, name: &str) -> bool {
        unit(name, self.at) & self.mask != 0
    }
}

/// A byte, told from the end of a name, which is 0.
fn unit(name: &str, at: usize) -> u16 {
    name.as_bytes().get(at).map_or(0, |byte| u16::from(*byte).wrapping_add(1))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_name_has_the_place_that_it_was_given_last() {
        let parts = ["", "\0", "\u{1}", "a", "ab", "b", "é", "\u{ff}", "name"];
        let mut names = vec![String::new()];
        for _ in 0..3 {
            let longer = |name: &String| parts.map(|part| [name, part].concat());
            names = names.iter().flat_map(longer).collect();
        }
        let mut index = Index::default();
        let mut known = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            assert_eq!(index.get(name), known.get(name).copied(), "{name:?}");
            index.set(Cow::Borrowed(name), place);
            known.insert(name.clone(), place);
            assert_eq!(index.get(name), Some(place), "{name:?}");
        }
        for name in &names {
            assert_eq!(index.get(name), known.get(name).copied(), "{name:?}");
            assert_eq!(index.get(&[name, "?"].concat()), None, "{name:?}");
        }
    }
}
