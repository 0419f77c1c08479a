//! Calls over PostHog's newer endpoint, whose answers name events.

use serde_json::{Value, json};

use super::*;
use crate::delivery::outcome::OVER_QUOTA;
use crate::request::Request;

/// A client that asks for it.
fn v1(budget_ms: u32, max_retries: u32) -> ClientOptions {
    let text = format!(
        r#"{{"apiKey":"phc_key","host":"https://h","budgetMs":{budget_ms},"maxRetries":{max_retries},"protocol":"v1"}}"#
    );
    ClientOptions::read(&text).expect("options")
}

fn body(request: &Request) -> Value {
    serde_json::from_str(&request.body.head).expect("JSON")
}

fn header<'r>(request: &'r Request, name: &str) -> &'r str {
    let pairs = request.headers.pairs();
    pairs.into_iter().find(|(known, _)| *known == name).expect("a header").1
}

/// The verdict of each event is in its name: `E0` has the first.
fn verdicts(request: &Request, of: impl Fn(&str) -> Value) -> String {
    let batch = body(request)["batch"].as_array().expect("a batch").clone();
    let results = batch.iter().map(|event| {
        let name = event["event"].as_str().expect("a name");
        (event["uuid"].as_str().expect("an id").to_owned(), of(name))
    });
    json!({ "results": results.collect::<serde_json::Map<_, _>>() }).to_string()
}

fn first_answer(request: &Request) -> String {
    verdicts(request, |name| match name {
        "E0" => json!({ "result": "ok" }),
        "E1" => json!({ "result": "warning", "details": "person_processing_disabled" }),
        "E2" => json!({ "result": "drop", "details": "exceptions_over_quota" }),
        "E3" | "E5" => json!({ "result": "retry", "details": "not_persisted" }),
        _ => json!({ "result": "a word of tomorrow" }),
    })
}

fn all_ok(request: &Request) -> String {
    verdicts(request, |_| json!({ "result": "ok" }))
}

fn all_again(request: &Request) -> String {
    verdicts(request, |_| json!({ "result": "retry", "details": "not_persisted" }))
}

fn all_dropped(request: &Request) -> String {
    verdicts(request, |_| json!({ "result": "drop", "details": "event_restriction_drop" }))
}

fn nonsense(_: &Request) -> String {
    "<html>".to_owned()
}

#[test]
fn each_event_has_its_verdict_and_what_was_not_persisted_is_sent_again_alone() {
    let replies =
        [Server::Verdicts(first_answer, 20, Some(1000)), Server::Verdicts(all_ok, 20, None)];
    let world = Rc::new(World::new(replies));
    let options = v1(5_000, 3);
    let outcome = sent(&world, &options, &CallOptions::new(&options), 6);
    let said: Vec<_> = outcome
        .events
        .iter()
        .map(|event| {
            let verdict = event.verdict.as_ref().expect("a verdict");
            (event.status, verdict.result.as_str(), verdict.details.as_deref())
        })
        .collect();
    assert_eq!(
        said,
        [
            (Status::Accepted, "ok", None),
            (Status::Accepted, "warning", Some("person_processing_disabled")),
            (Status::Rejected, "drop", Some("exceptions_over_quota")),
            (Status::Accepted, "ok", None),
            (Status::Accepted, "awordoftomorrow", None),
            (Status::Accepted, "ok", None),
        ]
    );
    let worst = &outcome.worst;
    assert_eq!((worst.status, worst.reason), (Status::Rejected, Some(OVER_QUOTA)));
    assert_eq!(worst.http_status, Some(200));
    let requests = world.requests.borrow();
    let [one, two] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    let again: Vec<Value> = [3, 5].map(|at| body(one)["batch"][at].clone()).into();
    assert_eq!(body(two)["batch"], Value::Array(again));
    assert_eq!(body(one)["created_at"], body(two)["created_at"]);
    for (name, same) in [
        ("Authorization", true),
        ("PostHog-Request-Id", true),
        ("PostHog-Attempt", false),
        ("PostHog-Request-Timestamp", false),
    ] {
        assert_eq!(header(one, name) == header(two, name), same, "{name}");
    }
    assert_eq!((header(one, "PostHog-Attempt"), header(two, "PostHog-Attempt")), ("1", "2"));
    // As long as the server asked for.
    assert_eq!(world.sent.borrow()[1].0, 1020);
}

#[test]
fn a_server_without_it_is_asked_once_and_hears_of_the_events_all_the_same() {
    let judge = |body: &str| {
        let status = if body.contains("created_at") { 404 } else { 200 };
        Some(Server::Answers(status, 5))
    };
    let world = Rc::new(World { judge: Some(Box::new(judge)), ..World::new([]) });
    let options = v1(5_000, 0);
    for attempts in [2, 1] {
        let outcome = sent(&world, &options, &CallOptions::new(&options), 2);
        assert_eq!((outcome.worst.status, outcome.worst.attempts), (Status::Accepted, attempts));
    }
    let urls: Vec<_> = world.requests.borrow().iter().map(|request| request.url.clone()).collect();
    let (new, old) = ("https://h/i/v1/analytics/events", "https://h/batch/");
    assert_eq!(urls, [new, old, old]);
}

#[test]
fn what_is_never_persisted_ends_with_the_retries_and_waits_in_the_outbox() {
    for (write, status) in [(None, Status::Unreachable), (Some(Write::BeforeSend), Status::Queued)]
    {
        let world = Rc::new(World::new([Server::Verdicts(all_again, 20, Some(100))]));
        let options = v1(5_000, 2);
        let call = CallOptions { outbox: write, ..CallOptions::new(&options) };
        let outcome = sent(&world, &options, &call, 2);
        let worst = &outcome.worst;
        assert_eq!((worst.status, worst.http_status, worst.attempts), (status, Some(200), 3));
        holds(&world, 5_000, "never persisted");
    }
}

#[test]
fn over_the_billing_limit_nothing_is_tried_again() {
    let world = Rc::new(World::new([Server::Answers(402, 20)]));
    let options = v1(5_000, 3);
    let worst = sent(&world, &options, &CallOptions::new(&options), 2).worst;
    assert_eq!(
        (worst.status, worst.reason, worst.attempts),
        (Status::Rejected, Some(OVER_QUOTA), 1)
    );
}

#[test]
fn an_answer_that_says_nothing_is_a_success_as_ever() {
    for replies in [[Server::Verdicts(nonsense, 20, None)], [Server::Drips(200)]] {
        let world = Rc::new(World::new(replies));
        let options = v1(1_000, 3);
        let outcome = sent(&world, &options, &CallOptions::new(&options), 2);
        assert_eq!(outcome.worst.status, Status::Accepted);
        assert!(outcome.events.iter().all(|event| event.verdict.is_none()));
    }
}

#[test]
fn one_id_is_in_no_request_twice() {
    let world = Rc::new(World::new([Server::Verdicts(all_ok, 5, None)]));
    let options = v1(5_000, 3);
    let source = r#""source":{"system":"s","id":"1","at":"2026-01-02T03:04:05Z"}"#;
    let text = format!(r#"{{"kind":"capture","event":"E","distinctId":"u",{source}}}"#);
    let inputs = (0..3).map(|_| Input::from_owned(Tag::Track, text.clone())).collect();
    let call = CallOptions::new(&options);
    let outcome = world.run(deliver(&world, &options, &call, inputs, None)).0;
    assert_eq!(outcome.worst.status, Status::Accepted);
    let sizes: Vec<_> = world
        .requests
        .borrow()
        .iter()
        .map(|it| body(it)["batch"].as_array().map(Vec::len))
        .collect();
    assert_eq!(sizes, [Some(1); 3]);
}

#[test]
fn ai_events_and_replays_keep_their_endpoints() {
    let world = Rc::new(World::new([Server::Answers(200, 5)]));
    let options = v1(5_000, 3);
    let text = |event: &str| format!(r#"{{"event":"{event}","distinctId":"u"}}"#);
    let inputs = vec![
        Input::from_owned(Tag::Ai, text("$ai_generation")),
        Input::from_owned(Tag::Capture, text("Ping")),
        Input::from_owned(Tag::Capture, text("$ai_trace")),
        Input::from_owned(Tag::Ai, text("$ai_span")),
        Input::from_owned(Tag::Ai, text("Ping")),
    ];
    let call = CallOptions::new(&options);
    let outcome = world.run(deliver(&world, &options, &call, inputs, None)).0;
    let statuses: Vec<_> = outcome.events.iter().map(|event| event.status).collect();
    let ok = Status::Accepted;
    assert_eq!(statuses, [ok, ok, ok, ok, Status::Invalid]);
    let sent: Vec<_> = world
        .requests
        .borrow()
        .iter()
        .map(|request| (request.url.clone(), body(request)["batch"].as_array().map(Vec::len)))
        .collect();
    let expected = [("/i/v1/analytics/events", 1), ("/batch/", 1), ("/i/v0/ai/batch/", 2)];
    let expected: Vec<_> =
        expected.iter().map(|(path, count)| (format!("https://h{path}"), Some(*count))).collect();
    assert_eq!(sent, expected);
}

/// Whatever the server says, in whatever order: a call ends in time, and every event has an end.
#[test]
fn every_sequence_of_four_replies_ends_well() {
    let replies = [
        Server::Verdicts(first_answer, 20, Some(300)),
        Server::Verdicts(all_again, 20, None),
        Server::Verdicts(all_dropped, 20, None),
        Server::Verdicts(all_ok, 20, None),
        Server::Answers(404, 20),
        Server::Answers(503, 20),
        Server::Asks(429, 20, u32::MAX),
        Server::TooLarge(20),
        Server::Unsendable(5),
        Server::Hangs,
        Server::Drips(200),
    ];
    let clocks = [Clock::Right, Clock::Frozen, Clock::JumpsAhead, Clock::JumpsBack];
    let writes = [None, Some(Write::BeforeSend), Some(Write::OnFailure)];
    for code in 0..replies.len().pow(4) {
        let sequence = (0..4).map(|place| replies[code / replies.len().pow(place) % replies.len()]);
        let mix = code.wrapping_mul(2_654_435_761) >> 7;
        let budget_ms = [40, 300, 5_000][mix % 3];
        let world = World { clock: clocks[mix / 3 % 4], ..World::new(sequence.clone()) };
        let world = Rc::new(world);
        let options = v1(budget_ms, (mix / 12 % 4) as u32);
        let call = CallOptions { outbox: writes[mix / 48 % 3], ..CallOptions::new(&options) };
        let outcome = sent(&world, &options, &call, 4);
        let what = format!("{:?} {budget_ms}", sequence.collect::<Vec<_>>());
        holds(&world, budget_ms, &what);
        assert_eq!(outcome.events.len(), 4, "{what}");
        let worst = outcome.events.iter().map(|event| event.status).max().expect("events");
        assert_eq!(outcome.worst.status, worst, "{what}");
        for event in &outcome.events {
            let result = event.verdict.as_ref().map(|verdict| verdict.result.as_str());
            match result {
                Some("drop") => assert_eq!(event.status, Status::Rejected, "{what}"),
                Some("retry") => panic!("{what}: a verdict that is none"),
                Some(_) => assert_eq!(event.status, Status::Accepted, "{what}"),
                None => {}
            }
        }
    }
}

#[test]
fn a_drain_settles_each_entry_by_its_verdict() {
    let entry = |at: usize| {
        let body = format!(
            r#"{{\"event\":\"E{at}\",\"distinct_id\":\"u\",\"timestamp\":\"t\",\"uuid\":\"0190a0a0-0000-7000-8000-00000000000{at}\",\"properties\":{{}}}}"#
        );
        format!(r#"{{"id":"{at}","target":"posthog","body":"{body}","tries":0}}"#)
    };
    let lot = format!("[{}]", (0..4).map(entry).collect::<Vec<_>>().join(","));
    let world = World::new([Server::Verdicts(first_answer, 20, None)]);
    world.lots.borrow_mut().push_back(lot);
    let world = Rc::new(world);
    let options = v1(5_000, 0);
    let drained = drained(&world, &options, &CallOptions::new(&options));
    let settled = &drained.settled;
    assert_eq!((settled.accepted, settled.dead_lettered, settled.retried), (2, 1, 1));
    let told = world.told.borrow();
    let given = |wanted: StoreMethod| {
        told.iter().find(|(method, _)| *method == wanted).map(|(_, given)| given.as_str())
    };
    assert_eq!(given(StoreMethod::Delete), Some(r#"[["0","1"]]"#));
    let dead = given(StoreMethod::DeadLetter).expect("a dead letter");
    assert!(dead.starts_with(r#"[["2"],"#) && dead.contains("exceptions_over_quota"), "{dead}");
    assert!(given(StoreMethod::Retry).expect("a retry").contains(r#""id":"3""#));
}
