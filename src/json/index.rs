//! Where names are in a list.

use std::borrow::Cow;

use super::work;

/// Names, each with a place in a list. Callers choose the names, so they are compared, not hashed: no
/// choice of names makes it slow.
///
/// They are kept in runs, each sorted and each longer than the next, which is half the bytes of a
/// `BTreeMap` from the library: a new name is a run of its own, and is sorted together with the runs
/// before it that are no longer than what it has become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index<'t>(Vec<Vec<(Cow<'t, str>, usize)>>);

impl<'t> Index<'t> {
    /// The place of a name.
    pub fn get(&self, name: &str) -> Option<usize> {
        self.0.iter().find_map(|run| {
            let at = found(run, name)?;
            run.get(at).map(|(_, place)| *place)
        })
    }

    /// Sets the place of a name.
    #[inline(never)]
    pub fn set(&mut self, name: Cow<'t, str>, place: usize) {
        for run in &mut self.0 {
            if let Some(known) = found(run, &name).and_then(|at| run.get_mut(at)) {
                known.1 = place;
                return;
            }
        }
        let mut run = vec![(name, place)];
        while let Some(mut shorter) = self.0.pop_if(|last| last.len() <= run.len()) {
            run.append(&mut shorter);
        }
        work::count(run.len());
        run.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        self.0.push(run);
    }
}

/// Where a run has a name.
fn found(run: &[(Cow<'_, str>, usize)], name: &str) -> Option<usize> {
    // It is compared with about as many others as the run's length has bits.
    work::count(run.len().checked_ilog2().map_or(1, |bits| bits.wrapping_add(1) as usize));
    run.binary_search_by(|(known, _)| known.as_ref().cmp(name)).ok()
}
