//! A subscription's life: created, changed, canceled.

use super::plans::Known;
use super::{Message, USAGE, Webhook, by_price, by_product, item};
use crate::domain::profiles::Order;
use crate::domain::track_input::{LogSnagStyle, TrackInput, nullable, time_text};
use crate::error::Warning;
use crate::event::time::Timestamp;
use crate::json::writer::JsonMap;

/// What became of it, in the order in which profiles count within a second.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Created,
    Updated,
    Deleted,
}

impl Stage {
    fn of(kind: &str) -> Self {
        match kind.rsplit('.').next() {
            Some("created") => Self::Created,
            Some("deleted") => Self::Deleted,
            _ => Self::Updated,
        }
    }

    /// As the profile's `plan_status` has it.
    pub(super) const fn status(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "canceled",
        }
    }
}

/// What a webhook is taken to mean.
#[derive(Default)]
pub(super) struct Reading {
    pub plan: Known,
    /// The plan before it, as far as that is known.
    pub previous: Known,
    /// The name of the event that another plan is.
    pub change: Option<&'static str>,
    /// The name of the message with which it begins or changes; without one there is no such event.
    pub message: Option<String>,
    /// Whether that event tells of the previous plan.
    pub tells_previous: bool,
    /// The profile's `subscription_status_name`.
    pub status_name: Option<&'static str>,
}

pub(super) fn events<'s>(
    webhook: &Webhook<'s>,
    warnings: &mut Vec<Warning>,
) -> Vec<TrackInput<'s>> {
    let stage = Stage::of(&webhook.kind);
    let reading = if webhook.by_price {
        Some(by_price::read(webhook, stage, warnings))
    } else {
        by_product::read(webhook, stage, warnings)
    };
    let Some(reading) = reading else { return Vec::new() };
    let change = Change { webhook, stage, reading: &reading };
    let mut events = Vec::new();
    if stage == Stage::Deleted {
        events.push(change.canceled());
    }
    events.extend(reading.change.map(|event| change.plan_changed(event)));
    events.extend(reading.message.as_ref().map(|name| change.subscribed(name, events.len())));
    events.push(change.profile(events.len()));
    events
}

/// One webhook, and what it means.
struct Change<'w, 's> {
    webhook: &'w Webhook<'s>,
    stage: Stage,
    reading: &'w Reading,
}

/// When a subscription ends, or has ended.
struct Times {
    canceled: Option<String>,
    ended: Option<String>,
    cancel: Option<String>,
}

impl<'s> Change<'_, 's> {
    fn subscribed(&self, message: &str, seq: usize) -> TrackInput<'s> {
        let (event, notify) = match self.stage {
            Stage::Created => ("User subscribe", true),
            _ => ("User update subscribe", false),
        };
        let style = LogSnagStyle { notify: Some(notify), ..USAGE };
        let name = self.reading.plan.name.as_deref().unwrap_or("unknown");
        let uniq_id = ["subscription:", message, ":", name].concat();
        let metadata = self.metadata(self.reading.tells_previous);
        let status = self.webhook.status();
        let mut facts = self.change_facts(self.reading.status_name);
        facts.merge(&nullable(&[("status", status.as_deref())]));
        let tracked = self.webhook.capture(event, style, seq).with_all(metadata.clone());
        let message =
            Message { uniq_id: &uniq_id, data: metadata, ..Message::new("subscribed", message) };
        self.webhook.tell(tracked, &message, facts)
    }

    fn plan_changed(&self, event: &str) -> TrackInput<'s> {
        let metadata = self.metadata(true);
        let change = if event == "User Upgraded" { "upgraded" } else { "changed" };
        let facts = self.change_facts(Some(change));
        let tracked = self.webhook.capture(event, USAGE, 0).with_all(metadata.clone());
        let message = Message { data: metadata, ..Message::new("planChanged", "user:plan_change") };
        self.webhook.tell(tracked, &message, facts)
    }

    fn canceled(&self) -> TrackInput<'s> {
        let style = LogSnagStyle { icon: "⚠️", ..USAGE };
        let times = self.times();
        let facts = self.facts(&[
            ("canceledAt", times.canceled.as_deref()),
            ("endedAt", times.ended.as_deref()),
        ]);
        let tracked = self.webhook.capture("User cancel", style, 0);
        self.webhook.tell(tracked, &Message::new("canceled", "user:cancel"), facts)
    }

    /// The profile, whole: null for what does not hold now.
    fn profile(&self, seq: usize) -> TrackInput<'s> {
        let Webhook { object, previous, at, id, organization, .. } = self.webhook;
        let (status, times) = (self.webhook.status(), self.times());
        let profile = nullable(&[
            ("plan_name", self.reading.plan.name.as_deref()),
            ("plan_type", self.reading.plan.interval),
            ("plan_status", Some(self.stage.status())),
            ("subscription_status", status.as_deref()),
            ("subscription_status_name", self.reading.status_name),
            ("canceled_at", times.canceled.as_deref()),
            ("ended_at", times.ended.as_deref()),
            ("cancel_at", times.cancel.as_deref()),
        ]);
        let order = Order::of(*at, self.stage as u8, id, *object, *previous);
        TrackInput::profile("organization", organization)
            .with_all(profile)
            .from(Some(&self.webhook.origin()), seq)
            .ordered(&order.write())
    }

    fn times(&self) -> Times {
        let time = |name: &str| {
            let seconds = self.webhook.object.get(name)?.parse().ok()?;
            Some(time_text(Timestamp::from_seconds(seconds)?))
        };
        let ended = time("ended_at");
        let over = || (self.stage == Stage::Deleted).then(|| time_text(self.webhook.at));
        Times {
            canceled: time("canceled_at").or_else(|| ended.clone()).or_else(over),
            ended,
            cancel: time("cancel_at").or_else(|| self.period_end()),
        }
    }

    /// When a subscription that is to be canceled ends: on its items since 2025-03-31.
    fn period_end(&self) -> Option<String> {
        let subscription = self.webhook.object;
        if subscription.get("cancel_at_period_end") != Some("true") {
            return None;
        }
        let end = subscription.get("current_period_end").filter(|raw| *raw != "null");
        let end = end.or_else(|| item::licensed(subscription)?.get("current_period_end"))?;
        Some(time_text(Timestamp::from_seconds(end.parse().ok()?)?))
    }

    /// What events and messages say of the plan, without what is not known.
    fn metadata(&self, with_previous: bool) -> JsonMap<'static> {
        let Reading { plan, previous, .. } = self.reading;
        let mut bag = JsonMap::default();
        for (name, value) in [
            ("plan_name", plan.name.as_deref()),
            ("plan_type", plan.interval),
            ("previous_plan_name", previous.name.as_deref().filter(|_| with_previous)),
            ("previous_plan_type", previous.interval.filter(|_| with_previous)),
        ] {
            if let Some(value) = value {
                bag.set_string(name, value);
            }
        }
        bag
    }

    fn change_facts(&self, change: Option<&str>) -> JsonMap<'static> {
        let Known { name, interval } = &self.reading.previous;
        self.facts(&[
            ("previousPlan", name.as_deref()),
            ("previousPlanType", *interval),
            ("change", change),
        ])
    }

    /// What the caller's own message may be made of.
    fn facts<'f>(&self, more: &[(&'f str, Option<&str>)]) -> JsonMap<'f> {
        let Known { name, interval } = &self.reading.plan;
        let mut facts = nullable(&[("plan", name.as_deref()), ("planType", *interval)]);
        facts.merge(&nullable(more));
        facts
    }
}
