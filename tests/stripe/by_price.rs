//! What a subscription's webhook means with `planChanges: "price"`.

use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::webhooks::*;

fn reading() -> Value {
    json!({ "planChanges": "price" })
}

fn by_price(webhook: &Value) -> Vec<Value> {
    events_with(webhook, &reading())
}

#[test]
fn a_subscription_begins() {
    for shape in SHAPES {
        let object = subscription(shape, "solo_m", &json!({ "status": "trialing" }));
        let created = webhook("evt_1", "customer.subscription.created", T0, &object, &Value::Null);
        assert_eq!(names(&by_price(&created)), ["User subscribe", "profile"]);
        let event = &by_price(&created)[0];
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
            profile(&by_price(&created)),
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
                names(&by_price(&change)),
                [event, "User update subscribe", "profile"],
                "{from} → {to}"
            );
            assert_eq!(
                profile(&by_price(&change))["subscription_status_name"],
                name,
                "{from} → {to}"
            );
        }
        let same = updated(shape, "solo_m", &json!({}), &changed_from(shape, "solo_m"));
        assert_eq!(names(&by_price(&same)), ["User update subscribe", "profile"]);
        let change = updated(shape, "maker_m", &json!({}), &changed_from(shape, "solo_y"));
        assert_eq!(
            by_price(&change)[0]["properties"],
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
            assert_eq!(names(&by_price(&update)), expected, "{status}");
            assert_eq!(profile(&by_price(&update))["subscription_status"], status);
            assert_eq!(profile(&by_price(&update))["plan_status"], "updated");
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
        assert_eq!(
            profile(&by_price(&planned))["cancel_at"],
            "2025-06-15T15:08:19.000Z",
            "{shape:?}"
        );
        assert_eq!(profile(&by_price(&planned))["canceled_at"], "2025-06-15T15:06:35.000Z");
        let withdrawn =
            updated(shape, "solo_m", &json!({}), &json!({ "cancel_at_period_end": true }));
        let whole = by_price(&withdrawn).last().expect("a profile")["properties"].clone();
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
        assert_eq!(names(&by_price(&done)), ["User cancel", "profile"]);
        assert_eq!(by_price(&done)[0]["properties"], json!({ "channel": "usage" }));
        assert_eq!(
            profile(&by_price(&done)),
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
        assert_eq!(profile(&by_price(&price)).get("plan_type"), None);
        assert_eq!(profile(&by_price(&price))["plan_name"], "Maker");
        assert_eq!(to_events_with(&price, &reading()).warnings[0].code.name(), "unknown_price");
        let product = updated(shape, "other", &json!({}), &Value::Null);
        assert_eq!(profile(&by_price(&product)).get("plan_name"), None);
        assert_eq!(to_events_with(&product, &reading()).warnings[0].code.name(), "unknown_plan");
    }
}

#[test]
fn an_add_on_is_no_plan() {
    for shape in SHAPES {
        let with = |price: &str| json!({ "items": { "data": [item(shape, "addon"), item(shape, price)] } });
        let upgrade = updated(shape, "solo_m", &with("maker_m"), &with("solo_m"));
        assert_eq!(
            names(&by_price(&upgrade)),
            ["User Upgraded", "User update subscribe", "profile"]
        );
        assert_eq!(profile(&by_price(&upgrade))["plan_name"], "Maker");
        let reordered =
            json!({ "items": { "data": [item(shape, "maker_m"), item(shape, "addon")] } });
        let same = updated(shape, "solo_m", &reordered, &with("maker_m"));
        assert_eq!(names(&by_price(&same)), ["User update subscribe", "profile"]);
    }
}

#[test]
fn amounts_are_compared_where_they_can_be() {
    let shape = Shape::Since;
    let mut yen = item(shape, "solo_m");
    yen["price"]["currency"] = json!("jpy");
    let change = updated(shape, "maker_m", &json!({}), &json!({ "items": { "data": [yen] } }));
    assert_eq!(names(&by_price(&change))[0], "User Plan Changed");
    let mut decimal = item(shape, "maker_m");
    decimal["price"]["unit_amount"] = Value::Null;
    decimal["price"]["unit_amount_decimal"] = json!("3900.5");
    let items = json!({ "items": { "data": [decimal] } });
    assert_eq!(
        names(&by_price(&updated(shape, "solo_m", &items, &changed_from(shape, "solo_m"))))[0],
        "User Upgraded"
    );
}

#[test]
fn its_messages_are_named_as_they_were() {
    for shape in SHAPES {
        for (price, data, name) in [
            ("solo_y", json!({ "plan_name": "Solo", "plan_type": "yearly" }), "yearly:Solo"),
            ("maker_old", json!({ "plan_name": "Maker" }), "unknown:Maker"),
            ("other", json!({}), "unknown:unknown"),
        ] {
            let change = updated(shape, price, &json!({}), &changed_from(shape, "solo_m"));
            let events = by_price(&change);
            let [changed, updated, _] = &events[..] else { panic!("{events:?}") };
            assert_eq!(changed["notification"]["event"], "user:plan_change");
            assert_eq!(updated["notification"]["data"], data);
            let message = format!("user:subscribe_updated:{name}");
            assert_eq!(updated["notification"]["uniqId"], format!("subscription:{message}"));
            assert_eq!(
                updated["notification"]["event"],
                message.rsplit_once(':').expect("a plan").0
            );
        }
    }
}
