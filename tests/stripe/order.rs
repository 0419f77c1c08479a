//! The order of arrival means nothing.

use posthog_wasm::domain::profiles;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::webhooks::*;

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
fn folding_leaves_everything_else_alone() {
    let inputs = [
        r#"{"kind":"capture","event":"a"}"#,
        r#"{"kind":"group_identify","group":["organization","o1"],"properties":{}}"#,
    ];
    assert_eq!(profiles::fold(&inputs), inputs);
}

#[test]
fn a_store_may_write_its_marks_as_it_likes() {
    let [first, last] = [T0, T0 + 10].map(|at| {
        let object = subscription(Shape::Since, "maker_m", &json!({}));
        let kind = if at == T0 { "created" } else { "updated" };
        let kind = format!("customer.subscription.{kind}");
        ordered(&webhook(&format!("evt_{at}"), &kind, at, &object, &Value::Null))
    });
    let mark = profiles::merge_profile(None, &first).expect("a profile").mark;
    let kept: Value = serde_json::from_str(&mark).expect("JSON");
    let pretty = serde_json::to_string_pretty(&kept).expect("text");
    assert!(pretty.contains('\n'));
    let advanced = profiles::merge_profile(Some(&pretty), &last).expect("a profile");
    let newest = profiles::latest_profile(&advanced.mark).expect("an input");
    assert_eq!(newest, advanced.input);
    assert!(newest.contains(&format!("evt_{}", T0 + 10)), "{newest}");
    // What was in the store goes on as one line, for it crosses as one.
    let held = profiles::latest_profile(&pretty).expect("an input");
    assert!(held.contains(&format!("evt_{T0}")) && !held.contains('\n'), "{held}");
    assert_eq!(
        serde_json::from_str::<Value>(&held).expect("JSON"),
        serde_json::from_str::<Value>(&first).expect("JSON")
    );
}
