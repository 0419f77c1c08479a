//! Profiles that cannot go backwards. PostHog takes whatever arrives last; Stripe promises no
//! order, and its times tie within a second.
//!
//! A mark is what is stored for a group: what has to be known of its subscriptions to tell which
//! profile holds, whatever arrives next. It is made from the set of updates that were seen, not
//! from their order, so every order of arrival ends in the same profile:
//!
//! - Of a subscription, the newest second counts, and in it the last stage: created, updated, ended.
//!   All updates of that stage are kept, because only all of them together tell which came last
//!   (of more than 32, those with the greatest ids).
//! - The profile that holds is the last update of the newest subscription that goes on; where none
//!   goes on, of the one that ended last.
//! - Of the subscriptions that ended, only the one that ended last is kept whole: if no other goes
//!   on, its profile holds, and no older one's can, because a subscription's time only grows. The
//!   others are kept as `[subject, at, stage]`: an update that is not later is ignored.
//! - The 50 newest of those are kept, and the 100 newest that go on. The newest of all that were
//!   left out is the floor: an update of a subscription that is not known is ignored unless it is
//!   later.
//!
//! Nothing is left out, so the law holds for every order, as long as at most 50 of a group's
//! subscriptions have ended and at most 50 go on (in some orders, all of them seem to go on for a
//! while). Beyond that the mark may differ, but the same profile holds in two cases: none goes on,
//! or the newest update of the newest one that goes on is later than all that was left out. In the
//! third case (more than 50 ended, and the one that goes on has not been updated since the first of
//! the last 50 ended), it depends on the order whether that one is still known; if it is not, it is
//! again from its next update on.

use std::borrow::Cow;

use crate::domain::stripe;
use crate::event::time::Timestamp;
use crate::json::index::Index;
use crate::json::text;
use crate::json::writer::{self, ObjectWriter, format_i64, list};
use crate::json::{self, RawObject, work};

/// The attributes whose former value tells which of two updates was first, by their names in an
/// order.
const TELLING: [&str; 7] = [
    "cancel_at",
    "cancel_at_period_end",
    "canceled_at",
    "ended_at",
    "latest_invoice",
    "status",
    // Of the item that is paid per seat.
    "price",
];

/// So many subscriptions that go on are kept.
const MAX_LIVE: usize = 100;
/// So many that ended are kept, beside the last.
const MAX_ENDED: usize = 50;
/// So many updates of one stage in one second are kept.
const MAX_TIED: usize = 32;

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
            let mut told = Vec::new();
            for name in TELLING {
                let value = match name {
                    "price" => stripe::price_of(object),
                    _ => object.get(name).map(str::to_owned),
                };
                told.extend(value.map(|value| (name.to_owned(), value)));
            }
            told
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
        let order = json::object(raw)?;
        let attributes = |name: &str| {
            let given = json::object(order.get(name)?)?;
            let mut told = Vec::new();
            for name in TELLING {
                if let Some(value) = given.get(name) {
                    told.push((name.to_owned(), json::unquote_string(value)?));
                }
            }
            Some(told)
        };
        Some(Self {
            at: order.get("at")?.parse().ok()?,
            rank: text::number(order.get("rank")?).filter(|rank| *rank <= DELETED)?,
            id: json::unquote_string(order.get("id")?)?,
            subject: json::unquote_string(order.get("subject")?)?,
            live: order.get("live")? == "true",
            now: attributes("now")?,
            before: attributes("before")?,
        })
    }

    /// How far the subscription had come in its second. What is over stays over, so that comes
    /// after everything else, whatever the webhook's kind.
    const fn stage(&self) -> u8 {
        if self.live { self.rank } else { self.rank.saturating_add(ENDED) }
    }

    /// Whether what `later` changed is what this one left.
    fn leads_to(&self, later: &Self) -> bool {
        work::count(1);
        !later.before.is_empty()
            && later
                .before
                .iter()
                .all(|(name, was)| self.now.iter().any(|(known, is)| known == name && is == was))
    }
}

/// The first stage of a subscription that has ended.
const ENDED: u8 = DELETED + 1;

/// How new what is known of a subscription is: its newest second, the last stage in it, and which
/// subscription it is, so that no two are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: i64,
    stage: u8,
    subject: String,
}

impl Place {
    fn read(raw: &str) -> Option<Self> {
        let mut parts = json::elements(raw)?;
        Some(Self {
            subject: json::unquote_string(parts.next()?)?,
            at: parts.next()?.parse().ok()?,
            stage: text::number(parts.next()?)?,
        })
    }

    fn write(&self, to: &mut String) {
        to.push('[');
        json::quote(to, &self.subject);
        to.push(',');
        to.push_str(&format_i64(self.at));
        to.push(',');
        to.push_str(&format_i64(self.stage.into()));
        to.push(']');
    }

    const fn is_live(&self) -> bool {
        self.stage < ENDED
    }
}

/// One update of a group's profile: its order, and the whole input with the order in it.
struct Update {
    order: Order,
    input: String,
}

impl Update {
    /// Reads an input, and the key of its group. `None` if it is no ordered profile.
    fn read(input: &str) -> Option<(String, Self)> {
        let object = json::object(input)?;
        let key = key_of(object)?;
        let order = Order::read(object.get("order")?)?;
        // It is one line among others, whatever a store made of it.
        Some((key, Self { order, input: text::replace(input, "\n", " ") }))
    }
}

/// What is known of one subscription.
struct Subscription {
    place: Place,
    /// The updates of that place by their ids; none if it has ended and another ended later.
    updates: Vec<Update>,
}

impl Subscription {
    fn of(update: Update) -> Self {
        let Order { at, subject, .. } = &update.order;
        let place = Place { at: *at, stage: update.order.stage(), subject: subject.clone() };
        Self { place, updates: vec![update] }
    }

    /// Adds what else is known of it: the later place counts.
    fn merge(&mut self, other: Self) {
        if other.place > self.place {
            *self = other;
        } else if other.place == self.place && !self.updates.is_empty() {
            for update in other.updates {
                self.add(update);
            }
        }
    }

    /// Adds an update of the same place, unless it is known.
    fn add(&mut self, update: Update) {
        work::count(self.updates.len());
        let (before, behind) = self
            .updates
            .split_at(self.updates.partition_point(|known| known.order.id < update.order.id));
        if behind.first().is_some_and(|known| known.order.id == update.order.id) {
            return;
        }
        let at = before.len();
        self.updates.insert(at, update);
        if self.updates.len() > MAX_TIED {
            self.updates.remove(0);
        }
    }

    /// The last of its updates: each comes before the one that changed what it left; where that
    /// says nothing, or goes round in a circle, the ids decide.
    fn last(&self) -> Option<&Update> {
        let leads = |one: &Update, other: &Update| {
            one.order.leads_to(&other.order) && !other.order.leads_to(&one.order)
        };
        // How many of those that are left come before each; `None` for what is not left.
        let mut before: Vec<Option<usize>> = Vec::with_capacity(self.updates.len());
        for update in &self.updates {
            before.push(Some(self.updates.iter().filter(|one| leads(one, update)).count()));
        }
        let mut last = None;
        loop {
            let free = before.iter().position(|count| *count == Some(0));
            let Some(at) = free.or_else(|| before.iter().position(Option::is_some)) else {
                return last;
            };
            let update = self.updates.get(at)?;
            for (other, count) in self.updates.iter().zip(&mut before) {
                if leads(update, other) {
                    *count = count.map(|count| count.saturating_sub(1));
                }
            }
            *before.get_mut(at)? = None;
            last = Some(update);
        }
    }
}

/// What is known of a group.
#[derive(Default)]
struct Mark {
    /// From the oldest place to the newest.
    subscriptions: Vec<Subscription>,
    /// The newest place that was left out.
    floor: Option<Place>,
}

/// A mark after an update, and the input that it makes the group's profile.
#[derive(Debug, PartialEq, Eq)]
pub struct Advanced {
    /// What to store. The same text as before if the update changed nothing.
    pub mark: String,
    /// The profile that holds now: an input for `track`.
    pub input: String,
}

/// Adds an update to what is stored for its group. `None` if `input` is no ordered profile.
pub fn merge_profile(stored: Option<&str>, input: &str) -> Option<Advanced> {
    let (key, update) = Update::read(input)?;
    let mut mark = stored.map(|stored| Mark::read(&key, stored)).unwrap_or_default();
    let own = update.input.clone();
    mark.update(update);
    // A mark that was damaged may hold no profile.
    Some(Advanced { mark: mark.write(&key), input: mark.latest_profile().unwrap_or(own) })
}

/// The profile that holds by the mark that is stored under this key: an input for `track`.
pub fn latest_profile(key: &str, mark: &str) -> Option<String> {
    Mark::read(key, mark).latest_profile()
}

/// Which group an input is an ordered profile of: the key that its mark is stored under.
pub fn mark_key(input: &str) -> Option<String> {
    key_of(json::object(input)?)
}

fn key_of(object: RawObject<'_>) -> Option<String> {
    object.get("order")?;
    if object.get("kind")? != "\"group_identify\"" {
        return None;
    }
    let mut group = json::elements(object.get("group")?)?;
    let (kind, key) = (json::unquote(group.next()?)?, json::unquote(group.next()?)?);
    // The first `:` ends the type, so there is none in it.
    let kind = text::replace(&text::replace(&kind, "%", "%25"), ":", "%3A");
    Some([&kind, ":", &key].concat())
}

/// Folds the ordered profiles among these inputs: the newest of every group stays, in the place
/// of the last. Everything else stays where it is.
pub fn fold(inputs: &[&str]) -> Vec<String> {
    let mut keys = Index::default();
    // Each group's mark, and where the last of its inputs is.
    let mut marks: Vec<(Mark, usize)> = Vec::new();
    // Which mark each input is in.
    let mut marked: Vec<Option<usize>> = Vec::with_capacity(inputs.len());
    for (place, input) in inputs.iter().enumerate() {
        let Some((key, update)) = Update::read(input) else {
            marked.push(None);
            continue;
        };
        let number = keys.get(&key).unwrap_or(marks.len());
        if number == marks.len() {
            marks.push((Mark::default(), place));
            keys.set(Cow::Owned(key), number);
        }
        if let Some((mark, last)) = marks.get_mut(number) {
            mark.update(update);
            *last = place;
        }
        marked.push(Some(number));
    }
    let mut folded = Vec::new();
    for (place, (input, number)) in inputs.iter().zip(marked).enumerate() {
        match number.and_then(|number| marks.get(number)) {
            None => folded.push((*input).to_owned()),
            Some((mark, last)) if *last == place => folded.extend(mark.latest_profile()),
            Some(_) => {}
        }
    }
    folded
}

impl Mark {
    /// What cannot be read, or is another group's, holds nothing: the next update begins anew.
    fn read(key: &str, text: &str) -> Self {
        let elements = Some(text).filter(|text| json::is_valid(text)).and_then(json::elements);
        let mut mark = Self::default();
        let mut floor = None;
        for element in elements.into_iter().flatten() {
            if let Some((of, update)) = Update::read(element) {
                if of == key {
                    mark.add(Subscription::of(update));
                }
                continue;
            }
            let rest = json::object(element).unwrap_or(RawObject::EMPTY);
            if rest.get("key").and_then(json::unquote).as_deref() != Some(key) {
                continue;
            }
            floor = rest.get("floor").and_then(Place::read);
            let ended = rest.get("ended").and_then(json::elements).into_iter().flatten();
            for place in ended.filter_map(Place::read).filter(|place| !place.is_live()) {
                mark.add(Subscription { place, updates: Vec::new() });
            }
        }
        mark.floor = mark.floor.max(floor);
        mark
    }

    /// The updates, and at the end the key with what has ended.
    fn write(&self, key: &str) -> String {
        let mut text = String::from("[");
        for update in self.subscriptions.iter().flat_map(|one| &one.updates) {
            text.push_str(&update.input);
            text.push(',');
        }
        let mut ended = Vec::new();
        for one in &self.subscriptions {
            if one.updates.is_empty() {
                ended.push(&one.place);
            }
        }
        if ended.is_empty() && self.floor.is_none() {
            text.pop();
        } else {
            let mut rest = ObjectWriter::open(&mut text);
            rest.string("key", key);
            list(rest.key("ended"), &ended, |to, place| place.write(to));
            if let Some(floor) = &self.floor {
                floor.write(rest.key("floor"));
            }
            rest.close();
        }
        text.push(']');
        text
    }

    /// The last word on the newest subscription that goes on; where none does, on the one that
    /// ended last.
    fn latest_profile(&self) -> Option<String> {
        let newest = |live| {
            let mut whole = self.subscriptions.iter().rev().filter(|one| !one.updates.is_empty());
            whole.find(|one| one.place.is_live() == live)
        };
        Some(newest(true).or_else(|| newest(false))?.last()?.input.clone())
    }

    /// Adds an update that has arrived.
    fn update(&mut self, update: Update) {
        let new = Subscription::of(update);
        let known = self.subscriptions.iter().any(|one| one.place.subject == new.place.subject);
        if known || Some(&new.place) > self.floor.as_ref() {
            self.add(new);
        }
    }

    fn add(&mut self, new: Subscription) {
        work::count(self.subscriptions.len());
        let same = |one: &Subscription| one.place.subject == new.place.subject;
        let merged = match self.subscriptions.iter().position(same) {
            Some(at) => {
                let mut known = self.subscriptions.remove(at);
                known.merge(new);
                known
            }
            None => new,
        };
        let at = self.subscriptions.partition_point(|one| one.place < merged.place);
        self.subscriptions.insert(at, merged);
        self.leave_out();
    }

    /// Leaves out what is older than so many of its kind: one at most, since one was added.
    fn leave_out(&mut self) {
        let (mut live, mut ended) = (0_usize, 0_usize);
        let mut oldest = None;
        for (at, one) in self.subscriptions.iter_mut().enumerate().rev() {
            let (count, most) = if one.place.is_live() {
                (&mut live, MAX_LIVE)
            } else {
                if ended > 0 {
                    one.updates.clear();
                }
                (&mut ended, MAX_ENDED + 1)
            };
            *count = count.wrapping_add(1);
            if *count > most {
                oldest = Some(at);
            }
        }
        if let Some(at) = oldest {
            let left_out = self.subscriptions.remove(at).place;
            self.floor = self.floor.take().max(Some(left_out));
        }
    }
}
