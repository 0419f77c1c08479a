//! What a subscription's item, or an invoice's line, was bought as.

use crate::json::{self, RawObject};

/// An item as its `plan` says; as its `price` says, where the plan names no product.
#[derive(Default)]
pub(super) struct Item {
    pub price: Option<String>,
    pub product: Option<String>,
    /// `day`, `week`, `month` or `year`.
    pub interval: Option<String>,
}

impl Item {
    pub(super) fn read(item: RawObject<'_>) -> Self {
        let (price, product) = sold(item);
        Self { price, product, interval: recurring(item, "interval") }
    }
}

/// The item that is paid per seat, not by use; the first where none says so.
pub(super) fn licensed(subscription: RawObject<'_>) -> Option<RawObject<'_>> {
    let items = json::elements(json::object(subscription.get("items")?)?.get("data")?)?;
    let items: Vec<_> = items.filter_map(json::object).collect::<Vec<_>>();
    let seat =
        items.iter().find(|item| recurring(**item, "usage_type").as_deref() == Some("licensed"));
    seat.or(items.first()).copied()
}

/// The price that a subscription is paid by.
pub(in crate::domain) fn price_of(subscription: RawObject<'_>) -> Option<String> {
    sold(licensed(subscription)?).0
}

/// The price and the product of an item. Every item has both a `plan` and a `price`, which say the
/// same; a plan that is not whole says nothing.
pub(super) fn sold(item: RawObject<'_>) -> (Option<String>, Option<String>) {
    let of = |name| {
        let part = item.get(name).and_then(json::object);
        part.map_or((None, None), |part| (id(part, "id"), id(part, "product")))
    };
    match (of("plan"), of("price")) {
        (plan @ (Some(_), Some(_)), _) => plan,
        (plan, price) => (price.0.or(plan.0), price.1.or(plan.1)),
    }
}

/// The price and the product of an invoice's line: `pricing.price_details` since API version
/// 2025-03-31, `price` or `plan` before.
pub(super) fn bought(line: RawObject<'_>) -> (Option<String>, Option<String>) {
    let details = line
        .get("pricing")
        .and_then(json::object)
        .and_then(|pricing| json::object(pricing.get("price_details")?));
    match details {
        Some(details) => (id(details, "price"), id(details, "product")),
        None => sold(line),
    }
}

/// What is said of how an item is paid.
fn recurring(item: RawObject<'_>, name: &str) -> Option<String> {
    let plan = item.get("plan").and_then(json::object);
    plan.and_then(|plan| json::unquote_string(plan.get(name)?)).or_else(|| {
        let price = json::object(item.get("price")?)?;
        json::unquote_string(json::object(price.get("recurring")?)?.get(name)?)
    })
}

/// An id, or the id of what Stripe was asked to expand.
fn id(object: RawObject<'_>, name: &str) -> Option<String> {
    let raw = object.get(name)?;
    match json::object(raw) {
        Some(expanded) => json::unquote_string(expanded.get("id")?),
        None => json::unquote_string(raw),
    }
}
