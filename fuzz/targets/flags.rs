//! Definitions and answers come from anywhere; whatever they are, each flag has a value or a reason.
#![no_main]

mod oracle;

use libfuzzer_sys::fuzz_target;
use posthog_wasm::flags::context::Given;
use posthog_wasm::flags::definitions::Definitions;
use posthog_wasm::flags::evaluate::evaluate;
use posthog_wasm::flags::regex::{Effort, Pattern};
use posthog_wasm::flags::snapshot;
use posthog_wasm::json;
use posthog_wasm::request::flags;

const NOW: i64 = 1_711_861_567_008;
const SOMEBODY: &str = r#"{"distinctId":"u","groups":[["company","c"]],"personProperties":{"plan":"pro","age":30,"v":"1.2.3","at":"2024-03-30T00:00:00Z","none":null,"list":[1,"a"]},"groupProperties":{"company":{"size":7}}}"#;

fuzz_target!(|text: &str| {
    let _ = Pattern::read(text).search(text, &Effort::default());
    // As one filter's value and operator, so that most inputs get so far.
    let mut quoted = String::new();
    json::quote(&mut quoted, text);
    let (operator, value) = text.split_once('\n').unwrap_or((text, text));
    let filter = |key: &str, operator: &str, value: &str| {
        let definitions = format!(
            r#"{{"flags":[{{"key":"f","active":true,"filters":{{"groups":[{{"properties":[{{"key":"{key}","operator":{operator},"value":{value}}}]}}]}}}}]}}"#
        );
        decide(&definitions, SOMEBODY);
    };
    let mut name = String::new();
    json::quote(&mut name, operator);
    for key in ["plan", "age", "v", "at", "list"] {
        filter(key, &name, if json::is_valid(value) { value } else { &quoted });
        for known in
            ["exact", "icontains", "regex", "gt", "is_date_before", "semver_eq", "semver_wildcard"]
        {
            filter(key, &format!("\"{known}\""), &quoted);
        }
    }
    decide(text, SOMEBODY);
    if json::is_valid(text) {
        decide(
            r#"{"flags":[{"key":"f","active":true,"filters":{"groups":[{"properties":[{"key":"plan","value":"pro"}]}]}}]}"#,
            text,
        );
    }
    if let Some(merged) = flags::merge("{}", text, None) {
        assert!(oracle::is_json(&merged), "{merged}");
    }
});

/// Whatever was decided is JSON, and the same whichever flags are asked for besides.
fn decide(definitions: &str, somebody: &str) {
    let Ok(given) = Given::read(somebody) else { return };
    let Ok(definitions) = Definitions::read(definitions) else { return };
    let mut context = given.context(NOW);
    let text = snapshot::local(&definitions, &context);
    assert!(oracle::is_json(&text), "{text}");
    context.keys = None;
    let all = evaluate(&definitions, &context);
    for one in all.iter().take(3) {
        context.keys = Some(vec![one.flag.key.clone()]);
        let alone = evaluate(&definitions, &context);
        assert_eq!(alone.len(), 1);
        assert_eq!(alone[0].decision, one.decision, "{}", one.flag.key);
    }
}
