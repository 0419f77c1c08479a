//! Counted work: tests compare counts, because times on a shared machine prove nothing. A release
//! build counts nothing.

/// Counts so many steps: bytes that were read, names that were compared.
#[cfg(not(any(test, debug_assertions)))]
pub const fn count(_: usize) {}

#[cfg(any(test, debug_assertions))]
pub use counting::{count, counted};

#[cfg(any(test, debug_assertions))]
mod counting {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    /// Counts so many steps: bytes that were read, names that were compared.
    pub fn count(steps: usize) {
        STEPS.with(|counted| counted.set(counted.get().saturating_add(steps)));
    }

    /// How many steps a piece of work takes.
    pub fn counted<T>(work: impl FnOnce() -> T) -> (T, usize) {
        let before = STEPS.with(Cell::get);
        let done = work();
        (done, STEPS.with(Cell::get).saturating_sub(before))
    }
}
