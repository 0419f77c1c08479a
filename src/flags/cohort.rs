//! Cohorts: trees of filters.

use super::definitions::Names;
use super::property::Property;
use crate::json::{self, RawObject};

/// A cohort, or a part of one.
#[derive(Clone, Debug)]
pub enum Group {
    /// Everybody.
    All,
    /// A kind of group that only PostHog knows.
    Unknown,
    /// Not readable.
    Invalid,
    /// All or one of its members.
    Members {
        /// One is enough.
        any: bool,
        /// What it is made of.
        members: Members,
    },
}

/// What a group is made of.
#[derive(Clone, Debug)]
pub enum Members {
    /// Other groups.
    Groups(Vec<Group>),
    /// Filters. `None`: not readable.
    Filters(Vec<Option<Property>>),
}

impl Group {
    /// Reads one; JSON of at most 100 levels.
    pub fn read(raw: &str, names: &Names) -> Self {
        if raw.trim_ascii() == "null" {
            return Self::All;
        }
        let Some(object) = json::object(raw) else { return Self::Invalid };
        if object.is_empty() {
            return Self::All;
        }
        let any = match object.get("type").and_then(json::unquote).as_deref() {
            Some("AND" | "property") => false,
            Some("OR") => true,
            _ => return Self::Unknown,
        };
        let values = match object.get("values") {
            None | Some("null") => "[]",
            Some(values) => values,
        };
        let Some(mut elements) = json::elements(values) else { return Self::Invalid };
        let groups = elements.next().is_some_and(|first| {
            json::object(first).is_some_and(|first| first.get("values").is_some())
        });
        let elements = json::elements(values).into_iter().flatten();
        let members = if groups {
            Members::Groups(elements.map(|raw| Self::read(raw, names)).collect())
        } else {
            let read =
                |raw| json::object(raw).and_then(|leaf: RawObject<'_>| Property::read(leaf, names));
            Members::Filters(elements.map(read).collect())
        };
        Self::Members { any, members }
    }

    /// All filters in it, however deep.
    pub fn each_filter(&self, see: &mut impl FnMut(&Property)) {
        let Self::Members { members, .. } = self else { return };
        match members {
            Members::Groups(groups) => {
                for group in groups {
                    group.each_filter(see);
                }
            }
            Members::Filters(filters) => filters.iter().flatten().for_each(see),
        }
    }
}
