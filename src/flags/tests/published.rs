//! What PostHog publishes about hashing and variants.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

fn flag(key: &str, filters: &str, id: &str) -> Is {
    let text = format!(
        r#"{{"flags":[{{"key":"{key}","active":true,"filters":{filters}}}],"group_type_mapping":{{"0":"org"}}}}"#
    );
    all(&text, &format!(r#"{{"distinctId":"{id}"}}"#)).swap_remove(0).1
}

#[test]
fn rollouts() {
    let rollout = |key, percentage: &str, id| {
        flag(key, &format!(r#"{{"groups":[{{"rollout_percentage":{percentage}}}]}}"#), id)
    };
    assert_eq!(rollout("beta-ui", "1.2", "user-123"), Off);
    assert_eq!(rollout("beta-ui", "1.3", "user-123"), On);
    assert_eq!(rollout("beta-search", "0", "user-17"), Off);
    assert_eq!(rollout("beta-search", "1", "user-17"), On);
    assert_eq!(rollout("beta-search-rollout", "28", "user-105"), Off);
    assert_eq!(rollout("beta-search-rollout", "29", "user-105"), On);
    assert_eq!(rollout("beta-search-rollout", "25.5", "user-61"), On);
    assert_eq!(rollout("beta-search", "null", "user-17"), On);
}

#[test]
fn variants() {
    let filters = r#"{"groups":[{}],"multivariate":{"variants":[
        {"key":"control","rollout_percentage":33.33},{"key":"b","rollout_percentage":33.33},{"key":"c","rollout_percentage":33.34}]}}"#;
    assert_eq!(flag("checkout", filters, "user-1"), Variant("b"));
    assert_eq!(flag("checkout", filters, "user-3"), Variant("control"));
    let filters = r#"{"groups":[{}],"multivariate":{"variants":[
        {"key":"control","rollout_percentage":50},{"key":"compact","rollout_percentage":25},{"key":"spacious","rollout_percentage":25}]}}"#;
    assert_eq!(flag("checkout-layout", filters, "user-61"), Variant("compact"));
    // None is wide enough for them.
    let filters =
        r#"{"groups":[{}],"multivariate":{"variants":[{"key":"a","rollout_percentage":1}]}}"#;
    assert_eq!(flag("checkout", filters, "user-1"), On);
}

#[test]
fn holdouts() {
    let holdout = |percentage: u32| {
        let filters = format!(
            r#"{{"groups":[{{}}],"holdout":{{"id":7,"exclusion_percentage":{percentage}}}}}"#
        );
        flag("any", &filters, "user-31")
    };
    assert_eq!(holdout(10), Variant("holdout-7"));
    assert_eq!(holdout(1), On);
    assert_eq!(holdout(250), Variant("holdout-7"));
}
