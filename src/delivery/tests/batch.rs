//! Calls that leave together.

use super::*;
use crate::delivery::batch::{Gathered, deliver_all};
use crate::event::time::Timestamp;

const GOOD: &str = r#"{"event":"E0","distinctId":"u","nonsense":1}"#;
const BAD: &str = r#"{"event":"","distinctId":"u"}"#;

fn call(at: &str, texts: &[&str]) -> Gathered<'static> {
    let input = |text: &&str| Input::from_owned(Tag::Capture, (*text).to_owned());
    Gathered {
        at: Timestamp::parse(at).expect("a time"),
        inputs: texts.iter().map(input).collect(),
        exception: None,
    }
}

fn calls() -> Vec<Gathered<'static>> {
    vec![
        call("2026-01-02T03:04:05Z", &[GOOD]),
        call("2026-01-02T03:04:06Z", &[BAD]),
        call("2026-01-02T03:04:07Z", &[r#"{"event":"E1","distinctId":"u"}"#, GOOD, BAD]),
    ]
}

#[test]
fn calls_leave_in_one_request_and_each_has_its_own_outcome() {
    let world = Rc::new(World::new([Server::Answers(200, 20)]));
    let options = options(5_000, 3);
    let outcomes = world.run(deliver_all(&world, &options, &CallOptions::new(&options), calls())).0;
    let [one, two, three] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    assert_eq!((one.worst.status, one.events.len(), one.warnings.len()), (Status::Accepted, 1, 1));
    assert_eq!((two.worst.status, two.worst.attempts), (Status::Invalid, 0));
    assert_eq!(two.providers.posthog.status, Status::Skipped);
    let statuses: Vec<_> = three.events.iter().map(|event| event.status).collect();
    assert_eq!(statuses, [Status::Accepted, Status::Accepted, Status::Invalid]);
    assert_eq!(three.providers.posthog.status, Status::Accepted);
    let sent = world.sent.borrow();
    let [(_, body)] = sent.as_slice() else { panic!("{} requests", sent.len()) };
    // Each happened when it was said.
    let times: Vec<_> =
        ["05.000Z", "07.000Z"].map(|time| body.matches(&format!("03:04:{time}")).count()).into();
    assert_eq!(times, [1, 2]);
}

#[test]
fn what_one_request_meets_is_told_to_those_whose_events_were_in_it() {
    // PostHog refuses every request that has the second call's event in it.
    let judge = |body: &str| body.contains("\"E7\"").then_some(Server::TooLarge(1));
    let world =
        Rc::new(World { judge: Some(Box::new(judge)), ..World::new([Server::Answers(200, 1)]) });
    let options = options(5_000, 3);
    let at = "2026-01-02T03:04:05Z";
    let calls = vec![
        call(at, &[GOOD, GOOD]),
        call(at, &[r#"{"event":"E7","distinctId":"u"}"#]),
        call(at, &[GOOD]),
    ];
    let outcomes = world.run(deliver_all(&world, &options, &CallOptions::new(&options), calls)).0;
    let statuses: Vec<_> = outcomes.iter().map(|outcome| outcome.worst.status).collect();
    assert_eq!(statuses, [Status::Accepted, Status::Rejected, Status::Accepted]);
}

#[test]
fn a_batch_keeps_the_outbox_and_the_budget_of_a_call() {
    for reply in [Server::Hangs, Server::Answers(503, 20), Server::Drips(503), Server::Breaks(5)] {
        for (write, status) in [(Some(Write::OnFailure), Status::Queued), (None, Status::Failed)] {
            let world = Rc::new(World::new([reply]));
            let options = options(1_000, 1);
            let call = CallOptions { outbox: write, ..CallOptions::new(&options) };
            let outcomes = world.run(deliver_all(&world, &options, &call, calls())).0;
            holds(&world, 1_000, &format!("{reply:?}"));
            assert_eq!(outcomes.len(), 3);
            let first = outcomes[0].events[0].status;
            assert!(
                if write.is_some() { first == status } else { first > Status::Rejected },
                "{first:?}"
            );
            assert_eq!(outcomes[2].events[2].status, Status::Invalid);
        }
    }
}

#[test]
fn without_a_key_each_call_is_skipped() {
    let options = ClientOptions::read("{}").expect("options");
    let world = Rc::new(World::new([]));
    let outcomes = world.run(deliver_all(&world, &options, &CallOptions::new(&options), calls())).0;
    assert!(outcomes.iter().all(|outcome| outcome.worst.reason == Some("not_configured")));
}
