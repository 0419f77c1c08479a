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
        // An order that is none says nothing about others.
        r#"{"kind":"group_identify","group":["organization","o1"],"properties":{},"order":{"at":1}}"#,
        r#"{"kind":"group_identify","group":["organization","o1"],"properties":{},"order":7}"#,
    ];
    assert_eq!(profiles::fold(&inputs), inputs);
}

fn of_subscription(subject: &str, kind: &str, at: i64) -> String {
    let status = if kind == "deleted" { "canceled" } else { "active" };
    let object = subscription(Shape::Since, "solo_m", &json!({ "id": subject, "status": status }));
    let kind = format!("customer.subscription.{kind}");
    ordered(&webhook(&format!("evt_1MowQVLkdIwHu7ixraBm{at}"), &kind, at, &object, &Value::Null))
}

/// Two hundred subscriptions, one after the other, and one that goes on.
#[test]
fn a_mark_does_not_grow_with_what_has_ended() {
    let going = of_subscription("sub_going", "created", T0 + 1_000_000);
    let mut mark = profiles::merge_profile(None, &going).expect("a profile").mark;
    for number in 0..200 {
        let subject = format!("sub_1MowQVLkdIwHu7ixraBmZ{number:03}");
        for (kind, at) in [("created", 0), ("deleted", 60)] {
            let input = of_subscription(&subject, kind, T0 + number * 100 + at);
            let advanced = profiles::merge_profile(Some(&mark), &input).expect("a profile");
            assert_eq!(advanced.input, going);
            mark = advanced.mark;
        }
    }
    println!("{} characters after 200 ended subscriptions", mark.len());
    assert!(mark.len() < 10_000, "{} characters", mark.len());
    // What has ended stays so, whatever of it arrives again; what ended before the floor as well.
    for number in [0, 100, 199] {
        let subject = format!("sub_1MowQVLkdIwHu7ixraBmZ{number:03}");
        let late = of_subscription(&subject, "created", T0 + number * 100);
        let advanced = profiles::merge_profile(Some(&mark), &late).expect("a profile");
        assert_eq!((&advanced.mark, &advanced.input), (&mark, &going), "{number}");
    }
    // The last one ends too: its profile holds.
    let end = of_subscription("sub_going", "deleted", T0 + 1_000_001);
    assert_eq!(profiles::merge_profile(Some(&mark), &end).expect("a profile").input, end);
}

/// Nor does it grow with subscriptions whose end never arrives: the newest hundred are kept.
#[test]
fn a_mark_does_not_grow_with_what_goes_on() {
    let inputs: Vec<String> = (0..150)
        .map(|number| of_subscription(&format!("sub_{number}"), "created", T0 + number))
        .collect();
    let in_order: Vec<&String> = inputs.iter().collect();
    let reversed: Vec<&String> = inputs.iter().rev().collect();
    for order in [in_order, reversed] {
        let mut mark = None;
        for input in order {
            mark = profiles::merge_profile(mark.as_deref(), input).map(|advanced| advanced.mark);
        }
        let mark = mark.expect("a mark");
        let kept: Vec<Value> = serde_json::from_str(&mark).expect("JSON");
        assert_eq!(kept.iter().filter(|one| one.get("order").is_some()).count(), 100);
        assert_eq!(profiles::latest_profile("organization:o1", &mark).as_ref(), inputs.last());
    }
}

/// However many updates one second has, a mark keeps 32 of them, whatever their order.
#[test]
fn a_second_has_a_bound() {
    let inputs: Vec<String> = (0..100)
        .map(|number| {
            let object = subscription(Shape::Since, "solo_m", &json!({}));
            let id = format!("evt_{:03}", number * 37 % 100);
            ordered(&webhook(&id, "customer.subscription.updated", T0, &object, &Value::Null))
        })
        .collect();
    let marks = [inputs.clone(), inputs.into_iter().rev().collect::<Vec<_>>()].map(|inputs| {
        let mut mark = None;
        for input in &inputs {
            mark = profiles::merge_profile(mark.as_deref(), input).map(|advanced| advanced.mark);
        }
        mark.expect("a mark")
    });
    assert_eq!(marks[0], marks[1]);
    let kept: Vec<Value> = serde_json::from_str(&marks[0]).expect("JSON");
    assert_eq!(kept.len(), 32);
    let newest = profiles::latest_profile("organization:o1", &marks[0]).expect("an input");
    assert!(newest.contains("evt_099"), "{newest}");
}

/// What ends a subscription is the last of its second, whatever the webhooks' ids say.
#[test]
fn nothing_comes_after_the_end_within_a_second() {
    let over = |id: &str, status: &str| {
        let object = subscription(Shape::Since, "solo_m", &json!({ "status": status }));
        ordered(&webhook(id, "customer.subscription.updated", T0, &object, &Value::Null))
    };
    let (end, other) = (over("evt_a", "incomplete_expired"), over("evt_b", "incomplete"));
    for order in [[&end, &other], [&other, &end]] {
        assert_eq!(profiles::fold(&order.map(String::as_str)), std::slice::from_ref(&end));
    }
}

/// A store that mixes up its keys, or that somebody else writes to.
#[test]
fn a_mark_is_believed_for_its_own_key_only() {
    let own = of_subscription("sub_own", "created", T0);
    let other = of_subscription("sub_other", "created", T0 + 10).replace("\"o1\"", "\"o2\"");
    assert_eq!(profiles::mark_key(&other).as_deref(), Some("organization:o2"));
    let fresh = profiles::merge_profile(None, &own).expect("a profile");
    let foreign = profiles::merge_profile(None, &other).expect("a profile").mark;
    assert_eq!(profiles::merge_profile(Some(&foreign), &own).as_ref(), Some(&fresh));
    assert_eq!(profiles::latest_profile("organization:o1", &foreign), None);
    assert_eq!(profiles::latest_profile("organization:o2", &foreign), Some(other.clone()));
    // What has ended is another group's too.
    let mut ended = None;
    for number in 0..60 {
        let input = of_subscription(&format!("sub_{number}"), "deleted", T0 + 100 + number)
            .replace("\"o1\"", "\"o2\"");
        ended = profiles::merge_profile(ended.as_deref(), &input).map(|advanced| advanced.mark);
    }
    let ended = ended.expect("a mark");
    assert!(ended.contains("\"floor\""), "{ended}");
    assert_eq!(profiles::merge_profile(Some(&ended), &own).as_ref(), Some(&fresh));
    // Nor is anything else an update: another kind, an order that is none, no JSON.
    for stored in [
        own.replace("group_identify", "capture"),
        own.replace("\"rank\":0", "\"rank\":9"),
        own.replace("\"at\":", "\"at\":\"x\",\"was\":"),
        "7".to_owned(),
        "null,[],{}".to_owned(),
        "{".to_owned(),
        r#"{"key":"organization:o1","ended":[["sub_own",9999999999999,1]],"floor":[]}"#.to_owned(),
    ] {
        let stored = format!("[{stored}]");
        assert_eq!(profiles::merge_profile(Some(&stored), &own).as_ref(), Some(&fresh), "{stored}");
        assert_eq!(profiles::latest_profile("organization:o1", &stored), None, "{stored}");
    }
}

#[test]
fn two_groups_have_two_keys() {
    let key = |kind: &str, key: &str| {
        let input = json!({ "kind": "group_identify", "group": [kind, key], "order": {} });
        profiles::mark_key(&input.to_string()).expect("a key")
    };
    assert_eq!(key("organization", "o:1%3A"), "organization:o:1%3A");
    assert_ne!(key("a:b", "c"), key("a", "b:c"));
    assert_ne!(key("a%3Ab", "c"), key("a:b", "c"));
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
    let newest = profiles::latest_profile("organization:o1", &advanced.mark).expect("an input");
    assert_eq!(newest, advanced.input);
    assert!(newest.contains(&format!("evt_{}", T0 + 10)), "{newest}");
    // What was in the store goes on as one line, for it crosses as one.
    let held = profiles::latest_profile("organization:o1", &pretty).expect("an input");
    assert!(held.contains(&format!("evt_{T0}")) && !held.contains('\n'), "{held}");
    assert_eq!(
        serde_json::from_str::<Value>(&held).expect("JSON"),
        serde_json::from_str::<Value>(&first).expect("JSON")
    );
}
