//! Stripe's webhooks: what each means, in both shapes of the API, and that their order of arrival
//! means nothing.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

use posthog_wasm::domain::{Said, profiles, stripe};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Before API version 2025-03-31, or from it on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Before,
    Since,
}

const SHAPES: [Shape; 2] = [Shape::Before, Shape::Since];
const T0: i64 = 1_750_000_000;

fn context() -> Value {
    json!({
        "organization": ["organization", "o1"],
        "plans": [
            { "name": "Solo", "product": "prod_solo", "monthlyPriceId": "solo_m", "yearlyPriceId": "solo_y" },
            { "name": "Maker", "product": "prod_maker", "monthlyPriceId": "maker_m", "yearlyPriceId": null },
        ],
    })
}

/// A subscription's item: the price, its product, cents and interval.
fn item(shape: Shape, price: &str) -> Value {
    let (product, cents, interval) = match price {
        "solo_m" => ("prod_solo", 1200, "month"),
        "solo_y" => ("prod_solo", 12_000, "year"),
        "maker_m" => ("prod_maker", 3900, "month"),
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

fn subscription(shape: Shape, price: &str, more: &Value) -> Value {
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

fn webhook(id: &str, kind: &str, at: i64, object: &Value, previous: &Value) -> Value {
    json!({ "id": id, "type": kind, "created": at, "data": { "object": object, "previous_attributes": previous } })
}

fn said(webhook: &Value) -> Said {
    stripe::say(&webhook.to_string(), &context().to_string())
}

fn events(webhook: &Value) -> Vec<Value> {
    serde_json::from_str(&said(webhook).events).expect("events")
}

fn names(webhook: &Value) -> Vec<String> {
    events(webhook)
        .iter()
        .map(|event| event["event"].as_str().unwrap_or("profile").to_owned())
        .collect()
}

fn profile(webhook: &Value) -> Value {
    let events = events(webhook);
    let mut profile = events.last().expect("a profile")["properties"].clone();
    profile.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    profile
}

fn updated(shape: Shape, price: &str, more: &Value, previous: &Value) -> Value {
    webhook(
        "evt_2",
        "customer.subscription.updated",
        T0,
        &subscription(shape, price, more),
        previous,
    )
}

fn changed_from(shape: Shape, price: &str) -> Value {
    json!({ "items": { "data": [item(shape, price)] } })
}

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
        assert_eq!(said(&price).warnings[0].code.name(), "unknown_price");
        let product = updated(shape, "other", &json!({}), &Value::Null);
        assert_eq!(profile(&product).get("plan_name"), None);
        assert_eq!(said(&product).warnings[0].code.name(), "unknown_plan");
    }
    let unknown = webhook("evt_9", "customer.tax_id.created", T0, &json!({}), &Value::Null);
    assert_eq!(
        (said(&unknown).events.as_str(), said(&unknown).warnings[0].code.name()),
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
    let nobody = stripe::say(
        &updated(Shape::Since, "solo_m", &json!({}), &Value::Null).to_string(),
        r#"{"organization":false,"plans":[]}"#,
    );
    assert!(nobody.events.contains("unverified_group"));
}

/// The year of one subscription, with ties: everything Stripe says in one second.
fn year(shape: Shape) -> Vec<Value> {
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
            &sub("maker_m", json!({ "status": "past_due" })),
            &json!({ "status": "active" }),
        ),
        webhook(
            "evt_c1",
            updated,
            T0 + 300,
            &sub("maker_m", json!({})),
            &json!({ "status": "past_due" }),
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

fn ordered(webhook: &Value) -> String {
    events(webhook).last().expect("a profile").to_string()
}

#[test]
fn the_year_ends_where_it_should() {
    for shape in SHAPES {
        let inputs: Vec<String> = year(shape).iter().map(ordered).collect();
        let refs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let folded = profiles::fold(&refs);
        assert_eq!(folded.len(), 1);
        let last: Value = serde_json::from_str(&folded[0]).expect("an input");
        assert_eq!(
            (&last["properties"]["plan_name"], &last["order"]["id"]),
            (&json!("Maker"), &json!("evt_q1"))
        );
    }
}

#[test]
fn the_end_of_an_old_subscription_does_not_end_a_new_one() {
    let old = |kind: &str, at: i64, status: &str| {
        let object =
            subscription(Shape::Since, "solo_m", &json!({ "id": "sub_old", "status": status }));
        ordered(&webhook(
            &format!("evt_{kind}_{at}"),
            &format!("customer.subscription.{kind}"),
            at,
            &object,
            &Value::Null,
        ))
    };
    let object = subscription(Shape::Since, "maker_m", &json!({ "id": "sub_new" }));
    let new =
        ordered(&webhook("evt_new", "customer.subscription.created", T0, &object, &Value::Null));
    let late = old("deleted", T0 + 10, "canceled");
    for order in [[&late, &new], [&new, &late]] {
        let folded = profiles::fold(&order.map(String::as_str));
        assert!(folded[0].contains("\"plan_name\":\"Maker\""), "{}", folded[0]);
    }
    // Where none goes on, the last word counts.
    let ended = old("deleted", T0 + 20, "canceled");
    let folded = profiles::fold(&[&ended, &late]);
    assert!(folded[0].contains("evt_deleted_1750000020"));
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

#[test]
fn folding_leaves_everything_else_alone() {
    let inputs = [
        r#"{"kind":"capture","event":"a"}"#,
        r#"{"kind":"group_identify","group":["organization","o1"],"properties":{}}"#,
    ];
    assert_eq!(profiles::fold(&inputs), inputs);
}

#[cfg(not(target_arch = "wasm32"))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        /// Any prefix of any order, with any duplicates, holds what all that has arrived comes to.
        #[test]
        fn every_order_of_arrival_ends_in_the_same_profile(
            shuffled in Just((0..12).chain(0..12).collect::<Vec<usize>>()).prop_shuffle(),
            seen in 1_usize..24,
            since in any::<bool>(),
        ) {
            let inputs: Vec<String> = year(if since { Shape::Since } else { Shape::Before }).iter().map(ordered).collect();
            let arrived = &shuffled[..seen];
            let mut mark: Option<String> = None;
            let mut held = String::new();
            for place in arrived {
                let advanced = profiles::advance(mark.as_deref(), &inputs[*place]).expect("a profile");
                (mark, held) = (Some(advanced.mark), advanced.input);
            }
            let in_order: Vec<&str> = (0..12).filter(|place| arrived.contains(place)).map(|place| inputs[place].as_str()).collect();
            prop_assert_eq!(profiles::fold(&in_order), vec![held.clone()]);
            prop_assert_eq!(profiles::newest(&mark.expect("a mark")), Some(held));
        }

        /// Whatever Stripe or anybody else sends, something is said and nothing breaks.
        #[test]
        fn any_webhook_is_survived(text in any::<String>(), kind in "customer\\.subscription\\.(created|updated|deleted)|invoice\\.upcoming", id in any::<String>()) {
            let odd = json!({ "id": id, "type": kind, "created": T0, "data": { "object": { "items": text, "status": 7 }, "previous_attributes": { "items": { "data": [text] } } } });
            for webhook in [odd.to_string(), text.clone()] {
                let said = stripe::say(&webhook, &context().to_string());
                prop_assert!(serde_json::from_str::<Vec<Value>>(&said.events).is_ok());
            }
            let _ = profiles::advance(Some(&text), &text);
        }
    }

    /// Stripe's own published resources, where they are at hand: each in every webhook of its kind.
    #[test]
    fn stripes_own_resources_are_understood() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/stripe");
        let Ok(files) = std::fs::read_dir(folder) else { return };
        let mut read = 0;
        for file in files
            .filter_map(Result::ok)
            .filter(|file| file.path().extension().is_some_and(|end| end == "json"))
        {
            read += 1;
            let text = std::fs::read_to_string(file.path()).expect("a file");
            let resources: Value = serde_json::from_str(&text).expect("JSON");
            for (resource, kinds) in [
                (
                    "subscription",
                    &[
                        "customer.subscription.created",
                        "customer.subscription.updated",
                        "customer.subscription.deleted",
                    ][..],
                ),
                ("invoice", &["invoice.upcoming", "invoice.payment_failed"][..]),
                ("charge", &["charge.failed"][..]),
                ("payment_method", &["payment_method.attached"][..]),
                ("card", &["customer.source.created", "customer.source.expiring"][..]),
                ("checkout.session", &["checkout.session.completed"][..]),
            ] {
                let object = &resources[resource];
                assert!(object.is_object(), "{resource} in {}", file.path().display());
                for kind in kinds {
                    let item = &object["items"]["data"][0];
                    let price = if item["price"]["id"].is_string() {
                        &item["price"]
                    } else {
                        &item["plan"]
                    };
                    let context = json!({ "organization": ["organization", "o1"], "plans": [
                        { "name": "Solo", "product": price["product"].as_str().unwrap_or("none"), "monthlyPriceId": price["id"] }] });
                    let said = stripe::say(
                        &webhook("evt", kind, T0, object, &Value::Null).to_string(),
                        &context.to_string(),
                    );
                    let events: Vec<Value> = serde_json::from_str(&said.events).expect("events");
                    assert!(
                        !events.is_empty() && events.iter().all(|event| event["kind"] != "refused"),
                        "{kind} {events:?}"
                    );
                    if resource == "subscription" {
                        let profile = &events.last().expect("a profile")["properties"];
                        assert_eq!(
                            (&profile["plan_name"], &profile["plan_type"]),
                            (&json!("Solo"), &json!("monthly")),
                            "{}",
                            file.path().display()
                        );
                        assert_eq!(profile["subscription_status"], object["status"]);
                    }
                }
            }
        }
        assert_eq!(read, 3, "the three dates");
    }
}
