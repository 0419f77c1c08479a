//! How a subscription's webhook is read with `planChanges: "price"`: another plan is another price,
//! and an upgrade is more money over a year.

use std::cmp::Ordering;

use super::Webhook;
use super::item::{licensed, sold};
use super::plans::Plans;
use super::subscription::{Reading, Stage};
use crate::error::Warning;
use crate::json::{self, RawObject};

pub(super) fn read(webhook: &Webhook<'_>, stage: Stage, warnings: &mut Vec<Warning>) -> Reading {
    let plans = &webhook.plans;
    let now = Terms::of(webhook.object, plans);
    let before = webhook.previous.and_then(|previous| now.before(previous, plans));
    let plan = plans.of_either(now.product.as_deref(), now.price.as_deref(), warnings);
    let change = before.as_ref().map(|before| before.change_to(&now));
    let status_name = match change {
        Some(Ordering::Greater) => "upgraded",
        Some(Ordering::Less) => "downgraded",
        _ => stage.status(),
    };
    let mut reading = Reading { plan, status_name: Some(status_name), ..Reading::default() };
    let status = webhook.status().unwrap_or_default();
    // Nothing to cheer: the profile says it.
    let is_quiet = stage == Stage::Updated && matches!(status.as_str(), "past_due" | "unpaid");
    if stage == Stage::Deleted || is_quiet {
        return reading;
    }
    if let (Stage::Updated, Some(before), Some(change)) = (stage, before, change) {
        reading.previous =
            plans.of_either(before.product.as_deref(), before.price.as_deref(), warnings);
        reading.change = Some(if change.is_gt() { "User Upgraded" } else { "User Plan Changed" });
    }
    let interval = reading.plan.interval.unwrap_or("unknown");
    reading.message = Some(["user:subscribe_", stage.status(), ":", interval].concat());
    reading
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
    currency: Option<String>,
}

impl Terms {
    fn of(subscription: RawObject<'_>, plans: &Plans) -> Self {
        paid(subscription, plans).map(Self::of_item).unwrap_or_default()
    }

    fn of_item(item: RawObject<'_>) -> Self {
        let (price, product) = sold(item);
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
        let (price, product) = sold(*item);
        plans.has(product.as_deref(), price.as_deref())
    });
    plan.or_else(|| licensed(subscription))
}
