//! Which plan a subscription is on. No guess: what is unknown stays unknown, and is warned about.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::json::index::Index;
use crate::json::{self, RawObject};

/// The host's plans.
pub(super) struct Plans {
    plans: Vec<Plan>,
    /// The first plan of each price, and of each product.
    prices: Index<'static>,
    products: Index<'static>,
}

struct Plan {
    name: String,
    product: String,
    monthly: Option<String>,
    yearly: Option<String>,
}

/// What is known of a price.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub name: Option<String>,
    /// `monthly` or `yearly`.
    pub interval: Option<&'static str>,
}

impl Plans {
    pub(super) fn read(raw: &str) -> Result<Self, Error> {
        let wrong = || json::wrong_type("plans", "an array of { name, product, … }", raw);
        let elements = json::elements(raw).ok_or_else(wrong)?;
        let plan = |raw: &str| {
            let plan = json::object(raw)?;
            let text = |name| plan.get(name).and_then(json::unquote_string);
            Some(Plan {
                name: text("name")?,
                product: text("product")?,
                monthly: text("monthlyPriceId"),
                yearly: text("yearlyPriceId"),
            })
        };
        let plans = elements.map(plan).collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
        let mut read = Self { plans, prices: Index::default(), products: Index::default() };
        // From the last to the first, so that the first of two is found.
        for (place, plan) in read.plans.iter().enumerate().rev() {
            for price in [&plan.monthly, &plan.yearly].into_iter().flatten() {
                read.prices.set(Cow::Owned(price.clone()), place);
            }
            read.products.set(Cow::Owned(plan.product.clone()), place);
        }
        Ok(read)
    }

    /// Whether one of them is sold by this price or product.
    pub(super) fn has(&self, price: Option<&str>, product: Option<&str>) -> bool {
        self.of(price, product).is_some()
    }

    fn of(&self, price: Option<&str>, product: Option<&str>) -> Option<&Plan> {
        let priced = price.and_then(|price| self.prices.get(price));
        let sold = product.and_then(|product| self.products.get(product));
        // The first plan that has either.
        let place = match (priced, sold) {
            (Some(priced), Some(sold)) => priced.min(sold),
            (priced, sold) => priced.or(sold)?,
        };
        self.plans.get(place)
    }

    /// The plan of a price. Its product says which; only its price says how often it is paid.
    pub(super) fn find(
        &self,
        price: Option<&str>,
        product: Option<&str>,
        warnings: &mut Vec<Warning>,
    ) -> Known {
        let Some(plan) = self.of(price, product) else {
            warnings.push(Warning::new(Code::UnknownPlan, "plans", "has none of this product"));
            return Known::default();
        };
        let interval = match price {
            Some(price) if plan.monthly.as_deref() == Some(price) => Some("monthly"),
            Some(price) if plan.yearly.as_deref() == Some(price) => Some("yearly"),
            _ => {
                warnings.push(Warning::new(Code::UnknownPrice, "plans", "has no such price"));
                None
            }
        };
        Known { name: Some(plan.name.clone()), interval }
    }
}

/// The price and the product of an invoice's line: `pricing.price_details` since 2025-03-31,
/// `price` or `plan` before.
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

/// The price and the product of a subscription's item.
pub(super) fn sold(item: RawObject<'_>) -> (Option<String>, Option<String>) {
    let part = |name| item.get(name).and_then(json::object);
    let of = |part: Option<RawObject<'_>>, name| part.and_then(|part| id_of(part.get(name)?));
    let (price, plan) = (part("price"), part("plan"));
    (
        of(price, "id").or_else(|| of(plan, "id")),
        of(price, "product").or_else(|| of(plan, "product")),
    )
}

fn id(object: RawObject<'_>, name: &str) -> Option<String> {
    id_of(object.get(name)?)
}

/// An id, or the id of what Stripe was asked to expand.
fn id_of(raw: &str) -> Option<String> {
    match json::object(raw) {
        Some(expanded) => json::unquote_string(expanded.get("id")?),
        None => json::unquote_string(raw),
    }
}
