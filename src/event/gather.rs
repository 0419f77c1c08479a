//! Collecting into a list with a plain loop. What `collect` knows about sizes and sources is made anew
//! for each of its calls: 5 kB of module for two dozen of them.

/// Every iterator can be gathered.
pub trait Gather: Iterator + Sized {
    /// All there is.
    fn gather(self) -> Vec<Self::Item> {
        let mut all = Vec::new();
        for one in self {
            all.push(one);
        }
        all
    }

    /// All there is; `None` if one is missing.
    fn gather_all<T>(self) -> Option<Vec<T>>
    where
        Self: Iterator<Item = Option<T>>,
    {
        let mut all = Vec::new();
        for one in self {
            all.push(one?);
        }
        Some(all)
    }
}

impl<I: Iterator> Gather for I {}
