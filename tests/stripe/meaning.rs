//! What each webhook means.

use posthog_wasm::domain::stripe;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::webhooks::*;

#[test]
fn a_subscription_begins() {
    for shape in SHAPES {
        let object = subscription(shape, "solo_m", &json!({ "status": "trialing" }));
        let created = webhook("evt_1", "customer.subscription.created", T0, &object, &Value::Null);
        assert_eq!(names(&created), ["User subscribe", "profile"]);
        let event = &events(&created)[0];
        assert_eq!(
            event["properties"],
            json!({ "plan_name": "Solo", "plan_type": "monthly", "channel": "usage" })
        );
        assert_eq!(
            json!([
                event["distinctId"],
                event["groups"],
                event["timestamp"],
                event["notify"],
                event["icon"]
            ]),
            json!(["o1", [["organization", "o1"]], "2025-06-15T15:06:40.000Z", true, "💰"])
        );
        assert_eq!(event.get("set"), None);
        assert_eq!(
            profile(&created),
            json!({ "plan_name": "Solo", "plan_type": "monthly", "plan_status": "created",
                "subscription_status": "trialing", "subscription_status_name": "created" })
        );
    }
}

#[test]
fn a_price_goes_up_or_down_across_products_and_intervals() {
    for shape in SHAPES {
        for (from, to, event, name) in [
            ("solo_m", "solo_y", "User Upgraded", "upgraded"),
            ("solo_y", "solo_m", "User Plan Changed", "downgraded"),
            ("solo_m", "maker_m", "User Upgraded", "upgraded"),
            ("solo_y", "maker_m", "User Upgraded", "upgraded"),
            ("maker_m", "solo_y", "User Plan Changed", "downgraded"),
            ("maker_m", "solo_m", "User Plan Changed", "downgraded"),
            ("maker_old", "maker_m", "User Upgraded", "upgraded"),
        ] {
            let change = updated(shape, to, &json!({}), &changed_from(shape, from));
            assert_eq!(
                names(&change),
                [event, "User update subscribe", "profile"],
                "{from} → {to}"
            );
            assert_eq!(profile(&change)["subscription_status_name"], name, "{from} → {to}");
        }
        let same = updated(shape, "solo_m", &json!({}), &changed_from(shape, "solo_m"));
        assert_eq!(names(&same), ["User update subscribe", "profile"]);
        let change = updated(shape, "maker_m", &json!({}), &changed_from(shape, "solo_y"));
        assert_eq!(
            events(&change)[0]["properties"],
            json!({ "plan_name": "Maker", "plan_type": "monthly", "previous_plan_name": "Solo",
                "previous_plan_type": "yearly", "channel": "usage" })
        );
    }
}

#[test]
fn stripes_own_status_is_in_the_profile() {
    for shape in SHAPES {
        for (status, expected) in [
            ("trialing", vec!["User update subscribe", "profile"]),
            ("past_due", vec!["profile"]),
            ("unpaid", vec!["profile"]),
            ("paused", vec!["User update subscribe", "profile"]),
        ] {
            let update = updated(
                shape,
                "solo_m",
                &json!({ "status": status }),
                &json!({ "status": "active" }),
            );
            assert_eq!(names(&update), expected, "{status}");
            assert_eq!(profile(&update)["subscription_status"], status);
            assert_eq!(profile(&update)["plan_status"], "updated");
        }
    }
}

#[test]
fn cancellation_is_planned_withdrawn_and_done() {
    for shape in SHAPES {
        let planned = updated(
            shape,
            "solo_m",
            &json!({ "cancel_at_period_end": true, "canceled_at": T0 - 5 }),
            &json!({}),
        );
        assert_eq!(profile(&planned)["cancel_at"], "2025-06-15T15:08:19.000Z", "{shape:?}");
        assert_eq!(profile(&planned)["canceled_at"], "2025-06-15T15:06:35.000Z");
        let withdrawn =
            updated(shape, "solo_m", &json!({}), &json!({ "cancel_at_period_end": true }));
        let whole = events(&withdrawn).last().expect("a profile")["properties"].clone();
        assert_eq!(
            json!([whole["cancel_at"], whole["canceled_at"], whole["ended_at"]]),
            json!([null, null, null])
        );
        assert!(whole.as_object().expect("an object").contains_key("canceled_at"));
        let object = subscription(
            shape,
            "solo_m",
            &json!({ "status": "canceled", "canceled_at": T0 - 5, "ended_at": T0 - 1 }),
        );
        let done = webhook("evt_3", "customer.subscription.deleted", T0, &object, &Value::Null);
        assert_eq!(names(&done), ["User cancel", "profile"]);
        assert_eq!(events(&done)[0]["properties"], json!({ "channel": "usage" }));
        assert_eq!(
            profile(&done),
            json!({ "plan_name": "Solo", "plan_type": "monthly", "plan_status": "canceled", "subscription_status": "canceled",
                "subscription_status_name": "canceled", "canceled_at": "2025-06-15T15:06:35.000Z",
                "ended_at": "2025-06-15T15:06:39.000Z" })
        );
    }
}

#[test]
fn no_guess_about_what_is_unknown() {
    for shape in SHAPES {
        let price = updated(shape, "maker_old", &json!({}), &Value::Null);
        assert_eq!(profile(&price).get("plan_type"), None);
        assert_eq!(profile(&price)["plan_name"], "Maker");
        assert_eq!(to_events(&price).warnings[0].code.name(), "unknown_price");
        let product = updated(shape, "other", &json!({}), &Value::Null);
        assert_eq!(profile(&product).get("plan_name"), None);
        assert_eq!(to_events(&product).warnings[0].code.name(), "unknown_plan");
    }
    let unknown = webhook("evt_9", "customer.tax_id.created", T0, &json!({}), &Value::Null);
    assert_eq!(
        (to_events(&unknown).events.as_str(), to_events(&unknown).warnings[0].code.name()),
        ("[]", "unknown_event")
    );
}

#[test]
fn the_other_webhooks_have_their_events() {
    let before = json!({ "total": 1250, "lines": { "data": [{ "price": { "id": "solo_m", "product": "prod_solo" } }] } });
    let since = json!({ "total": 1250, "lines": { "data": [{ "pricing": { "type": "price_details",
        "price_details": { "price": "solo_m", "product": "prod_solo" } } }] } });
    for (kind, object, event, notify, told) in [
        (
            "invoice.upcoming",
            before,
            "Invoice Upcoming",
            "org:invoice_upcoming",
            json!({ "plan_name": "Solo", "plan_type": "monthly", "price": "12.50" }),
        ),
        (
            "invoice.upcoming",
            since,
            "Invoice Upcoming",
            "org:invoice_upcoming",
            json!({ "plan_name": "Solo", "plan_type": "monthly", "price": "12.50" }),
        ),
        ("invoice.payment_failed", json!({}), "Payment Failed", "org:failed_payment", json!({})),
        ("charge.failed", json!({}), "Payment Failed", "org:failed_payment", json!({})),
        (
            "customer.source.created",
            json!({ "exp_month": 7, "exp_year": 2027 }),
            "Credit Card Added",
            "org:card_added",
            json!({ "expiration_date": "7/2027" }),
        ),
        (
            "payment_method.attached",
            json!({ "card": { "exp_month": 7, "exp_year": 2027 } }),
            "Credit Card Added",
            "org:card_added",
            json!({ "expiration_date": "7/2027" }),
        ),
        (
            "payment_method.attached",
            json!({ "type": "sepa_debit" }),
            "Credit Card Added",
            "org:card_added",
            json!({ "expiration_date": "unknown" }),
        ),
        (
            "customer.source.expiring",
            json!({}),
            "Credit Card Expiring",
            "org:card_expiring",
            json!({}),
        ),
    ] {
        let webhook = webhook("evt_4", kind, T0, &object, &Value::Null);
        assert_eq!(names(&webhook), [event], "{kind}");
        let said = &events(&webhook)[0];
        assert_eq!(
            (&said["notification"]["event"], &said["notification"]["data"]),
            (&json!(notify), &told),
            "{kind}"
        );
        assert_eq!(said["properties"], json!({ "channel": "usage" }), "{kind}");
        assert_eq!(
            said["source"],
            json!({ "system": "stripe", "id": "evt_4", "at": "2025-06-15T15:06:40.000Z" })
        );
    }
    let checkout =
        json!({ "mode": "subscription", "payment_status": "paid", "customer_email": "a@b.c" });
    let checkout = webhook("evt_5", "checkout.session.completed", T0, &checkout, &Value::Null);
    assert_eq!(
        events(&checkout)[0]["properties"],
        json!({ "mode": "subscription", "payment_status": "paid", "channel": "usage" })
    );
}

#[test]
fn a_webhook_that_is_none_is_refused_later() {
    for (webhook, field) in [
        (json!({ "type": "invoice.upcoming", "created": 1, "data": { "object": {} } }), "event.id"),
        (json!({ "id": "e", "created": 1, "data": { "object": {} } }), "event.type"),
        (json!({ "id": "e", "type": "t", "data": { "object": {} } }), "event.created"),
        (
            json!({ "id": "e", "type": "t", "created": "1", "data": { "object": {} } }),
            "event.created",
        ),
        (json!({ "id": "e", "type": "t", "created": 1, "data": {} }), "event.data.object"),
        (json!([]), "event"),
    ] {
        let event = &events(&webhook)[0];
        assert_eq!(
            (&event["kind"], &event["field"]),
            (&json!("refused"), &json!(field)),
            "{webhook}"
        );
    }
    let nobody = stripe::to_events(
        &updated(Shape::Since, "solo_m", &json!({}), &Value::Null).to_string(),
        r#"{"organization":false,"plans":[]}"#,
    );
    assert!(nobody.events.contains("unverified_group"));
}

#[test]
fn an_add_on_is_no_plan() {
    for shape in SHAPES {
        let with = |price: &str| json!({ "items": { "data": [item(shape, "addon"), item(shape, price)] } });
        let upgrade = updated(shape, "solo_m", &with("maker_m"), &with("solo_m"));
        assert_eq!(names(&upgrade), ["User Upgraded", "User update subscribe", "profile"]);
        assert_eq!(profile(&upgrade)["plan_name"], "Maker");
        let reordered =
            json!({ "items": { "data": [item(shape, "maker_m"), item(shape, "addon")] } });
        let same = updated(shape, "solo_m", &reordered, &with("maker_m"));
        assert_eq!(names(&same), ["User update subscribe", "profile"]);
    }
}

#[test]
fn amounts_are_compared_where_they_can_be() {
    let shape = Shape::Since;
    let mut yen = item(shape, "solo_m");
    yen["price"]["currency"] = json!("jpy");
    let change = updated(shape, "maker_m", &json!({}), &json!({ "items": { "data": [yen] } }));
    assert_eq!(names(&change)[0], "User Plan Changed");
    let mut decimal = item(shape, "maker_m");
    decimal["price"]["unit_amount"] = Value::Null;
    decimal["price"]["unit_amount_decimal"] = json!("3900.5");
    let items = json!({ "items": { "data": [decimal] } });
    assert_eq!(
        names(&updated(shape, "solo_m", &items, &changed_from(shape, "solo_m")))[0],
        "User Upgraded"
    );
}
