//! What holds for every order and every input.

use posthog_wasm::domain::{profiles, stripe};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::webhooks::*;

/// What one update says, as [`ended`] and [`going_on`] make them.
#[derive(Clone, Debug)]
struct Fact {
    subject: usize,
    at: i64,
    id: String,
    stage: u8,
    input: String,
}

fn fact(subject: usize, at: i64, name: &str, stage: u8) -> Fact {
    let (kind, status) = match stage {
        0 => ("created", "active"),
        1 => ("updated", "active"),
        2 => ("updated", "incomplete_expired"),
        _ => ("deleted", "canceled"),
    };
    let id = format!("evt_{name}_{subject}_{at}");
    let object = subscription(
        Shape::Since,
        "solo_m",
        &json!({ "id": format!("sub_{subject:03}"), "status": status }),
    );
    let kind = format!("customer.subscription.{kind}");
    let input = ordered(&webhook(&id, &kind, T0 + at, &object, &Value::Null));
    Fact { subject, at, id, stage, input }
}

/// The profile that holds, told from all facts at once and without a mark.
fn holds(facts: &[Fact]) -> String {
    let mut subjects: Vec<usize> = facts.iter().map(|fact| fact.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let last = subjects.iter().map(|subject| {
        let own = facts.iter().filter(|fact| fact.subject == *subject);
        own.max_by_key(|fact| (fact.at, fact.stage, fact.id.clone())).expect("a fact")
    });
    last.max_by_key(|fact| (fact.stage < 2, fact.at, fact.stage, fact.subject))
        .expect("a fact")
        .input
        .clone()
}

/// Created, sometimes updated, and ended in one of two ways; some of it in the same second.
fn lives(count: usize, until: i64) -> impl Strategy<Value = Vec<Fact>> {
    let one = (0..until, 0..3_i64, 0..3_i64, 2..4_u8);
    prop::collection::vec(one, count).prop_map(|lives| {
        let mut facts = Vec::new();
        for (subject, (at, first, second, end)) in lives.into_iter().enumerate() {
            facts.push(fact(subject, at, "c", 0));
            facts.push(fact(subject, at + first, "u", 1));
            facts.push(fact(subject, at + first + second, "e", end));
        }
        facts
    })
}

/// One after the other into a mark, as a store keeps it.
fn stored(facts: &[Fact]) -> (String, String) {
    let mut mark: Option<String> = None;
    let mut held = String::new();
    for fact in facts {
        let advanced = profiles::merge_profile(mark.as_deref(), &fact.input).expect("a profile");
        // A second delivery changes nothing.
        let again = profiles::merge_profile(Some(&advanced.mark), &fact.input).expect("a profile");
        assert_eq!(advanced, again);
        (mark, held) = (Some(advanced.mark), advanced.input);
    }
    (mark.expect("a mark"), held)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20) })]

    /// Up to fifty subscriptions that end, and some that go on, wherever they lie: any order ends in
    /// the profile that the whole history tells.
    #[test]
    fn many_subscriptions_in_any_order(
        (facts, shuffled) in (0_usize..=50, 0_usize..4).prop_flat_map(|(ended, live)| {
            let going = prop::collection::vec(0..40_i64, if ended == 0 { 1 } else { live });
            (lives(ended, 40), going).prop_map(|(mut facts, going)| {
                for (place, at) in going.into_iter().enumerate() {
                    facts.push(fact(900 + place, at, "c", 0));
                }
                facts
            })
        }).prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle())),
    ) {
        let expected = holds(&facts);
        let (mark, held) = stored(&shuffled);
        prop_assert_eq!(&held, &expected);
        prop_assert_eq!(profiles::latest_profile("organization:o1", &mark), Some(expected.clone()));
        let inputs: Vec<&str> = shuffled.iter().map(|fact| fact.input.as_str()).collect();
        prop_assert_eq!(profiles::fold(&inputs), vec![expected]);
        // The mark is a function of the set as well.
        prop_assert_eq!(mark, stored(&facts).0);
    }

    /// Beyond fifty the same holds where none goes on, or the one that does is newer.
    #[test]
    fn sixty_ended_subscriptions_in_any_order(
        (facts, shuffled) in (51_usize..=60, any::<bool>()).prop_flat_map(|(ended, live)| {
            lives(ended, 30).prop_map(move |mut facts| {
                if live {
                    facts.push(fact(900, 5, "c", 0));
                    facts.push(fact(900, 40, "u", 1));
                }
                facts
            })
        }).prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle())),
    ) {
        let (mark, held) = stored(&shuffled);
        prop_assert_eq!(&held, &holds(&facts));
        prop_assert!(mark.len() < 10_000, "{} characters", mark.len());
    }
}

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
        prop_assert_eq!(profiles::latest_profile("organization:o1", &mark.expect("a mark")), Some(held));
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
