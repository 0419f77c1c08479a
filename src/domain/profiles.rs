//! Profiles that cannot go backwards. PostHog takes whatever arrives last; Stripe promises no
//! order, and its times tie within a second.
//!
//! A mark is what is known of the newest second of each of a group's subscriptions: every update of
//! that second, since only all of them together tell which came last. It is a function of the set of updates that were
//! seen, not of their order, so every order of arrival ends in the same profile.

use std::cmp::Ordering;

use crate::domain::{object, stripe};
use crate::event::time::Timestamp;
use crate::json::text;
use crate::json::writer::{self, ObjectWriter, format_i64};
use crate::json::{self, RawObject};

/// The attributes whose former value tells which of two updates was first.
const TELLING: [&str; 6] =
    ["cancel_at", "cancel_at_period_end", "canceled_at", "ended_at", "latest_invoice", "status"];

/// Where one update stands among the others of its group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// When it happened, in milliseconds.
    pub at: i64,
    /// Created before updated before deleted.
    pub rank: u8,
    /// The webhook's id.
    pub id: String,
    /// Whose life it is: an organization may leave one subscription and be on another.
    pub subject: String,
    /// Whether that subscription goes on.
    pub live: bool,
    /// The telling attributes as they are after it.
    pub now: Vec<(String, String)>,
    /// As they were before it, where it changed them.
    pub before: Vec<(String, String)>,
}

/// The rank of what is deleted.
const DELETED: u8 = 2;
/// Stripe's words for a subscription that is over, as JSON.
const OVER: [&str; 2] = ["\"canceled\"", "\"incomplete_expired\""];

impl Order {
    /// Of one webhook.
    pub(super) fn of(
        at: Timestamp,
        rank: u8,
        id: &str,
        now: RawObject<'_>,
        before: Option<RawObject<'_>>,
    ) -> Self {
        let telling = |object: RawObject<'_>| {
            let found = TELLING
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), object.get(name)?.to_owned())));
            found.chain(stripe::price_of(object).map(|price| ("price".to_owned(), price))).collect()
        };
        Self {
            at: at.millis(),
            rank,
            id: id.to_owned(),
            subject: now.get("id").and_then(json::unquote_string).unwrap_or_default(),
            live: rank < DELETED && !now.get("status").is_some_and(|status| OVER.contains(&status)),
            now: telling(now),
            before: before.map(telling).unwrap_or_default(),
        }
    }

    pub(super) fn write(&self) -> String {
        let attributes = |to: &mut String, list: &[(String, String)]| {
            let mut object = ObjectWriter::open(to);
            for (name, value) in list {
                object.string(name, value);
            }
            object.close();
        };
        writer::object(|object| {
            object.raw("at", &format_i64(self.at));
            object.raw("rank", &format_i64(self.rank.into()));
            object.string("id", &self.id);
            object.string("subject", &self.subject);
            object.boolean("live", self.live);
            attributes(object.key("now"), &self.now);
            attributes(object.key("before"), &self.before);
        })
    }

    fn read(raw: &str) -> Option<Self> {
        let order = object(raw)?;
        let attributes = |name: &str| -> Option<Vec<(String, String)>> {
            let list = object(order.get(name)?)?;
            list.entries()
                .map(|(name, value)| Some((name.into_owned(), json::unquote_string(value)?)))
                .collect::<Option<Vec<_>>>()
        };
        Some(Self {
            at: order.get("at")?.parse().ok()?,
            rank: text::number(order.get("rank")?)?,
            id: json::unquote_string(order.get("id")?)?,
            subject: json::unquote_string(order.get("subject")?)?,
            live: order.get("live")? == "true",
            now: attributes("now")?,
            before: attributes("before")?,
        })
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

/// One update of a group's profile: its order, and the whole input with the order in it.
struct Update {
    order: Order,
    input: String,
}

/// What is known of a group: the updates of each subscription's newest second, in their order and
/// not in that of their arrival.
#[derive(Default)]
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
pub fn merge_profile(stored: Option<&str>, input: &str) -> Option<Advanced> {
    let update = update(input)?;
    let mut mark = stored.map(Mark::read).unwrap_or_default();
    mark.add(update);
    Some(Advanced { mark: mark.write(), input: mark.latest_profile()? })
}

/// The profile that holds by a mark: an input for `track`.
pub fn latest_profile(mark: &str) -> Option<String> {
    Mark::read(mark).latest_profile()
}

/// Which group an input is an ordered profile of: the key that its mark is stored under.
pub fn mark_key(input: &str) -> Option<String> {
    let object = object(input)?;
    object.get("order")?;
    let mut group = json::elements(object.get("group")?)?;
    Some([&*json::unquote(group.next()?)?, ":", &json::unquote(group.next()?)?].concat())
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
            .and_then(|(_, mark, _)| mark.latest_profile()),
    };
    inputs.iter().enumerate().filter_map(folded).collect::<Vec<_>>()
}

fn update(input: &str) -> Option<Update> {
    let order = Order::read(object(input)?.get("order")?)?;
    // It is one line among others, whatever a store made of it.
    Some(Update { order, input: text::replace(input, "\n", " ") })
}

impl Mark {
    /// What cannot be read holds nothing: the next update begins anew.
    fn read(text: &str) -> Self {
        let inputs = Some(text).filter(|text| json::is_valid(text)).and_then(json::elements);
        let mut mark = Self::default();
        for update in inputs.into_iter().flatten().filter_map(update) {
            mark.add(update);
        }
        mark
    }

    fn write(&self) -> String {
        let inputs: Vec<&str> =
            self.updates.iter().map(|update| update.input.as_str()).collect::<Vec<_>>();
        ["[", &inputs.join(","), "]"].concat()
    }

    /// The last word on a subscription that goes on; where none does, the last word of all.
    fn latest_profile(&self) -> Option<String> {
        let last = |update: &&Update| {
            let same = |other: &&Update| other.order.subject == update.order.subject;
            self.updates.iter().rfind(same).is_some_and(|other| other.order.id == update.order.id)
        };
        let place = |update: &&Update| {
            let Order { live, at, rank, .. } = update.order;
            (live, at, rank, update.order.id.clone())
        };
        self.updates.iter().filter(last).max_by_key(place).map(|update| update.input.clone())
    }

    fn add(&mut self, update: Update) {
        let mut same: Vec<Update> = Vec::new();
        let mut others: Vec<Update> = Vec::new();
        for one in std::mem::take(&mut self.updates) {
            let list =
                if one.order.subject == update.order.subject { &mut same } else { &mut others };
            list.push(one);
        }
        let newest = same.last().map_or(i64::MIN, |last| last.order.at);
        if update.order.at > newest {
            same.clear();
        }
        if update.order.at >= newest && same.iter().all(|other| other.order.id != update.order.id) {
            same.push(update);
            same = arranged(same);
        }
        others.append(&mut same);
        // Whoever came first, the same set is the same text.
        sort(&mut others, |a, b| a.order.subject.cmp(&b.order.subject));
        self.updates = others;
    }
}

/// One sort for every order: each closure of its own would bring a copy of the algorithm.
fn sort(updates: &mut [Update], order: fn(&Update, &Update) -> Ordering) {
    updates.sort_by(order);
}

/// Puts the updates of one second into their order: by kind, then each before the one that changed
/// what it left, then by id. Depends on the set alone.
fn arranged(mut left: Vec<Update>) -> Vec<Update> {
    let mut sorted = Vec::with_capacity(left.len());
    sort(&mut left, |a, b| (a.order.rank, &a.order.id).cmp(&(b.order.rank, &b.order.id)));
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
        sorted.push(left.remove(free.unwrap_or(0)));
    }
    sorted
}
