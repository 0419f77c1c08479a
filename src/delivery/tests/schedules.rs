//! Every sequence of replies, in every kind of world.

use super::*;

const REPLIES: [Server; 9] = [
    Server::Answers(200, 20),
    Server::Answers(400, 20),
    Server::Answers(503, 20),
    Server::Asks(429, 20, 900),
    Server::Asks(503, 20, u32::MAX),
    Server::TooLarge(20),
    Server::Breaks(20),
    Server::Hangs,
    Server::Drips(200),
];
const CLOCKS: [Clock; 4] = [Clock::Right, Clock::Frozen, Clock::JumpsAhead, Clock::JumpsBack];
const STORES: [Store; 4] = [Store::Works(10), Store::Throws(10), Store::Hangs, Store::Lies];
const WRITES: [Option<Write>; 4] =
    [None, Some(Write::BeforeSend), Some(Write::OnFailure), Some(Write::Only)];
const BUDGETS: [u32; 5] = [1, 40, 300, 5_000, 60_000];

/// All there are of five replies; each meets another store, clock, budget and way of writing, and
/// each of them meets all of those over the whole.
#[test]
fn every_sequence_of_five_replies_ends_well_in_every_world() {
    let mut schedules = 0_usize;
    for code in 0..REPLIES.len().pow(5) {
        let replies = (0..5).map(|place| REPLIES[code / 9_usize.pow(place) % 9]);
        // Mixed, so that every reply meets every world.
        let mix = code.wrapping_mul(2_654_435_761) >> 7;
        let (clock, store) = (CLOCKS[mix % 4], STORES[mix / 4 % 4]);
        let (write, budget_ms) = (WRITES[mix / 16 % 4], BUDGETS[mix / 64 % 5]);
        let (retries, count) = (mix / 320 % 5, 1 + mix / 1600 % 3);
        let world = Rc::new(World { clock, store, ..World::new(replies) });
        let options = options(budget_ms, retries as u32);
        let call = CallOptions { outbox: write, ..CallOptions::new(&options) };
        let outcome = sent(&world, &options, &call, count);
        let what = format!(
            "{code}: {clock:?}, {store:?}, {write:?}, {budget_ms} ms, {retries} retries, {count}"
        );
        holds(&world, budget_ms, &what);
        truthful(&world, &outcome, write, count, &what);
        unhurried(&world, &what);
        schedules += 1;
    }
    assert_eq!(schedules, 59_049);
}

/// The outcome says what happened.
fn truthful(world: &World, outcome: &Outcome, write: Option<Write>, count: usize, what: &str) {
    assert_eq!(outcome.events.len(), count, "{what}");
    let worst = outcome.events.iter().map(|event| event.status).max().expect("events");
    assert_eq!(outcome.worst.status, worst, "{what}: {outcome:?}");
    assert_eq!(
        outcome.worst.ok,
        matches!(outcome.worst.status, Status::Accepted | Status::Queued),
        "{what}"
    );
    let requests = world.sent.borrow().len();
    assert!(outcome.worst.attempts as usize <= requests, "{what}: {outcome:?}");
    if outcome.worst.status == Status::Queued {
        assert!(write.is_some() && matches!(world.store, Store::Works(_) | Store::Lies), "{what}");
    }
    for (at, event) in outcome.events.iter().enumerate() {
        let heard = |is_it: fn(u16) -> bool| {
            let (sent, statuses) = (world.sent.borrow(), world.statuses.borrow());
            let mut requests = sent.iter().zip(statuses.iter());
            let name = format!("\"E{at}\"");
            requests.any(|((_, body), status)| status.is_some_and(is_it) && body.contains(&name))
        };
        let accepted = heard(|status| status < 300);
        assert_eq!(event.status == Status::Accepted, accepted, "{what}: E{at} in {outcome:?}");
        match event.status {
            Status::Rejected => assert!(heard(|status| status == 400), "{what}: E{at}"),
            Status::Queued => {
                let written = format!(r#"E{at}\""#);
                let told = world.told.borrow();
                let mut puts = told.iter().filter(|(method, _)| *method == StoreMethod::Put);
                assert!(puts.any(|(_, given)| given.contains(&written)), "{what}: E{at}");
            }
            _ => {}
        }
    }
    let shown = outcome.worst.message.clone().unwrap_or_default();
    assert!(!shown.contains("phc_key"), "{what}: {shown}");
    for warning in &outcome.warnings {
        assert!(!warning.message.contains("phc_key"), "{what}: {warning}");
    }
}

/// A request is sent again as it was, and never at once.
fn unhurried(world: &World, what: &str) {
    let (sent, ended) = (world.sent.borrow(), world.ended.borrow());
    for (at, (begun, body)) in sent.iter().enumerate().skip(1) {
        if *body == sent[at - 1].1 {
            let waited = begun - ended[at - 1];
            assert!(waited >= 100, "{what}: again after {waited} ms");
        }
    }
}

/// The signal fires at every moment at which a call can notice.
#[test]
fn a_call_may_be_aborted_at_every_await() {
    let mut aborts = 0_usize;
    for replies in [
        vec![Server::Answers(200, 20)],
        vec![Server::Answers(503, 20), Server::Asks(429, 20, 500), Server::Answers(200, 20)],
        vec![Server::TooLarge(5), Server::Answers(200, 5)],
        vec![Server::Hangs],
        vec![Server::Drips(503)],
    ] {
        for store in STORES {
            for write in WRITES {
                let options = options(5_000, 3);
                let new = CallOptions::new(&options);
                let call = CallOptions { outbox: write, profile_store: true, ..new };
                let world = || World { store, ..World::new(replies.clone()) };
                let calm = Rc::new(world());
                let (_, polls) = calm.run(deliver(&calm, &options, &call, events(2), None));
                for poll in 1..=polls {
                    let what = format!("{replies:?}, {store:?}, {write:?}, at poll {poll}");
                    let hasty = Rc::new(World { aborts_at_poll: Some(poll), ..world() });
                    let outcome = sent(&hasty, &options, &call, 2);
                    holds(&hasty, 5_000, &what);
                    assert!(hasty.now.get() <= calm.now.get(), "{what}: it took longer");
                    truthful(&hasty, &outcome, write, 2, &what);
                    if poll == 1 {
                        assert!(hasty.sent.borrow().is_empty(), "{what}: a request was begun");
                        assert_eq!(outcome.worst.status, Status::Aborted, "{what}");
                    }
                    aborts += 1;
                }
            }
        }
    }
    assert!(aborts > 250, "{aborts}");
}

#[test]
fn what_the_server_asks_for_is_waited_for_and_no_longer_than_there_is_time() {
    for (asked_ms, attempts, took_ms) in [(900, 2, 940), (4_900, 2, 4_940), (10_000, 1, 20)] {
        let replies = [Server::Asks(503, 20, asked_ms), Server::Answers(200, 20)];
        let world = Rc::new(World::new(replies));
        let options = options(5_000, 2);
        let outcome = sent(&world, &options, &CallOptions::new(&options), 1);
        assert_eq!((outcome.worst.attempts, world.now.get()), (attempts, took_ms), "{asked_ms}");
    }
}

#[test]
fn one_event_too_large_takes_nothing_from_the_others() {
    // PostHog refuses every request that has the third event in it.
    let judge = |body: &str| body.contains("\"E2\"").then_some(Server::TooLarge(1));
    let world =
        Rc::new(World { judge: Some(Box::new(judge)), ..World::new([Server::Answers(200, 1)]) });
    let options = options(5_000, 3);
    let outcome = sent(&world, &options, &CallOptions::new(&options), 8);
    let statuses: Vec<_> = outcome.events.iter().map(|event| event.status).collect();
    let mut expected = [Status::Accepted; 8];
    expected[2] = Status::Rejected;
    assert_eq!(statuses, expected);
}

#[test]
fn what_is_too_large_even_packed_is_sent_in_two_and_was_no_attempt() {
    // More than two events do not fit.
    let judge = |body: &str| {
        let fits = body.matches("\"event\"").count() <= 2;
        Some(if fits { Server::Answers(200, 1) } else { Server::Unsendable(1) })
    };
    let world = Rc::new(World { judge: Some(Box::new(judge)), ..World::new([]) });
    let options = options(5_000, 3);
    let outcome = sent(&world, &options, &CallOptions::new(&options), 8);
    assert_eq!((outcome.worst.status, outcome.worst.attempts), (Status::Accepted, 1));
    assert_eq!(world.statuses.borrow().iter().flatten().count(), 4);
}

#[test]
fn events_are_sent_in_the_order_in_which_they_were_given() {
    let world =
        Rc::new(World::new([Server::TooLarge(1), Server::TooLarge(1), Server::Answers(200, 1)]));
    let options = options(5_000, 3);
    sent(&world, &options, &CallOptions::new(&options), 5);
    let accepted: String =
        world.sent.borrow().iter().skip(2).map(|(_, body)| body.as_str()).collect();
    let places: Vec<_> = (0..5).map(|at| accepted.find(&format!("\"E{at}\""))).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
}

#[test]
fn without_an_outbox_a_call_has_one_timer() {
    let world = Rc::new(World::new([Server::Answers(200, 1)]));
    let options = options(5_000, 3);
    let call = CallOptions::new(&options);
    let mut future = Box::pin(deliver(&world, &options, &call, events(1), None));
    let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(context).is_pending());
    // The request has started in this very tick.
    assert_eq!((world.sent.borrow().len(), world.timers.get()), (1, 1));
    drop(future);
    assert_eq!(world.timers.get(), 0);
}
