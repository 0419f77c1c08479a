//! Work grows with the input, and not with its square. It is counted, never timed: four times the
//! input may take four and a half times the work (`n log n`), whatever the names in it are.
#![cfg(all(debug_assertions, not(target_arch = "wasm32")))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

use posthog_wasm::compat;
use posthog_wasm::domain::{client, profiles, row_to_events, stripe};
use posthog_wasm::event::id::EventSeed;
use posthog_wasm::event::input::{Input, Tag};
use posthog_wasm::event::time::Timestamp;
use posthog_wasm::flags::context::Given;
use posthog_wasm::flags::definitions::Definitions;
use posthog_wasm::flags::snapshot;
use posthog_wasm::json::RawObject;
use posthog_wasm::json::fields::Fields;
use posthog_wasm::json::work::counted;
use posthog_wasm::json::writer::JsonMap;
use posthog_wasm::lint::{self, usage};
use posthog_wasm::policy::Policy;
use posthog_wasm::policy::identifiers::{Scope, scrub_members};
use posthog_wasm::request::flags;
use posthog_wasm::request::prepare::{PrepareResult, Rules, prepare};

/// Runs some work on `n` and on `4n` parts.
fn is_linear<T>(what: &str, n: usize, work: impl Fn(usize) -> T) {
    let (_, once) = counted(|| work(n));
    let (_, four) = counted(|| work(4 * n));
    println!("{what}: {once} for {n}, {four} for {}: x{:.2}", 4 * n, four as f64 / once as f64);
    assert!(once >= n, "{what}: {once} steps for {n} parts were not counted");
    assert!(four * 2 <= once * 9, "{what}: {once} steps for {n}, {four} for {}", 4 * n);
}

fn members(n: usize, member: impl Fn(usize) -> String) -> String {
    (0..n).map(member).collect::<Vec<_>>().join(",")
}

fn numbers(n: usize) -> String {
    members(n, |at| format!(r#""p{at:06}":1{at:06}"#))
}

fn names(n: usize) -> String {
    members(n, |at| format!(r#""p{at:06}""#))
}

/// One input under these options; it has to pass.
fn sent(options: &str, input: &str) -> usize {
    let tag = match RawObject::read(input, "input").expect("input").get("kind") {
        Some(r#""group_identify""#) => Tag::GroupIdentify,
        Some(r#""identify""#) => Tag::Identify,
        Some(r#""snapshot""#) => Tag::Snapshot,
        _ => Tag::Capture,
    };
    let mut fields = Fields::of(RawObject::read(options, "options").expect("options"));
    let policy = Policy::read(&mut fields).expect("a policy");
    let rules = Rules { policy: &policy, logsnag: None };
    let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
    let seed = || EventSeed { now, random: [1; 10] };
    let shown = input.chars().take(200).collect::<String>();
    let input = Input::from_text(tag, input);
    let prepared = prepare(&mut [input], None, &rules, &mut { seed }, &mut |_| None);
    assert_eq!(prepared.events[0].1, PrepareResult::Ready, "{shown}");
    prepared.events.len()
}

#[test]
fn maps_put_find_and_remove_members() {
    is_linear("JsonMap", 1000, |n| {
        let text = numbers(n);
        let mut map = JsonMap::default();
        map.extend(RawObject::of(&text));
        for at in 0..n {
            let name = format!("p{at:06}");
            assert_eq!(map.get(&name), Some(format!("1{at:06}").as_str()));
            if at % 2 == 0 {
                map.remove(&name);
            }
        }
        map.members().len()
    });
}

#[test]
fn events_are_linted_and_counted() {
    let options = lint::Options::read(r#"{"protocol":"v1"}"#).expect("options");
    let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
    let mut seed = || EventSeed { now, random: [1; 10] };
    let looked = |tag, texts: &[String], seed: &mut dyn FnMut() -> EventSeed| {
        let inputs = || texts.iter().map(|text| Input::from_text(tag, text)).collect::<Vec<_>>();
        let found = lint::lint(&mut inputs(), &options, seed).len();
        (found, usage::estimate(&mut inputs(), &options, seed))
    };
    let seed = std::cell::RefCell::new(&mut seed);
    is_linear("lint: pages of a heatmap", 1000, |n| {
        let pages = members(n, |at| format!(r#""https://x/{at:06}":[{{"x":1}},null]"#));
        let text = format!(
            r#"{{"kind":"capture","event":"e","distinctId":"u","properties":{{"$heatmap_data":{{{pages}}}}}}}"#
        );
        looked(Tag::Track, &[text], *seed.borrow_mut())
    });
    is_linear("lint: a replay", 1000, |n| {
        let items = members(n, |at| format!(r#"{{"type":3,"timestamp":1767323{at:06}}}"#));
        let text = format!(r#"{{"distinctId":"u","sessionId":"s","events":[{items}]}}"#);
        looked(Tag::Snapshot, &[text], *seed.borrow_mut())
    });
    is_linear("lint: events", 200, |n| {
        let text = |at| format!(r#"{{"kind":"capture","event":"e{at:06}","distinctId":"u"}}"#);
        looked(Tag::Track, &(0..n).map(text).collect::<Vec<_>>(), *seed.borrow_mut())
    });
}

#[test]
fn properties_are_admitted() {
    is_linear("properties", 1000, |n| {
        sent(
            "{}",
            &format!(
                r#"{{"kind":"capture","event":"e","distinctId":"u","properties":{{{}}}}}"#,
                numbers(n)
            ),
        )
    });
    is_linear("properties with $set", 1000, |n| {
        let all = numbers(n);
        sent(
            "{}",
            &format!(
                r#"{{"kind":"capture","event":"e","distinctId":"u","properties":{{{all},"$set":{{"mail":"a@b.cc",{all}}}}}}}"#
            ),
        )
    });
}

#[test]
fn profiles_are_allowed_and_erased() {
    let input = |properties: &str| {
        format!(
            r#"{{"kind":"group_identify","group":["organization","o1"],"properties":{{{properties}}}}}"#
        )
    };
    is_linear("privacy.allow", 1000, |n| {
        let options = format!(r#"{{"privacy":{{"allow":{{"organization":[{}]}}}}}}"#, names(n));
        sent(&options, &input(&numbers(2 * n)))
    });
    is_linear("privacy.erase", 1000, |n| {
        let options = format!(r#"{{"privacy":{{"erase":{{"organization":[{}]}}}}}}"#, names(n));
        sent(&options, &input(&numbers(n)))
    });
}

#[test]
fn identifiers_are_left_out() {
    is_linear("scrub_members", 1000, |n| {
        let all = members(n, |at| format!(r#""p{at:06}@example.com":{{"a":["b@c.de",1]}}"#));
        scrub_members(&all, Scope::Identifiers, None, &mut Vec::new()).map(|left| left.len())
    });
}

/// A request may have 64 kB.
#[test]
fn clients_send_tags() {
    let identity = r#"{"distinctId":"u","groups":[["organization","o1"]]}"#;
    is_linear("tags", 400, |n| {
        let request =
            format!(r#"{{"event":"e","tags":{{{0}}},"nonPersonTags":{{{0}}}}}"#, numbers(n));
        client::to_event(&request, identity).expect("an event")
    });
    is_linear("reserved tags", 900, |n| {
        let tags = members(n, |at| format!(r#""$p{at:06}":1"#));
        client::to_event(&format!(r#"{{"event":"e","tags":{{{tags}}}}}"#), identity)
            .expect("an event")
    });
}

#[test]
fn rows_are_overridden() {
    is_linear("extra properties", 1000, |n| {
        let extra = format!(r#"{{"properties":{{{}}}}}"#, numbers(n));
        let said = row_to_events("organizationCreated", r#"{"id":"o1"}"#, &extra);
        assert!(said.events.contains("Org Created"));
        said
    });
    is_linear("columns", 1000, |n| {
        let row = format!(r#"{{{},"id":"o1"}}"#, numbers(n));
        row_to_events("organizationCreated", &row, "null")
    });
}

#[test]
fn unknown_fields_are_counted() {
    is_linear("unknown fields", 1000, |n| {
        sent("{}", &format!(r#"{{"kind":"capture","event":"e","distinctId":"u",{}}}"#, numbers(n)))
    });
    is_linear("one field, again and again", 1000, |n| {
        let again = members(n, |_| r#""event":"e""#.to_owned());
        sent("{}", &format!(r#"{{"kind":"capture","distinctId":"u",{again}}}"#))
    });
}

#[test]
fn replaced_functions_send_tags() {
    use posthog_wasm::request::Project;
    let options =
        r#"{"apiKey":"phc_0123456789abcdef0123456789abcdef0123456789a","host":"https://p"}"#;
    let mut fields = Fields::of(RawObject::read(options, "options").expect("options"));
    let project = Project::read(&mut fields, false).expect("a project").expect("a project");
    let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
    let seed = EventSeed { now, random: [1; 10] };
    is_linear("compat", 1000, |n| {
        let payload = format!(
            r#"{{"event":"e","id":"u","groups":{{{0}}},"tags":{{{0}}},"properties":{{{0}}}}}"#,
            numbers(n)
        );
        compat::build(
            compat::Kind::Capture,
            &payload,
            &project,
            compat::Keep::default(),
            &seed,
            None,
        )
        .expect("a request")
        .1
    });
}

#[test]
fn subscriptions_have_items_and_plans() {
    is_linear("items and plans", 200, |n| {
        let items = members(n, |at| {
            format!(r#"{{"price":{{"id":"item{at:06}","product":"none{at:06}"}}}}"#)
        });
        let plans = members(n, |at| {
            format!(r#"{{"name":"N{at:06}","product":"prod{at:06}","monthlyPriceId":"m{at:06}"}}"#)
        });
        let webhook = format!(
            r#"{{"id":"evt","type":"customer.subscription.updated","created":1750000000,"data":{{"object":{{"id":"sub","status":"active","items":{{"data":[{items}]}}}},
            "previous_attributes":{{"items":{{"data":[{items}]}}}}}}}}"#
        );
        let by_price = stripe::to_events(
            &webhook,
            &format!(
                r#"{{"organization":["organization","o1"],"plans":[{plans}],"planChanges":"price"}}"#
            ),
        );
        assert!(by_price.events.contains("User update subscribe"));
        let sold = format!(r#"{plans},{{"name":"Last","product":"none000000"}}"#);
        let said = stripe::to_events(
            &webhook,
            &format!(r#"{{"organization":["organization","o1"],"plans":[{sold}]}}"#),
        );
        assert!(said.events.contains("User update subscribe"));
        (by_price, said)
    });
}

/// An ordered profile as `stripe::to_events` writes it.
fn profile(group: usize, subject: usize, at: usize, id: usize, live: bool) -> String {
    let rank = if live { 1 } else { 2 };
    format!(
        r#"{{"kind":"group_identify","group":["organization","o{group:06}"],"properties":{{"plan_name":"Solo"}},"order":{{"at":1{at:06},"rank":{rank},"id":"evt_{id:06}","subject":"sub_{subject:06}","live":{live},"now":{{"status":"{id:06}"}},"before":{{"status":"{id:06}"}}}}}}"#
    )
}

fn folded(n: usize, input: impl Fn(usize) -> String) -> usize {
    let inputs: Vec<String> = (0..n).map(input).collect();
    profiles::fold(&inputs.iter().map(String::as_str).collect::<Vec<_>>()).len()
}

#[test]
fn profiles_are_folded() {
    is_linear("fold: groups", 500, |n| folded(n, |at| profile(at, 1, 1, at, true)));
    is_linear("fold: subscriptions", 500, |n| folded(n, |at| profile(1, at, at, at, true)));
    is_linear("fold: ended subscriptions", 500, |n| folded(n, |at| profile(1, at, at, at, false)));
    is_linear("fold: one second", 100, |n| folded(n, |at| profile(1, 1, 1, at, true)));
}

#[test]
fn marks_are_read() {
    is_linear("mark: subscriptions", 200, |n| {
        let mark = format!("[{}]", members(n, |at| profile(1, at, at, at, true)));
        profiles::merge_profile(Some(&mark), &profile(1, 1, n, n, true)).expect("a profile").mark
    });
    is_linear("mark: one second", 50, |n| {
        let mark = format!("[{}]", members(n, |at| profile(1, 1, 1, at, true)));
        profiles::merge_profile(Some(&mark), &profile(1, 1, 1, n, true)).expect("a profile").mark
    });
}

/// Flags that somebody gets from definitions.
fn evaluated(definitions: &str, somebody: &str) -> usize {
    let definitions = Definitions::read(definitions).expect("definitions");
    let now = Timestamp::parse("2026-01-02T03:04:05Z").expect("a time");
    let given = Given::read(somebody).expect("somebody");
    snapshot::local(&definitions, &given.context(now.millis())).len()
}

#[test]
fn flags_are_evaluated() {
    let me = r#"{"distinctId":"u","personProperties":{"plan":"pro"}}"#;
    let flag = |at: usize, more: &str| {
        format!(
            r#"{{"key":"f{at:06}","active":true,"filters":{{"groups":[{{"properties":[{more}]}}]}}}}"#
        )
    };
    let on = |at: usize| {
        format!(
            r#"{{"type":"flag","key":"f{at:06}","value":true,"dependency_chain":["f{at:06}"]}}"#
        )
    };
    is_linear("flags: many", 500, |n| {
        let flags = members(n, |at| flag(at, r#"{"key":"plan","value":["free","pro"]}"#));
        evaluated(&format!(r#"{{"flags":[{flags}]}}"#), me)
    });
    is_linear("flags: each depends on the next", 500, |n| {
        let flags = members(n, |at| flag(at, &on(at + 1)));
        evaluated(&format!(r#"{{"flags":[{flags},{}]}}"#, flag(n, "")), me)
    });
    is_linear("flags: properties", 500, |n| {
        let me = format!(r#"{{"distinctId":"u","personProperties":{{{}}}}}"#, numbers(n));
        evaluated(&format!(r#"{{"flags":[{}]}}"#, flag(1, r#"{"key":"p000001","value":1}"#)), &me)
    });
    is_linear("flags: values of a filter", 500, |n| {
        let filter = format!(r#"{{"key":"plan","value":[{}]}}"#, names(n));
        evaluated(&format!(r#"{{"flags":[{}]}}"#, flag(1, &filter)), me)
    });
    is_linear("flags: PostHog's answer", 500, |n| {
        let flags = members(n, |at| format!(r#""f{at:06}":{{"enabled":true}}"#));
        let answer = format!(r#"{{"flags":{{{flags}}}}}"#);
        let keys: Vec<String> = (0..n).map(|at| format!("f{at:06}")).collect();
        flags::merge("{}", &answer, Some(&keys)).expect("a snapshot")
    });
}
