//! Outboxes that are drained.

use super::*;

/// Entries as the host hands them over, and how often each was tried.
fn entries(rows: impl IntoIterator<Item = (usize, u32)>) -> String {
    let entry = |(at, tries): (usize, u32)| {
        format!(
            r#"{{"id":"{at}","target":"posthog","tries":{tries},"body":"{{\"event\":\"E{at}.\",\"properties\":{{}}}}"}}"#
        )
    };
    format!("[{}]", rows.into_iter().map(entry).collect::<Vec<_>>().join(","))
}

fn lot(range: std::ops::Range<usize>, tries: u32) -> String {
    entries(range.map(|at| (at, tries)))
}

fn told(world: &World, method: StoreMethod) -> String {
    let told = world.told.borrow();
    told.iter().filter(|(known, _)| *known == method).map(|(_, given)| given.as_str()).collect()
}

#[test]
fn everything_that_is_due_is_delivered_several_requests_at_a_time() {
    let world = Rc::new(World::new([Server::Answers(200, 100)]));
    world.lots.borrow_mut().extend([lot(0..1000, 0), lot(1000..2000, 0)]);
    let options = options(50_000, 3);
    let drained = drained(&world, &options, &CallOptions::new(&options));
    assert_eq!((drained.settled.accepted, drained.more), (2000, false));
    assert_eq!(drained.worst.status, Status::Accepted);
    // Four requests of 250 events, at once.
    assert_eq!(world.sent.borrow().len(), 8);
    assert!(world.now.get() < 300, "{} ms", world.now.get());
    holds(&world, 50_000, "a drain");
}

/// One entry is answered 500, or never.
fn poisoned(at: usize, poison: Server, lots: impl IntoIterator<Item = String>) -> Rc<World> {
    let name = format!("\"E{at}.");
    let judge = move |body: &str| body.contains(&name).then_some(poison);
    let world = World { judge: Some(Box::new(judge)), ..World::new([Server::Answers(200, 10)]) };
    world.lots.borrow_mut().extend(lots);
    Rc::new(world)
}

/// How many of these are left after each of so many drains, each claiming what the last one left.
fn left_after(
    drains: usize,
    budget_ms: u32,
    rows: impl IntoIterator<Item = (usize, u32)>,
    world: impl Fn(String) -> Rc<World>,
) -> Vec<Vec<usize>> {
    let mut rows: Vec<(usize, u32)> = rows.into_iter().collect();
    let mut left = Vec::new();
    for _ in 0..drains {
        let world = world(entries(rows.iter().copied()));
        let options = options(budget_ms, 3);
        let drained = drained(&world, &options, &CallOptions::new(&options));
        holds(&world, budget_ms, "a drain");
        let (gone, again) = (told(&world, StoreMethod::Delete), told(&world, StoreMethod::Retry));
        rows.retain(|(at, _)| !gone.contains(&format!("\"{at}\"")));
        let tried = |at: usize| again.contains(&format!(r#""id":"{at}""#));
        rows.iter_mut().for_each(|(at, tries)| *tries += u32::from(tried(*at)));
        assert!(world.sent.borrow().len() <= 40, "{drained:?}");
        left.push(rows.iter().map(|(at, _)| *at).collect());
    }
    left
}

#[test]
fn one_that_always_fails_is_alone_after_two_drains() {
    let fresh = || (0..100).map(|at| (at, 0));
    for poison in [Server::Answers(500, 10), Server::Hangs, Server::Breaks(10)] {
        for budget_ms in [5_000, 50_000] {
            for at in [0, 9, 10, 37, 42, 99] {
                let left = left_after(2, budget_ms, fresh(), |lot| poisoned(at, poison, [lot]));
                let what = format!("{poison:?} at {at}, {budget_ms} ms");
                assert_eq!((left[0].len(), &left[1]), (100, &vec![at]), "{what}");
            }
        }
    }
}

#[test]
fn two_that_always_fail_hold_back_nobody_who_came_later() {
    let rows = || (0..300).map(|at| (at, u32::from(at < 50)));
    for poison in [Server::Answers(500, 10), Server::Hangs, Server::Breaks(10)] {
        let judge =
            move |body: &str| (body.contains("\"E3.") || body.contains("\"E41.")).then_some(poison);
        let world = |lot| {
            let calm = World::new([Server::Answers(200, 10)]);
            let world = World { judge: Some(Box::new(judge)), ..calm };
            world.lots.borrow_mut().push_back(lot);
            Rc::new(world)
        };
        let left = left_after(1, 50_000, rows(), world);
        assert_eq!(left[0], [3, 41], "{poison:?}");
    }
}

/// The signal fires at every moment at which a drain can notice.
#[test]
fn a_drain_may_be_aborted_at_every_await() {
    let mut aborts = 0;
    for server in [Server::Answers(200, 20), Server::Answers(500, 20), Server::Hangs] {
        for store in [Store::Works(10), Store::Throws(10), Store::Hangs, Store::Lies] {
            let options = options(5_000, 1);
            let call = CallOptions::new(&options);
            let world = |aborts_at_poll| {
                let world = World { store, aborts_at_poll, ..World::new([server]) };
                world.lots.borrow_mut().extend([lot(0..30, 1), lot(30..60, 0)]);
                Rc::new(world)
            };
            let calm = world(None);
            let (_, polls) = calm.run(drain(&calm, &options, &call));
            for poll in 1..=polls {
                let what = format!("{server:?}, {store:?}, at poll {poll}");
                let hasty = world(Some(poll));
                let drained = drained(&hasty, &options, &call);
                holds(&hasty, 5_000, &what);
                let statuses = hasty.statuses.borrow();
                let arrived = statuses.iter().any(|status| status.is_some_and(|code| code == 200));
                assert!(arrived || drained.settled.accepted == 0, "{what}: {drained:?}");
                aborts += 1;
            }
        }
    }
    assert!(aborts > 60, "{aborts}");
}

#[test]
fn a_server_that_is_down_is_not_asked_a_thousand_times() {
    for (tries, server) in [
        (0, Server::Answers(503, 10)),
        (1, Server::Answers(503, 10)),
        (1, Server::Answers(500, 10)),
        (3, Server::Breaks(10)),
        (1, Server::Answers(401, 10)),
    ] {
        let world = Rc::new(World::new([server]));
        world.lots.borrow_mut().extend([lot(0..1000, tries), lot(1000..2000, tries)]);
        let options = options(50_000, 0);
        let drained = drained(&world, &options, &CallOptions::new(&options));
        let what = format!("{server:?} after {tries} tries");
        assert!(world.sent.borrow().len() <= 7, "{what}: {}", world.sent.borrow().len());
        assert!(drained.more && drained.settled.accepted == 0, "{what}: {drained:?}");
        assert_ne!(drained.worst.status, Status::Accepted, "{what}");
    }
}

#[test]
fn an_entry_that_is_refused_for_itself_is_set_aside() {
    let judge = |body: &str| body.contains("E7.").then_some(Server::Answers(400, 5));
    let world =
        Rc::new(World { judge: Some(Box::new(judge)), ..World::new([Server::Answers(200, 5)]) });
    world.lots.borrow_mut().extend([lot(0..20, 0)]);
    let options = options(5_000, 3);
    let drained = drained(&world, &options, &CallOptions::new(&options));
    assert_eq!((drained.settled.accepted, drained.settled.dead_lettered), (19, 1));
    let reason = told(&world, StoreMethod::DeadLetter);
    assert!(
        reason.starts_with(r#"[["7"],"HTTP 400 words"#) && !reason.contains("phc_key"),
        "{reason}"
    );
}

#[test]
fn tries_are_counted_to_the_last() {
    let world = Rc::new(World::new([Server::Answers(503, 5)]));
    world.lots.borrow_mut().extend([lot(0..3, 4)]);
    let options = options(5_000, 0);
    let call = CallOptions { max_tries: 5, ..CallOptions::new(&options) };
    let drained = drained(&world, &options, &call);
    assert_eq!((drained.settled.retried, drained.settled.dead_lettered), (0, 3));
}

#[test]
fn a_drain_ends_within_its_budget_in_every_world() {
    let mut worlds = 0;
    for server in [
        Server::Answers(200, 20),
        Server::Answers(503, 20),
        Server::Asks(429, 20, 900),
        Server::TooLarge(20),
        Server::Breaks(20),
        Server::Hangs,
        Server::Drips(500),
    ] {
        for store in [Store::Works(10), Store::Throws(10), Store::Hangs, Store::Lies] {
            for clock in [Clock::Right, Clock::Frozen, Clock::JumpsAhead, Clock::JumpsBack] {
                for budget_ms in [1, 40, 300, 5_000] {
                    for tries in [0, 2] {
                        let world = World { clock, store, ..World::new([server]) };
                        world.lots.borrow_mut().extend([lot(0..30, tries), lot(30..60, tries)]);
                        let world = Rc::new(world);
                        let options = options(budget_ms, 3);
                        let drained = drained(&world, &options, &CallOptions::new(&options));
                        let what = format!("{server:?} {store:?} {clock:?} {budget_ms} {tries}");
                        holds(&world, budget_ms, &what);
                        assert!(drained.settled.accepted <= 60, "{what}");
                        worlds += 1;
                    }
                }
            }
        }
    }
    assert_eq!(worlds, 896);
}

#[test]
fn a_drain_that_ends_in_the_middle_blames_nobody() {
    let world = Rc::new(World::new([Server::Answers(200, 700)]));
    world.lots.borrow_mut().extend((0..50).map(|at| lot(at * 1000..(at + 1) * 1000, 0)));
    let options = options(5_000, 3);
    let drained = drained(&world, &options, &CallOptions::new(&options));
    holds(&world, 5_000, "a drain");
    assert_eq!((drained.worst.status, drained.worst.ok), (Status::Accepted, true), "{drained:?}");
    assert_eq!((drained.settled.retried, drained.more), (0, true));
    assert_eq!(drained.settled.accepted % 1000, 0);
    assert!(drained.settled.accepted >= 4_000, "{drained:?}");
    assert!(told(&world, StoreMethod::Retry).is_empty());
}
