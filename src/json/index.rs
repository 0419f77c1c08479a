//! Where names are in a list.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::work;

/// Names in their order, each with a place in a list. Callers choose the names, so they are
/// compared, not hashed: no choice of names makes it slow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index<'t>(BTreeMap<Cow<'t, str>, usize>);

impl<'t> Index<'t> {
    /// The place of a name.
    pub fn get(&self, name: &str) -> Option<usize> {
        self.count();
        self.0.get(name).copied()
    }

    /// Sets the place of a name.
    #[inline(never)]
    pub fn set(&mut self, name: Cow<'t, str>, place: usize) {
        self.count();
        self.0.insert(name, place);
    }

    /// A name is compared with about as many others as the size of the index has bits.
    fn count(&self) {
        work::count(self.0.len().checked_ilog2().map_or(1, |bits| bits.wrapping_add(1) as usize));
    }
}
