//! What is said of invoices, cards and checkouts.

use super::{Message, USAGE, Webhook, item};
use crate::domain::track_input::{LogSnagStyle, TrackInput, nullable};
use crate::error::Warning;
use crate::json::writer::format_u64;
use crate::json::{self, RawObject};

const fn quiet(icon: &'static str) -> LogSnagStyle {
    LogSnagStyle { icon, notify: Some(false), ..USAGE }
}

pub(super) fn invoice_upcoming<'s>(
    webhook: &Webhook<'s>,
    warnings: &mut Vec<Warning>,
) -> TrackInput<'s> {
    let line = webhook
        .object
        .get("lines")
        .and_then(json::object)
        .and_then(|lines| json::elements(lines.get("data")?)?.find_map(json::object));
    let (price, product) = line.map_or((None, None), item::bought);
    // It will be paid, whatever it is for: without a plan, or without a product.
    let plan = product
        .as_deref()
        .and_then(|product| webhook.plans.of_product(Some(product), price.as_deref(), warnings));
    let plan = plan.unwrap_or_default();
    let interval = plan.interval.unwrap_or("monthly");
    let total = webhook.object.get("total").and_then(|total| total.parse::<i64>().ok());
    let total = hundredths(total.unwrap_or_default());

    let name = plan.name.as_deref();
    let mut data = nullable(&[("plan_name", name)]);
    data.set("price", &total);
    data.set_string("plan_type", interval);
    if let Some(name) = &webhook.organization_name {
        data.set_string("org_name", name);
    }
    let currency = webhook.object.get("currency").and_then(json::unquote);
    let mut facts = nullable(&[
        ("plan", name),
        ("planType", Some(interval)),
        ("currency", currency.as_deref()),
    ]);
    facts.set("price", &total);
    let tracked = webhook.capture("Invoice Upcoming", quiet("📄"), 0);
    let message = Message { data, ..Message::new("invoiceUpcoming", "org:invoice_upcoming") };
    webhook.tell(tracked, &message, facts)
}

/// Of an invoice, or of a charge.
pub(super) fn payment_failed<'s>(webhook: &Webhook<'s>) -> TrackInput<'s> {
    let Webhook { object, .. } = webhook;
    let currency = object.get("currency").and_then(json::unquote);
    let mut facts = nullable(&[("currency", currency.as_deref())]);
    let amount = object.get("amount_due").or_else(|| object.get("amount"));
    let amount = amount.filter(|raw| raw.parse::<i64>().is_ok());
    facts.set("amount", amount.unwrap_or("null"));
    let tracked = webhook.capture("Payment Failed", quiet("⚠️"), 0);
    webhook.tell(tracked, &Message::new("paymentFailed", "org:failed_payment"), facts)
}

pub(super) fn card_added<'s>(webhook: &Webhook<'s>) -> TrackInput<'s> {
    let expiration = expiration(webhook.object);
    let facts = nullable(&[("expirationDate", Some(&expiration))]);
    let data = nullable(&[("expiration_date", Some(&expiration))]);
    let tracked = webhook.capture("Credit Card Added", quiet("💳"), 0);
    let message = Message { data, ..Message::new("cardAdded", "org:card_added") };
    webhook.tell(tracked, &message, facts)
}

pub(super) fn card_expiring<'s>(webhook: &Webhook<'s>) -> TrackInput<'s> {
    let facts = nullable(&[("expirationDate", Some(&expiration(webhook.object)))]);
    let tracked = webhook.capture("Credit Card Expiring", quiet("⚠️"), 0);
    webhook.tell(tracked, &Message::new("cardExpiring", "org:card_expiring"), facts)
}

/// Nobody is told of it.
pub(super) fn checkout_completed<'s>(webhook: &Webhook<'s>) -> TrackInput<'s> {
    let shown = |name| webhook.object.get(name).and_then(json::unquote);
    webhook
        .capture("Checkout Completed", quiet("💰"), 0)
        .with("mode", shown("mode").as_deref())
        .with("payment_status", shown("payment_status").as_deref())
}

/// `7/2027`, as the card says.
fn expiration(object: RawObject<'_>) -> String {
    let card = object.get("card").and_then(json::object).unwrap_or(object);
    match (card.get("exp_month"), card.get("exp_year")) {
        (Some(month), Some(year)) if month != "null" && year != "null" => {
            [month, "/", year].concat()
        }
        _ => "unknown".to_owned(),
    }
}

/// Cents as a number: 1450 are 14.50.
fn hundredths(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    let rest = cents % 100;
    let tail = if rest < 10 { ".0" } else { "." };
    [sign, &format_u64(cents / 100), tail, &format_u64(rest)].concat()
}
