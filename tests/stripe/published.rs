//! Stripe's own example resources.

use posthog_wasm::domain::stripe;
use serde_json::{Value, json};

use crate::webhooks::*;

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
                let price =
                    if item["price"]["id"].is_string() { &item["price"] } else { &item["plan"] };
                let context = json!({ "organization": ["organization", "o1"], "plans": [
                    { "name": "Solo", "product": price["product"].as_str().unwrap_or("none"), "monthlyPriceId": price["id"] }] });
                let said = stripe::to_events(
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
