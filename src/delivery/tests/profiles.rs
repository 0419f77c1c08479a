//! Profiles that pass through a store.

use super::*;

/// A profile as a webhook of this second makes it, and an event beside it.
fn webhook(second: u32) -> Vec<Input<'static>> {
    let at = 1_767_323_045_000_u64 + u64::from(second) * 1000;
    let order = format!(
        r#"{{"at":{at},"rank":1,"id":"evt_{second}","subject":"sub_1","live":true,"now":{{}},"before":{{}}}}"#
    );
    let profile = format!(
        r#"{{"kind":"group_identify","group":["organization","o1"],"properties":{{"second":{second}}},"order":{order}}}"#
    );
    let mut inputs = events(1);
    inputs.push(Input::from_owned(Tag::Track, profile));
    inputs
}

fn through(world: &Rc<World>, budget_ms: u32, second: u32) -> Outcome {
    let options = options(budget_ms, 0);
    let call = CallOptions { profile_store: true, ..CallOptions::new(&options) };
    let outcome = world.run(deliver(world, &options, &call, webhook(second), None)).0;
    holds(world, budget_ms, "a webhook");
    outcome
}

fn profiles(world: &World) -> Vec<String> {
    let sent = world.sent.borrow();
    let seconds = sent.iter().flat_map(|(_, body)| body.split("\"second\":").skip(1));
    seconds.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect()).collect()
}

#[test]
fn the_newest_is_sent_whatever_came_first() {
    let world = Rc::new(World::new([Server::Answers(200, 10)]));
    for second in [2, 1, 3] {
        world.now.set(0);
        world.sent.borrow_mut().clear();
        let outcome = through(&world, 5_000, second);
        assert_eq!(outcome.worst.status, Status::Accepted);
        assert_eq!(profiles(&world), [second.max(2).to_string()]);
    }
}

#[test]
fn a_store_that_fails_costs_the_profile_and_nobody_else() {
    for store in [Store::Throws(5), Store::Hangs, Store::Lies] {
        let world =
            Rc::new(World { profile_store: store, ..World::new([Server::Answers(200, 10)]) });
        let outcome = through(&world, 1_000, 1);
        let statuses: Vec<_> = outcome.events.iter().map(|event| event.status).collect();
        assert_eq!(statuses, [Status::Accepted, Status::Invalid], "{store:?}");
        let error = outcome.events[1].error.as_ref().expect("an error");
        assert_eq!(error.code.name(), "profile_store_failed");
        assert!(profiles(&world).is_empty(), "{store:?}");
    }
}

#[test]
fn what_became_newer_meanwhile_is_sent_too() {
    let world = Rc::new(World::new([Server::Answers(200, 10)]));
    // Another handler's, of a later second.
    let other = Rc::new(World::new([Server::Answers(200, 10)]));
    through(&other, 5_000, 9);
    let later = other.marks.borrow()["organization:o1"].clone();
    let options = options(5_000, 0);
    let call = CallOptions { profile_store: true, ..CallOptions::new(&options) };
    let mut delivery = Box::pin(deliver(&world, &options, &call, webhook(1), None));
    let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
    while world.sent.borrow().is_empty() {
        assert!(delivery.as_mut().poll(context).is_pending());
        world.now.set(world.now.get() + 1);
    }
    world.marks.borrow_mut().insert("organization:o1".to_owned(), later);
    let (outcome, _) = world.run(delivery);
    assert_eq!(outcome.worst.status, Status::Accepted);
    assert_eq!(profiles(&world), ["1", "9"]);
}

#[test]
fn a_mark_of_another_group_is_not_believed() {
    let other = Rc::new(World::new([Server::Answers(200, 10)]));
    through(&other, 5_000, 9);
    let forged = other.marks.borrow()["organization:o1"].replace("\"o1\"", "\"victim\"");
    assert!(forged.contains("victim"), "{forged}");
    let world = Rc::new(World::new([Server::Answers(200, 10)]));
    world.marks.borrow_mut().insert("organization:o1".to_owned(), forged);
    through(&world, 5_000, 1);
    assert_eq!(profiles(&world), ["1"]);
    let sent = world.sent.borrow();
    assert!(sent.iter().all(|(_, body)| !body.contains("victim")), "{sent:?}");
}

#[test]
fn profiles_that_were_drained_are_what_the_store_holds() {
    let other = Rc::new(World::new([Server::Answers(200, 10)]));
    through(&other, 5_000, 9);
    let world = Rc::new(World::new([Server::Answers(200, 10)]));
    world.marks.borrow_mut().clone_from(&other.marks.borrow());
    let old = r#"{\"event\":\"$groupidentify\",\"properties\":{\"$group_type\":\"organization\",\"$group_key\":\"o1\",\"$group_set\":{\"second\":1}}}"#;
    let lot = format!(r#"[{{"id":"1","target":"posthog","tries":0,"body":"{old}"}}]"#);
    world.lots.borrow_mut().push_back(lot);
    let options = options(5_000, 0);
    let call = CallOptions { profile_store: true, ..CallOptions::new(&options) };
    let drained = drained(&world, &options, &call);
    assert_eq!((drained.settled.accepted, drained.worst.status), (1, Status::Accepted));
    assert_eq!(profiles(&world), ["1", "9"]);
    holds(&world, 5_000, "a drain");
}
