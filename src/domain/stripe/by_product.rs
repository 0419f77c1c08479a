//! How a subscription's webhook is read by default: another plan is another product, and an upgrade
//! is a month that became a year.

use super::item::{Item, licensed};
use super::subscription::{Reading, Stage};
use super::{Webhook, plans::Known};
use crate::error::Warning;

/// `None` if nothing is to be said: the product is in no plan, or the subscription is past due.
pub(super) fn read(
    webhook: &Webhook<'_>,
    stage: Stage,
    warnings: &mut Vec<Warning>,
) -> Option<Reading> {
    let now = licensed(webhook.object).map(Item::read).unwrap_or_default();
    let mut find = |product: Option<&str>, price: Option<&str>| {
        webhook.plans.of_product(product, price, warnings)
    };
    let mut current = || find(now.product.as_deref(), now.price.as_deref());
    if stage == Stage::Deleted {
        // What is over is over, whatever it was.
        return Some(Reading { plan: current().unwrap_or_default(), ..Reading::default() });
    }
    if webhook.status().as_deref() == Some("past_due") {
        return None;
    }
    let plan = current()?;
    let was = webhook.previous.and_then(licensed).map(Item::read).unwrap_or_default();
    let moved = was.product.is_some() && was.product != now.product;
    let previous = if moved {
        find(was.product.as_deref(), was.price.as_deref())
    } else if was.price.is_some() {
        find(now.product.as_deref(), was.price.as_deref())
    } else {
        None
    };
    let upgraded =
        was.interval.as_deref() == Some("month") && now.interval.as_deref() == Some("year");
    let name = if upgraded { "upgraded" } else { stage.status() };
    Some(Reading {
        message: Some(["user:subscribe_", name, ":", mail_interval(&plan)].concat()),
        change: match (moved, upgraded) {
            (true, true) => Some("User Upgraded"),
            (true, false) => Some("User Plan Changed"),
            _ => None,
        },
        status_name: Some(name),
        tells_previous: true,
        previous: previous.unwrap_or_default(),
        plan,
    })
}

/// There is a message for each of two intervals. What is not paid by the plan's monthly price gets
/// the yearly one.
fn mail_interval(plan: &Known) -> &'static str {
    plan.interval.unwrap_or("yearly")
}
