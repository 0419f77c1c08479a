//! Which plan a subscription is on. No guess: what is unknown stays unknown, and is warned about.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::json;
use crate::json::index::Index;

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

/// Says which element is none, and what is there instead.
fn not_a_plan(wanted: &str, place: usize, raw: &str) -> Error {
    let got = match json::object(raw) {
        Some(_) => "has no name or no product",
        None if raw == "null" => "is null",
        None => "is no object",
    };
    let message = ["must be ", wanted, "; element ", &place.to_string(), " ", got].concat();
    Error::with(Code::InvalidType, "plans", message)
}

impl Plans {
    pub(super) fn read(raw: &str) -> Result<Self, Error> {
        let wanted = "an array of { name, product, … }";
        let elements = json::elements(raw).ok_or_else(|| json::wrong_type("plans", wanted, raw))?;
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
        let mut plans = Vec::new();
        for (place, raw) in elements.enumerate() {
            plans.push(plan(raw).ok_or_else(|| not_a_plan(wanted, place, raw))?);
        }
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

    /// The plan of a product, as it is paid by a price. `None`, with a warning, if it is in no plan.
    pub(super) fn of_product(
        &self,
        product: Option<&str>,
        price: Option<&str>,
        warnings: &mut Vec<Warning>,
    ) -> Option<Known> {
        let place = product.and_then(|product| self.products.get(product));
        let Some(plan) = place.and_then(|place| self.plans.get(place)) else {
            warnings.push(unknown_plan());
            return None;
        };
        Some(plan.paid_by(price, warnings))
    }

    /// The first plan that has this price or this product, as it is paid by the price.
    pub(super) fn of_either(
        &self,
        product: Option<&str>,
        price: Option<&str>,
        warnings: &mut Vec<Warning>,
    ) -> Known {
        let Some(plan) = self.first(product, price) else {
            warnings.push(unknown_plan());
            return Known::default();
        };
        plan.paid_by(price, warnings)
    }

    /// Whether one of them has this price or this product.
    pub(super) fn has(&self, product: Option<&str>, price: Option<&str>) -> bool {
        self.first(product, price).is_some()
    }

    fn first(&self, product: Option<&str>, price: Option<&str>) -> Option<&Plan> {
        let priced = price.and_then(|price| self.prices.get(price));
        let sold = product.and_then(|product| self.products.get(product));
        let place = match (priced, sold) {
            (Some(priced), Some(sold)) => priced.min(sold),
            (priced, sold) => priced.or(sold)?,
        };
        self.plans.get(place)
    }
}

impl Plan {
    fn paid_by(&self, price: Option<&str>, warnings: &mut Vec<Warning>) -> Known {
        let interval = match price {
            Some(price) if self.monthly.as_deref() == Some(price) => Some("monthly"),
            Some(price) if self.yearly.as_deref() == Some(price) => Some("yearly"),
            _ => {
                warnings.push(Warning::new(Code::UnknownPrice, "plans", "has no such price"));
                None
            }
        };
        Known { name: Some(self.name.clone()), interval }
    }
}

fn unknown_plan() -> Warning {
    Warning::new(Code::UnknownPlan, "plans", "has none of this product")
}
