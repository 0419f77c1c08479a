//! A subscription's life: created, changed, canceled.

use std::cmp::Ordering;

use super::{USAGE, Webhook, plans};
use crate::domain::profiles::Order;
use crate::domain::stripe::plans::{Known, Plans};
use crate::domain::track_input::{LogSnagStyle, Notification, TrackInput, data, time_text};
use crate::error::Warning;
use crate::event::time::Timestamp;
use crate::json::writer::JsonMap;
use crate::json::{self, RawObject};

pub(super) fn events<'s>(
    webhook: &Webhook<'s>,
    warnings: &mut Vec<Warning>,
) -> Vec<TrackInput<'s>> {
    let now = Terms::of(webhook.object, &webhook.plans);
    let before = webhook.previous.and_then(|previous| now.before(previous, &webhook.plans));
    let plan = webhook.plans.find(now.price.as_deref(), now.product.as_deref(), warnings);
    let change = before.as_ref().map(|before| before.change_to(&now));
    let told = Told { webhook, plan: &plan };
    let mut events = match webhook.kind.rsplit('.').next() {
        Some("created") => vec![told.subscribed("User subscribe", true, "created", 0)],
        Some("deleted") => vec![told.canceled()],
        // Nothing to cheer: the profile says it.
        _ if matches!(now.status.as_str(), "past_due" | "unpaid") => Vec::new(),
        _ => {
            let mut events = Vec::new();
            if let (Some(before), Some(change)) = (&before, change) {
                let was = webhook.plans.find(
                    before.price.as_deref(),
                    before.product.as_deref(),
                    warnings,
                );
                events.push(told.changed(change, &was));
            }
            events.push(told.subscribed("User update subscribe", false, "updated", events.len()));
            events
        }
    };
    events.push(told.profile(&now, change, events.len()));
    events
}

/// What a subscription comes to.
#[derive(Default)]
struct Terms {
    price: Option<String>,
    product: Option<String>,
    /// Of one period, in the currency's smallest unit.
    amount: Option<i64>,
    /// Periods of a year, as a fraction.
    per_year: (i64, i64),
    yearly: bool,
    status: String,
    currency: Option<String>,
}

impl Terms {
    fn of(subscription: RawObject<'_>, plans: &Plans) -> Self {
        let status = subscription.get("status").and_then(json::unquote_string).unwrap_or_default();
        Self { status, ..paid(subscription, plans).map(Self::of_item).unwrap_or_default() }
    }

    fn of_item(item: RawObject<'_>) -> Self {
        let (price, product) = plans::sold(item);
        let part = |name| item.get(name).and_then(json::object);
        let (price_object, plan) = (part("price"), part("plan"));
        let recurring =
            price_object.and_then(|price| json::object(price.get("recurring")?)).or(plan);
        let number =
            |object: Option<RawObject<'_>>, name: &str| object?.get(name)?.parse::<i64>().ok();
        let count = number(recurring, "interval_count").unwrap_or(1).max(1);
        let interval = recurring
            .and_then(|recurring| json::unquote(recurring.get("interval")?))
            .unwrap_or_default();
        let periods = match interval.as_ref() {
            "day" => 365,
            "month" => 12,
            "week" => 52,
            _ => 1,
        };
        let cents = |object: Option<RawObject<'_>>, name: &str| {
            let text = json::unquote(object?.get(name)?)?;
            text.split('.').next()?.parse::<i64>().ok()
        };
        let amount = number(price_object, "unit_amount")
            .or_else(|| cents(price_object, "unit_amount_decimal"))
            .or_else(|| number(plan, "amount"));
        let currency =
            price_object.or(plan).and_then(|part| json::unquote_string(part.get("currency")?));
        let quantity = number(Some(item), "quantity").unwrap_or(1).max(1);
        Self {
            price,
            product,
            amount: amount.map(|amount| amount.saturating_mul(quantity)),
            per_year: (periods, count),
            yearly: interval == "year",
            status: String::new(),
            currency,
        }
    }

    /// The terms before an update, if its price is another now.
    fn before(&self, previous: RawObject<'_>, plans: &Plans) -> Option<Self> {
        let before = paid(previous, plans)
            .or_else(|| previous.get("plan").and_then(json::object).map(|_| previous))?;
        let before = Self::of_item(before);
        (before.price.is_some() && before.price != self.price).then_some(before)
    }

    /// Whether more is paid over a year than before. The same product paid by the year instead of
    /// by the month is a step up too, though its discount makes it cheaper.
    fn change_to(&self, now: &Self) -> Ordering {
        if self.product == now.product && self.yearly != now.yearly {
            return now.yearly.cmp(&self.yearly);
        }
        // Amounts of two currencies say nothing about each other.
        let (Some(was), Some(is), true) = (self.amount, now.amount, self.currency == now.currency)
        else {
            return Ordering::Equal;
        };
        let a_year = |amount: i64, this: (i64, i64), other: (i64, i64)| {
            amount.saturating_mul(this.0).saturating_mul(other.1)
        };
        a_year(is, now.per_year, self.per_year).cmp(&a_year(was, self.per_year, now.per_year))
    }
}

/// The item that is one of the plans, beside add-ons and what is paid by use.
fn paid<'o>(subscription: RawObject<'o>, plans: &Plans) -> Option<RawObject<'o>> {
    let items = json::elements(json::object(subscription.get("items")?)?.get("data")?)?;
    let plan = items.filter_map(json::object).find(|item| {
        let (price, product) = plans::sold(*item);
        plans.has(price.as_deref(), product.as_deref())
    });
    plan.or_else(|| licensed(subscription))
}

/// The item that is paid per seat, not by use; the first where none says so.
fn licensed(subscription: RawObject<'_>) -> Option<RawObject<'_>> {
    let items = json::elements(json::object(subscription.get("items")?)?.get("data")?)?;
    let items: Vec<_> = items.filter_map(json::object).collect::<Vec<_>>();
    let seat = items.iter().find(|item| usage(**item).as_deref() == Some("licensed"));
    seat.or(items.first()).copied()
}

/// The price that a subscription is paid by.
pub(in crate::domain) fn price_of(subscription: RawObject<'_>) -> Option<String> {
    plans::sold(licensed(subscription)?).0
}

fn usage(item: RawObject<'_>) -> Option<String> {
    let price = item.get("price").and_then(json::object);
    let recurring = price.and_then(|price| json::object(price.get("recurring")?));
    let terms = recurring.or_else(|| item.get("plan").and_then(json::object))?;
    json::unquote_string(terms.get("usage_type")?)
}

/// What is said of one webhook.
struct Told<'w, 's> {
    webhook: &'w Webhook<'s>,
    plan: &'w Known,
}

impl<'s> Told<'_, 's> {
    fn subscribed(&self, event: &str, notify: bool, status: &str, seq: usize) -> TrackInput<'s> {
        let style = LogSnagStyle { notify: Some(notify), ..USAGE };
        let told = self.plan_bag();
        let kind = self.plan.interval.unwrap_or("unknown");
        let notified = ["user:subscribe_", status, ":", kind].concat();
        let name = self.plan.name.as_deref().unwrap_or("unknown");
        let uniq_id = ["subscription:", &notified, ":", name].concat();
        let notification =
            Notification { uniq_id: &uniq_id, ..self.webhook.notification(&notified) };
        self.with_plan(self.webhook.capture(event, style, seq)).notifying(&notification, &told)
    }

    fn changed(&self, change: Ordering, was: &Known) -> TrackInput<'s> {
        let event = if change.is_gt() { "User Upgraded" } else { "User Plan Changed" };
        let mut told = self.plan_bag();
        if let Some(name) = &was.name {
            told.set_string("previous_plan_name", name);
        }
        if let Some(interval) = was.interval {
            told.set_string("previous_plan_type", interval);
        }
        self.with_plan(self.webhook.capture(event, USAGE, 0))
            .with("previous_plan_name", was.name.as_deref())
            .with("previous_plan_type", was.interval)
            .notifying(&self.webhook.notification("user:plan_change"), &told)
    }

    fn canceled(&self) -> TrackInput<'s> {
        let style = LogSnagStyle { icon: "⚠️", ..USAGE };
        self.webhook
            .capture("User cancel", style, 0)
            .notifying(&self.webhook.notification("user:cancel"), &JsonMap::default())
    }

    /// The profile, whole: null for what does not hold now.
    fn profile(&self, now: &Terms, change: Option<Ordering>, seq: usize) -> TrackInput<'s> {
        let subscription = self.webhook.object;
        let (rank, status) = match self.webhook.kind.rsplit('.').next() {
            Some("created") => (0, "created"),
            Some("deleted") => (2, "canceled"),
            _ => (1, "updated"),
        };
        let named = match change {
            Some(Ordering::Greater) => "upgraded",
            Some(Ordering::Less) => "downgraded",
            _ => status,
        };
        let time = |name: &str| {
            let seconds = subscription.get(name)?.parse().ok()?;
            Some(time_text(Timestamp::from_seconds(seconds)?))
        };
        let ended = time("ended_at");
        let canceled = time("canceled_at")
            .or_else(|| ended.clone())
            .or_else(|| (rank == 2).then(|| time_text(self.webhook.at)));
        let mut bag = JsonMap::default();
        for (name, value) in [
            ("plan_name", self.plan.name.as_deref()),
            ("plan_type", self.plan.interval),
            ("plan_status", Some(status)),
            ("subscription_status", Some(now.status.as_str()).filter(|status| !status.is_empty())),
            ("subscription_status_name", Some(named)),
            ("canceled_at", canceled.as_deref()),
            ("ended_at", ended.as_deref()),
            ("cancel_at", time("cancel_at").or_else(|| self.period_end()).as_deref()),
        ] {
            match value {
                Some(value) => bag.set_string(name, value),
                None => bag.set(name, "null"),
            }
        }
        let order =
            Order::of(self.webhook.at, rank, &self.webhook.id, subscription, self.webhook.previous);
        TrackInput::profile("organization", &self.webhook.organization)
            .with_all(bag)
            .from(Some(&self.webhook.origin()), seq)
            .ordered(&order.write())
    }

    /// When a subscription that is to be canceled ends: on its items since 2025-03-31.
    fn period_end(&self) -> Option<String> {
        let subscription = self.webhook.object;
        if subscription.get("cancel_at_period_end") != Some("true") {
            return None;
        }
        let end = subscription.get("current_period_end").filter(|raw| *raw != "null");
        let end = end.or_else(|| licensed(subscription)?.get("current_period_end"))?;
        Some(time_text(Timestamp::from_seconds(end.parse().ok()?)?))
    }

    fn with_plan(&self, tracked: TrackInput<'s>) -> TrackInput<'s> {
        tracked.with("plan_name", self.plan.name.as_deref()).with("plan_type", self.plan.interval)
    }

    fn plan_bag(&self) -> JsonMap<'static> {
        data(&[
            ("plan_name", self.plan.name.clone()),
            ("plan_type", self.plan.interval.map(Into::into)),
        ])
    }
}
