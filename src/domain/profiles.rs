//! Profiles that cannot go backwards. PostHog takes whatever arrives last; Stripe promises no
//! order, and its times tie within a second.
//!
//! A mark is what is known of one group's newest second: every update of that second, since only
//! all of them together tell which came last. It is a function of the set of updates that were
//! seen, not of their order, so every order of arrival ends in the same profile.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::{object, stripe};
use crate::event::json::{self, Object};
use crate::event::time::Timestamp;

/// The attributes whose former value tells which of two updates was first.
const TELLING: [&str; 6] =
    ["cancel_at", "cancel_at_period_end", "canceled_at", "ended_at", "latest_invoice", "status"];

/// Where one update stands among the others of its group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// When it happened, in milliseconds.
    pub at: i64,
    /// Created before updated before deleted.
    pub rank: u8,
    /// The webhook's id.
    pub id: String,
    /// The telling attributes as they are after it.
    #[serde(default)]
    pub now: Vec<(String, String)>,
    /// As they were before it, where it changed them.
    #[serde(default)]
    pub before: Vec<(String, String)>,
}

impl Order {
    /// Of one webhook.
    pub(super) fn of(
        at: Timestamp,
        rank: u8,
        id: &str,
        now: Object<'_>,
        before: Option<Object<'_>>,
    ) -> Self {
        let telling = |object: Object<'_>| {
            let found = TELLING
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), object.get(name)?.to_owned())));
            found.chain(stripe::price_of(object).map(|price| ("price".to_owned(), price))).collect()
        };
        Self {
            at: at.millis(),
            rank,
            id: id.to_owned(),
            now: telling(now),
            before: before.map(telling).unwrap_or_default(),
        }
    }

    pub(super) fn write(&self) -> String {
        // Strings and numbers do not fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether what `later` changed is what this one left.
    fn leads_to(&self, later: &Self) -> bool {
        !later.before.is_empty()
            && later
                .before
                .iter()
                .all(|(name, was)| self.now.iter().any(|(known, is)| known == name && is == was))
    }
}

/// One update of a group's profile, as it is kept in a mark: its order, and the whole input.
#[derive(Clone, Serialize, Deserialize)]
struct Update {
    order: Order,
    input: Box<RawValue>,
}

/// What is known of a group's newest second. The order of its updates is theirs, not their
/// arrival's.
#[derive(Default, Serialize, Deserialize)]
struct Mark {
    updates: Vec<Update>,
}

/// A mark after an update, and the input that it makes the group's profile.
#[derive(Debug, PartialEq, Eq)]
pub struct Advanced {
    /// What to store. The same text as before if the update changed nothing.
    pub mark: String,
    /// The profile that holds now: an input for `track`.
    pub input: String,
}

/// Adds an update to what is stored. `None` if `input` is no ordered profile.
pub fn advance(stored: Option<&str>, input: &str) -> Option<Advanced> {
    let update = update(input)?;
    let mut mark: Mark =
        stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    mark.add(update);
    Some(Advanced {
        mark: serde_json::to_string(&mark).ok()?,
        input: mark.updates.last()?.input.get().to_owned(),
    })
}

/// The profile that holds by a mark: an input for `track`.
pub fn newest(mark: &str) -> Option<String> {
    let mark: Mark = serde_json::from_str(mark).ok()?;
    Some(mark.updates.last()?.input.get().to_owned())
}

/// Which group an input is an ordered profile of: the key that its mark is stored under.
pub fn mark_key(input: &str) -> Option<String> {
    let object = object(input)?;
    object.get("order")?;
    let group = json::elements(object.get("group")?)?;
    let [kind, key, ..] = group.as_slice() else { return None };
    Some([json::text(kind)?, json::text(key)?].join(":"))
}

/// Folds the ordered profiles among these inputs: the newest of every group stays, in the place
/// of the last. Everything else stays where it is.
pub fn fold(inputs: &[&str]) -> Vec<String> {
    let mut marks: Vec<(String, Mark, usize)> = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        let (Some(key), Some(update)) = (mark_key(input), update(input)) else { continue };
        match marks.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, mark, last)) => {
                mark.add(update);
                *last = place;
            }
            None => {
                let mut mark = Mark::default();
                mark.add(update);
                marks.push((key, mark, place));
            }
        }
    }
    let folded = |(place, input): (usize, &&str)| match mark_key(input) {
        None => Some((*input).to_owned()),
        Some(key) => marks
            .iter()
            .find(|(known, _, last)| *known == key && *last == place)
            .and_then(|(_, mark, _)| mark.updates.last())
            .map(|update| update.input.get().to_owned()),
    };
    inputs.iter().enumerate().filter_map(folded).collect()
}

fn update(input: &str) -> Option<Update> {
    let order = serde_json::from_str(object(input)?.get("order")?).ok()?;
    Some(Update { order, input: RawValue::from_string(input.to_owned()).ok()? })
}

impl Mark {
    fn add(&mut self, update: Update) {
        let newest = self.updates.last().map_or(i64::MIN, |last| last.order.at);
        if update.order.at > newest {
            self.updates.clear();
        }
        let known = self.updates.iter().any(|other| other.order.id == update.order.id);
        if update.order.at >= newest && !known {
            self.updates.push(update);
            self.arrange();
        }
    }

    /// Puts the updates of one second into their order: by kind, then each before the one that
    /// changed what it left, then by id. Depends on the set alone.
    fn arrange(&mut self) {
        let mut left = std::mem::take(&mut self.updates);
        left.sort_by(|a, b| (a.order.rank, &a.order.id).cmp(&(b.order.rank, &b.order.id)));
        while let Some(first) = left.first() {
            let rank = first.order.rank;
            let free = left.iter().position(|one| {
                one.order.rank == rank
                    && !left.iter().any(|other| {
                        other.order.id != one.order.id
                            && other.order.rank == rank
                            && other.order.leads_to(&one.order)
                            && !one.order.leads_to(&other.order)
                    })
            });
            // In a circle nobody is free: then the id decides.
            self.updates.push(left.remove(free.unwrap_or(0)));
        }
    }
}
