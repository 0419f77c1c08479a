//! Groups' profiles that PostHog has already.

use super::*;
use crate::delivery::batch::{Gathered, deliver_all};
use crate::event::time::Timestamp;

const NOW: &str = "2026-01-02T03:04:05Z";

fn options() -> ClientOptions {
    let text =
        r#"{"apiKey":"phc_key","host":"https://h","maxRetries":0,"skipUnchangedGroups":true}"#;
    ClientOptions::read(text).expect("options")
}

fn profile(group: &str, properties: &str) -> Input<'static> {
    let text = format!(
        r#"{{"kind":"group_identify","group":["organization","{group}"],"properties":{{{properties}}}}}"#
    );
    Input::from_owned(Tag::Track, text)
}

fn world(status: u16) -> Rc<World> {
    Rc::new(World::new([Server::Answers(status, 1)]))
}

/// Sends these in a world that answers this: the outcome, and how many events PostHog was sent.
fn sent(options: &ClientOptions, status: u16, inputs: Vec<Input<'static>>) -> (Outcome, usize) {
    let world = world(status);
    let call = CallOptions::new(options);
    let outcome = world.run(deliver(&world, options, &call, inputs, None)).0;
    let sent = world.sent.borrow();
    // LogSnag has no batches.
    let batches = sent.iter().filter(|(_, body)| body.contains("\"batch\":["));
    let events = batches.map(|(_, body)| body.matches("\"$groupidentify\"").count()).sum();
    (outcome, events)
}

fn statuses(outcome: &Outcome) -> Vec<Status> {
    outcome.events.iter().map(|event| event.status).collect()
}

#[test]
fn the_same_profile_is_sent_once() {
    let options = options();
    let one = || vec![profile("o1", r#""plan":"Solo","seats":{"a":1,"b":2}"#)];
    let (outcome, events) = sent(&options, 200, one());
    assert_eq!((outcome.worst.status, events), (Status::Accepted, 1));
    let (outcome, events) = sent(&options, 200, one());
    assert_eq!(
        (outcome.worst.status, outcome.worst.reason, events),
        (Status::Skipped, Some("unchanged"), 0)
    );
    assert_eq!(statuses(&outcome), [Status::Skipped]);
    assert!(!outcome.events[0].uuid.is_empty());
    for (again, properties, group) in [
        (0, r#""seats":{"a":1,"b":2},"plan":"Solo""#, "o1"),
        // What is in a property is compared as it is written.
        (1, r#""plan":"Solo","seats":{"b":2,"a":1}"#, "o1"),
        (1, r#""plan":"Maker""#, "o1"),
        (1, r#""plan":"Solo""#, "o1"),
        // Nor do names and values run into each other.
        (1, r#""a":1,"b":2"#, "o1"),
        (1, r#""a1b":2"#, "o1"),
        (1, r#""plan":"Solo","seats":{"a":1,"b":2}"#, "o2"),
    ] {
        assert_eq!(sent(&options, 200, vec![profile(group, properties)]).1, again, "{properties}");
    }
    // Another client has not sent it.
    assert_eq!(sent(&self::options(), 200, one()).1, 1);
    // Nobody asked for it.
    let plain = super::options(5_000, 0);
    assert_eq!([sent(&plain, 200, one()).1, sent(&plain, 200, one()).1], [1, 1]);
}

#[test]
fn what_was_not_accepted_is_sent_again() {
    for status in [400, 401, 503] {
        let options = options();
        let one = || vec![profile("o1", r#""plan":"Solo""#)];
        assert_eq!(sent(&options, status, one()).1, 1, "{status}");
        assert_eq!(sent(&options, 200, one()).1, 1, "{status}");
        // And what was accepted before it is in doubt.
        assert_eq!(sent(&options, status, vec![profile("o1", r#""plan":"Maker""#)]).1, 1);
        assert_eq!(sent(&options, 200, one()).1, 1, "{status}");
        assert_eq!(sent(&options, 200, one()).1, 0, "{status}");
    }
}

#[test]
fn the_other_events_of_a_call_are_sent() {
    let options = options();
    let all = || {
        let mut inputs = events(1);
        inputs.insert(0, profile("o1", r#""plan":"Solo""#));
        inputs
    };
    sent(&options, 200, all());
    let (outcome, events) = sent(&options, 200, all());
    assert_eq!((outcome.worst.status, outcome.worst.ok, events), (Status::Accepted, true, 0));
    assert_eq!(statuses(&outcome), [Status::Skipped, Status::Accepted]);
}

#[test]
fn of_several_in_one_call_the_last_counts() {
    let options = options();
    let (a, b) = (r#""plan":"A""#, r#""plan":"B""#);
    let profiles = |all: &[&str]| all.iter().map(|plan| profile("o1", plan)).collect::<Vec<_>>();
    for (plans, events) in [
        (vec![a, b], 2),
        (vec![b], 0),
        // The first differs, so the second brings it back.
        (vec![a, b], 2),
        (vec![b, b], 0),
        (vec![b, a], 1),
        (vec![a], 0),
    ] {
        assert_eq!(sent(&options, 200, profiles(&plans)).1, events, "{plans:?}");
    }
}

#[test]
fn after_six_hours_it_is_sent_once_more() {
    let options = options();
    let world = world(200);
    let call = CallOptions::new(&options);
    let begin = Timestamp::parse(NOW).expect("a time").millis();
    let sent = |minutes: i64| {
        let before = world.sent.borrow().len();
        let at = Timestamp::from_millis(begin + minutes * 60_000).expect("a time");
        let inputs = vec![profile("o1", r#""plan":"Solo""#)];
        let calls = vec![Gathered { at, inputs, exception: None }];
        world.now.set(0);
        world.run(deliver_all(&world, &options, &call, calls));
        world.sent.borrow().len() - before
    };
    // The clock goes backwards in the end.
    for (minutes, events) in
        [(0, 1), (1, 0), (359, 0), (360, 1), (361, 0), (719, 0), (60, 1), (61, 0)]
    {
        assert_eq!(sent(minutes), events, "{minutes}");
    }
}

#[test]
fn the_groups_that_are_remembered_are_bounded() {
    let options = options();
    let range = |from: usize, to: usize| {
        (from..to).map(|at| profile(&format!("o{at}"), r#""plan":"Solo""#)).collect::<Vec<_>>()
    };
    assert_eq!(sent(&options, 200, range(0, 256)).1, 256);
    assert_eq!(sent(&options, 200, range(0, 1)).1, 0);
    // The one that was not used for longest goes.
    assert_eq!(sent(&options, 200, range(256, 257)).1, 1);
    assert_eq!(sent(&options, 200, range(0, 1)).1, 0);
    assert_eq!(sent(&options, 200, range(1, 2)).1, 1);
    // More than all of them in one call are sent, and remembered as far as there is room.
    assert_eq!(sent(&options, 200, range(1000, 1300)).1, 300);
    assert_eq!(sent(&options, 200, range(1000, 1300)).1, 44);
}

#[test]
fn calls_of_one_request_are_told_apart() {
    let options = options();
    let world = world(200);
    let gathered = |plan: &str| Gathered {
        at: Timestamp::parse(NOW).expect("a time"),
        inputs: vec![profile("o1", &format!(r#""plan":"{plan}""#))],
        exception: None,
    };
    let call = CallOptions::new(&options);
    let run = |calls| {
        let outcomes = world.run(deliver_all(&world, &options, &call, calls)).0;
        outcomes.iter().map(|outcome| outcome.worst.status).collect::<Vec<_>>()
    };
    // Two calls at once: which of them PostHog has in the end is not known.
    assert_eq!(run(vec![gathered("A"), gathered("B")]), [Status::Accepted; 2]);
    assert_eq!(run(vec![gathered("B")]), [Status::Accepted]);
    assert_eq!(run(vec![gathered("B"), gathered("B")]), [Status::Skipped; 2]);
}

#[test]
fn what_is_announced_is_sent() {
    let text = r#"{"apiKey":"phc_key","host":"https://h","skipUnchangedGroups":true,"logsnag":{"token":"t","project":"p"}}"#;
    let options = ClientOptions::read(text).expect("options");
    let told = || {
        let text = r#"{"kind":"group_identify","group":["organization","o1"],"properties":{},"channel":"c"}"#;
        vec![Input::from_text(Tag::Track, text)]
    };
    assert_eq!([sent(&options, 200, told()).1, sent(&options, 200, told()).1], [1, 1]);
    assert_eq!(sent(&options, 200, vec![profile("o1", "")]).1, 0);
}

#[test]
fn stores_do_not_go_with_it() {
    let options = options();
    let plain = CallOptions::new(&options);
    for call in [
        CallOptions { profile_store: true, ..plain },
        CallOptions { outbox: Some(Write::Only), ..plain },
        CallOptions { outbox: Some(Write::OnFailure), ..plain },
    ] {
        let world = world(200);
        let outcome = world.run(deliver(&world, &options, &call, events(1), None)).0;
        let error = outcome.error.expect("a mistake");
        assert_eq!(
            (outcome.worst.status, error.field.as_ref()),
            (Status::Invalid, "skipUnchangedGroups")
        );
        let calls = vec![Gathered { at: Timestamp::EPOCH, inputs: events(1), exception: None }];
        let outcomes = world.run(deliver_all(&world, &options, &call, calls)).0;
        assert_eq!(outcomes[0].worst.status, Status::Invalid);
        assert!(world.sent.borrow().is_empty() && world.told.borrow().is_empty());
    }
}

#[test]
fn a_drain_may_have_brought_an_older_one() {
    let options = options();
    let one = || vec![profile("o1", r#""plan":"Solo""#)];
    sent(&options, 200, one());
    drained(&world(200), &options, &CallOptions::new(&options));
    assert_eq!([sent(&options, 200, one()).1, sent(&options, 200, one()).1], [1, 0]);
}
