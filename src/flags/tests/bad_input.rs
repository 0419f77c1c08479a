//! What bad input gets: `docs/flags.md` has the table.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::super::problem::ProblemCode;
use super::*;

const DOCS: &str = include_str!("../../../docs/flags.md");

fn refused(text: &str) -> ProblemCode {
    Definitions::read(text).unwrap_err()
}

#[test]
fn definitions_as_a_whole() {
    let whole = r#"{"flags":[{"key":"f","active":true,"filters":{"groups":[{}]}}]}"#;
    for end in 0..whole.len() {
        let code = refused(whole.get(..end).unwrap());
        assert_eq!(code, ProblemCode::NotJson, "{end}");
    }
    for text in ["", "<html>", "\u{0}", "{'flags':[]}", "{\"flags\":[]}x", "NaN"] {
        assert_eq!(refused(text), ProblemCode::NotJson, "{text}");
    }
    for text in ["null", "[]", "7", "\"flags\"", "{}", r#"{"flags":{}}"#, r#"{"flags":null}"#] {
        assert_eq!(refused(text), ProblemCode::NotDefinitions, "{text}");
    }
    let nested =
        |levels: usize| ["{\"flags\":", &"[".repeat(levels), &"]".repeat(levels), "}"].concat();
    assert_eq!(refused(&nested(200)), ProblemCode::TooDeep);
    assert_eq!(refused(&"[".repeat(1_000_000)), ProblemCode::TooDeep);
    assert_eq!(refused(&" ".repeat(10_000_000)), ProblemCode::TooLarge);
    for empty in [r#"{"flags":[]}"#, r#" {"flags":[],"cohorts":7,"group_type_mapping":[]} "#] {
        assert!(Definitions::read(empty).unwrap().is_empty());
    }
}

#[test]
fn one_flag_spoils_no_other() {
    let good = r#"{"key":"good","active":true,"filters":{"groups":[{}]}}"#;
    for (bad, code) in [
        ("null", ProblemCode::InvalidFlag),
        ("7", ProblemCode::InvalidFlag),
        ("[]", ProblemCode::InvalidFlag),
        (r#"{"active":true}"#, ProblemCode::InvalidFlag),
        (r#"{"key":7,"active":true}"#, ProblemCode::InvalidFlag),
        (r#"{"key":"\ud800","active":true}"#, ProblemCode::InvalidFlag),
        (r#"{"key":"bad","active":true,"filters":7}"#, ProblemCode::InvalidFilters),
        (r#"{"key":"bad","active":true,"filters":{"groups":{}}}"#, ProblemCode::InvalidFilters),
        (r#"{"key":"bad","active":"true","filters":{"groups":[]}}"#, ProblemCode::InvalidFilters),
        (
            r#"{"key":"bad","active":true,"ensure_experience_continuity":1,"filters":{"groups":[]}}"#,
            ProblemCode::InvalidFilters,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[],"early_exit":"true"}}"#,
            ProblemCode::InvalidFilters,
        ),
        (r#"{"key":"bad","active":true,"filters":{"groups":[7]}}"#, ProblemCode::InvalidFilters),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"rollout_percentage":"50"}]}}"#,
            ProblemCode::InvalidFilters,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"rollout_percentage":1e999}]}}"#,
            ProblemCode::InvalidFilters,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"properties":[null]}]}}"#,
            ProblemCode::InvalidFilters,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"properties":[{"value":1}]}]}}"#,
            ProblemCode::InvalidFilters,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"multivariate":{"variants":[{"key":"a"}]}}}"#,
            ProblemCode::InvalidFilters,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"properties":[{"key":"a","operator":"between","value":1}]}]}}"#,
            ProblemCode::Unsupported,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"properties":[{"type":"flag","key":"x","value":true,"dependency_chain":["x"]}]}]}}"#,
            ProblemCode::MissingDependency,
        ),
        (
            r#"{"key":"bad","active":true,"filters":{"groups":[{"properties":[{"type":"flag","key":"bad","value":true,"dependency_chain":["bad"]}]}]}}"#,
            ProblemCode::Circular,
        ),
    ] {
        for flags in [[bad, good], [good, bad]] {
            let text = format!(r#"{{"flags":[{}]}}"#, flags.join(","));
            let codes: Vec<_> =
                Definitions::read(&text).unwrap().problems.iter().map(|found| found.code).collect();
            assert_eq!(codes, [code], "{bad}");
            for (key, is) in all(&text, r#"{"distinctId":"u"}"#) {
                let expected = if key == "good" { On } else { Unknown(UnsupportedDefinition) };
                assert_eq!((key.as_str(), is), (key.as_str(), expected), "{bad}");
            }
        }
    }
    let twice = format!(r#"{{"flags":[{{"key":"good","active":false}},{good}]}}"#);
    let definitions = Definitions::read(&twice).unwrap();
    assert_eq!(definitions.problems[0].code, ProblemCode::DuplicateKey);
    assert_eq!(all(&twice, r#"{"distinctId":"u"}"#), [("good".to_owned(), On)]);
}

#[test]
fn no_chain_is_too_long_and_no_tree_too_wide() {
    let count = 5_000;
    let flags: Vec<String> = (0..count)
        .zip(1..)
        .map(|(at, next)| {
            format!(
                r#"{{"key":"f{at}","active":true,"filters":{{"groups":[{{"properties":[{{"type":"flag","key":"f{next}","value":true,"dependency_chain":["f{next}"]}}]}}]}}}}"#
            )
        })
        .collect();
    let last = format!(r#"{{"key":"f{count}","active":true,"filters":{{"groups":[{{}}]}}}}"#);
    let text = format!(r#"{{"flags":[{},{last}]}}"#, flags.join(","));
    assert!(all(&text, r#"{"distinctId":"u"}"#).iter().all(|(_, is)| *is == On));

    // Each cohort twice in the one before it: two to the power of 16 ways, and each is gone once.
    let cohorts: Vec<String> = (0..60)
        .zip(1..)
        .map(|(at, next)| {
            let next = format!(r#"{{"type":"cohort","value":{next}}}"#);
            format!(r#""{at}":{{"type":"OR","values":[{next},{next}]}}"#)
        })
        .collect();
    let text = |from: usize| {
        format!(
            r#"{{"flags":[{{"key":"f","active":true,"filters":{{"groups":[{{"properties":[{{"type":"cohort","value":{from}}}]}}]}}}}],"cohorts":{{{},"60":{{"type":"OR","values":[]}}}}}}"#,
            cohorts.join(",")
        )
    };
    let me = r#"{"distinctId":"u"}"#;
    assert_eq!(all(&text(44), me)[0].1, Off);
    assert_eq!(all(&text(0), me)[0].1, Unknown(UnsupportedDefinition));
}

#[test]
fn every_code_is_in_the_documentation() {
    for code in ProblemCode::ALL {
        assert!(DOCS.contains(&format!("| `{}`", code.name())), "{}", code.name());
    }
}

/// A value is read once for each filter: a large one for so many, and the others are not decided.
#[test]
fn comparing_ends_where_searching_does() {
    for (value, operator) in [
        (format!("\"{}\"", "x".repeat(1_000_000)), "not_icontains"),
        (format!("[{}1]", "1,".repeat(500_000)), "is_not"),
    ] {
        let filter = format!(r#"{{"key":"p","operator":"{operator}","value":"z"}}"#);
        let flags: Vec<String> = (0..60)
            .map(|at| {
                format!(
                    r#"{{"key":"f{at}","active":true,"filters":{{"groups":[{{"properties":[{filter}]}}]}}}}"#
                )
            })
            .collect();
        let text = format!(r#"{{"flags":[{}]}}"#, flags.join(","));
        let given = format!(r#"{{"distinctId":"u","personProperties":{{"p":{value}}}}}"#);
        let (found, work) = crate::json::work::counted(|| all(&text, &given));
        let decided: Vec<_> = found.into_iter().map(|(_, is)| is).collect();
        let count = |wanted: Is| decided.iter().filter(|is| **is == wanted).count();
        let on = count(On);
        assert!((1..=20).contains(&on), "{operator}: {on}");
        assert!(work < 30_000_000, "{operator}: {work}");
        assert_eq!(
            count(Unknown(UnsupportedDefinition)),
            60_usize.saturating_sub(on),
            "{operator}"
        );
    }
}
