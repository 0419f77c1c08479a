//! What holds for every order and every input.

use posthog_wasm::domain::{profiles, stripe};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::webhooks::*;

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
            let advanced = profiles::merge_profile(mark.as_deref(), &inputs[*place]).expect("a profile");
            (mark, held) = (Some(advanced.mark), advanced.input);
        }
        let in_order: Vec<&str> = (0..12).filter(|place| arrived.contains(place)).map(|place| inputs[place].as_str()).collect();
        prop_assert_eq!(profiles::fold(&in_order), vec![held.clone()]);
        prop_assert_eq!(profiles::latest_profile(&mark.expect("a mark")), Some(held));
    }

    /// Whatever Stripe or anybody else sends, something is said and nothing breaks.
    #[test]
    fn any_webhook_is_survived(text in any::<String>(), kind in "customer\\.subscription\\.(created|updated|deleted)|invoice\\.upcoming", id in any::<String>()) {
        let odd = json!({ "id": id, "type": kind, "created": T0, "data": { "object": { "items": text, "status": 7 }, "previous_attributes": { "items": { "data": [text] } } } });
        for webhook in [odd.to_string(), text.clone()] {
            let said = stripe::to_events(&webhook, &context().to_string());
            prop_assert!(serde_json::from_str::<Vec<Value>>(&said.events).is_ok());
        }
        let _ = profiles::merge_profile(Some(&text), &text);
    }
}
