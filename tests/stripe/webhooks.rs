//! Webhooks as Stripe makes them, in both shapes of its API, and a year of them.

use posthog_wasm::domain::{DomainEvents, stripe};
use serde_json::{Value, json};

/// Before API version 2025-03-31, or from it on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    Before,
    Since,
}

pub(crate) const SHAPES: [Shape; 2] = [Shape::Before, Shape::Since];
pub(crate) const T0: i64 = 1_750_000_000;

pub(crate) fn context() -> Value {
    json!({
        "organization": ["organization", "o1"],
        "plans": [
            { "name": "Solo", "product": "prod_solo", "monthlyPriceId": "solo_m", "yearlyPriceId": "solo_y" },
            { "name": "Maker", "product": "prod_maker", "monthlyPriceId": "maker_m", "yearlyPriceId": "maker_y" },
        ],
    })
}

/// A subscription's item: the price, its product, cents and interval.
pub(crate) fn item(shape: Shape, price: &str) -> Value {
    let (product, cents, interval) = match price {
        "solo_m" => ("prod_solo", 1200, "month"),
        "solo_y" => ("prod_solo", 12_000, "year"),
        "maker_m" => ("prod_maker", 3900, "month"),
        "maker_y" => ("prod_maker", 39_000, "year"),
        "maker_old" => ("prod_maker", 2900, "month"),
        _ => ("prod_else", 500, "month"),
    };
    let price = json!({ "id": price, "product": product, "unit_amount": cents,
        "recurring": { "interval": interval, "interval_count": 1, "usage_type": "licensed" } });
    let plan = json!({ "id": price["id"], "product": product, "amount": cents, "interval": interval,
        "interval_count": 1, "usage_type": "licensed" });
    match shape {
        Shape::Before => json!({ "id": "si_1", "plan": plan, "price": price, "quantity": 1 }),
        Shape::Since => {
            json!({ "id": "si_1", "price": price, "quantity": 1, "current_period_end": T0 + 99 })
        }
    }
}

pub(crate) fn subscription(shape: Shape, price: &str, more: &Value) -> Value {
    // Metered items come first, to be passed over.
    let metered = json!({ "id": "si_0", "price": { "id": "metered", "product": "prod_metered",
        "recurring": { "interval": "month", "usage_type": "metered" } } });
    let mut object = json!({ "id": "sub_1", "status": "active", "canceled_at": null, "ended_at": null,
        "cancel_at": null, "cancel_at_period_end": false, "customer": "cus_1",
        "items": { "data": [metered, item(shape, price)] } });
    if shape == Shape::Before {
        object["current_period_end"] = json!(T0 + 99);
    }
    for (name, value) in more.as_object().expect("more") {
        object[name] = value.clone();
    }
    object
}

pub(crate) fn webhook(id: &str, kind: &str, at: i64, object: &Value, previous: &Value) -> Value {
    json!({ "id": id, "type": kind, "created": at, "data": { "object": object, "previous_attributes": previous } })
}

pub(crate) fn to_events(webhook: &Value) -> DomainEvents {
    to_events_with(webhook, &json!({}))
}

/// With more in the context.
pub(crate) fn to_events_with(webhook: &Value, more: &Value) -> DomainEvents {
    let mut context = context();
    for (name, value) in more.as_object().expect("more") {
        context[name] = value.clone();
    }
    stripe::to_events(&webhook.to_string(), &context.to_string())
}

pub(crate) fn events(webhook: &Value) -> Vec<Value> {
    events_with(webhook, &json!({}))
}

pub(crate) fn events_with(webhook: &Value, more: &Value) -> Vec<Value> {
    serde_json::from_str(&to_events_with(webhook, more).events).expect("events")
}

pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap_or("profile")).collect()
}

/// What is known in the profile: what is null is left out.
pub(crate) fn profile(events: &[Value]) -> Value {
    let mut profile = events.last().expect("a profile")["properties"].clone();
    profile.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    profile
}

pub(crate) fn updated(shape: Shape, price: &str, more: &Value, previous: &Value) -> Value {
    webhook(
        "evt_2",
        "customer.subscription.updated",
        T0,
        &subscription(shape, price, more),
        previous,
    )
}

pub(crate) fn changed_from(shape: Shape, price: &str) -> Value {
    json!({ "items": { "data": [item(shape, price)] } })
}

/// The year of one subscription, with ties: everything Stripe says in one second.
pub(crate) fn year(shape: Shape) -> Vec<Value> {
    let sub = |price: &str, more: Value| subscription(shape, price, &more);
    let (created, updated, deleted) = (
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
    );
    vec![
        webhook(
            "evt_z1",
            created,
            T0,
            &sub("solo_m", json!({ "status": "incomplete" })),
            &Value::Null,
        ),
        webhook(
            "evt_y1",
            updated,
            T0,
            &sub("solo_m", json!({ "status": "active" })),
            &json!({ "status": "incomplete" }),
        ),
        webhook(
            "evt_m1",
            updated,
            T0 + 100,
            &sub("solo_y", json!({})),
            &changed_from(shape, "solo_m"),
        ),
        webhook(
            "evt_b1",
            updated,
            T0 + 200,
            &sub("maker_m", json!({})),
            &changed_from(shape, "solo_y"),
        ),
        webhook(
            "evt_a1",
            updated,
            T0 + 200,
            &sub("maker_m", json!({ "status": "unpaid" })),
            &json!({ "status": "active" }),
        ),
        webhook(
            "evt_c1",
            updated,
            T0 + 300,
            &sub("maker_m", json!({})),
            &json!({ "status": "unpaid" }),
        ),
        webhook(
            "evt_x2",
            updated,
            T0 + 400,
            &sub("maker_m", json!({ "cancel_at": T0 + 500 })),
            &json!({ "cancel_at": null }),
        ),
        webhook(
            "evt_w2",
            deleted,
            T0 + 500,
            &sub(
                "maker_m",
                json!({ "status": "canceled", "ended_at": T0 + 500, "canceled_at": T0 + 400 }),
            ),
            &Value::Null,
        ),
        webhook(
            "evt_w1",
            updated,
            T0 + 500,
            &sub("maker_m", json!({ "status": "canceled" })),
            &json!({ "status": "active" }),
        ),
        webhook(
            "evt_q9",
            created,
            T0 + 600,
            &sub("solo_m", json!({ "status": "trialing" })),
            &Value::Null,
        ),
        webhook(
            "evt_q3",
            updated,
            T0 + 700,
            &sub("solo_m", json!({ "status": "active" })),
            &json!({ "status": "trialing" }),
        ),
        webhook(
            "evt_q1",
            updated,
            T0 + 700,
            &sub("maker_m", json!({ "status": "active" })),
            &changed_from(shape, "solo_m"),
        ),
    ]
}

pub(crate) fn ordered(webhook: &Value) -> String {
    events(webhook).last().expect("a profile").to_string()
}
