//! The core alone, natively, for a profiler that counts instructions: the same work gives the same
//! count on any machine, however busy. How to run it is in CONTRIBUTING.md.
#![allow(clippy::expect_used, missing_docs, reason = "not shipped")]

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::hint::black_box;

    use posthog_wasm::event::id::EventSeed;
    use posthog_wasm::event::input::Input;
    use posthog_wasm::event::time::Timestamp;
    use posthog_wasm::policy::Policy;
    use posthog_wasm::request::Project;
    use posthog_wasm::request::prepare::{Rules, prepare};

    let event = concat!(
        "t[[[\"organization\",\"org_1\"]],null]\t",
        r#"{"kind":"capture","event":"Ping","distinctId":"user_1","#,
        r#""properties":{"plan":"Maker","seats":12,"trial":false,"version":"7.4.2","#,
        r#""app_id":"com.acme.app","channel":"production"}}"#,
    );
    let text = vec![event; 100].join("\n");
    let policy = Policy {
        group_types: vec!["organization".to_owned()],
        send_ip: false,
        privacy: Default::default(),
    };
    let rules = Rules { policy: &policy, logsnag: None };
    let project = Project::new("phc_test", "https://eu.i.posthog.com");
    let now = Timestamp::parse("2026-01-02T03:04:05.678Z").expect("a time");
    for _ in 0..20 {
        let mut inputs = Input::from_lines(black_box(&text));
        let seed = &mut || EventSeed { now, random: [7; 10] };
        let made = prepare(&mut inputs, None, &rules, seed, &mut |_| None);
        let wires: Vec<_> = made.wires.iter().map(|(_, wire)| wire).collect();
        black_box(project.request(&wires));
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
