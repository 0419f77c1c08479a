//! What each webhook means.

use posthog_wasm::domain::stripe;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::webhooks::*;

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
            json!({ "plan_name": "Solo", "plan_type": "monthly", "price": 12.5 }),
        ),
        (
            "invoice.upcoming",
            since,
            "Invoice Upcoming",
            "org:invoice_upcoming",
            json!({ "plan_name": "Solo", "plan_type": "monthly", "price": 12.5 }),
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
        assert_eq!(names(&events(&webhook)), [event], "{kind}");
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
fn a_webhook_of_another_kind_means_nothing() {
    let unknown = webhook("evt_9", "customer.tax_id.created", T0, &json!({}), &Value::Null);
    assert_eq!(
        (to_events(&unknown).events.as_str(), to_events(&unknown).warnings[0].code.name()),
        ("[]", "unknown_event")
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
