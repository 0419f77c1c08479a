//! The order of rules, one by one.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

const ME: &str = r#"{"distinctId":"user-1","personProperties":{"plan":"pro","age":30,"ratio":1.5,"none":null,"yes":"TRUE","list":[1,"a"],"v":"1.2.3","at":"2024-03-30T00:00:00Z"},"groupTypes":["company"],"groups":[["company","c1"]],"groupProperties":{"company":{"size":7}}}"#;

fn property(key: &str, operator: &str, value: &str) -> String {
    format!(r#"{{"key":"{key}","operator":"{operator}","value":{value}}}"#)
}

/// One condition with one filter.
fn filter(key: &str, operator: &str, value: &str) -> Is {
    one(&format!(r#"{{"groups":[{{"properties":[{}]}}]}}"#, property(key, operator, value)), ME)
}

#[test]
fn operators() {
    let (missing, unsupported) = (Unknown(MissingContext), Unknown(UnsupportedDefinition));
    for (key, operator, value, is) in [
        ("plan", "exact", r#""PRO""#, On),
        ("plan", "exact", r#"["free","pro"]"#, On),
        ("plan", "is_not", r#""free""#, On),
        ("plan", "exact", "[]", Off),
        ("yes", "exact", "[]", On),
        ("age", "exact", "30", On),
        ("age", "exact", r#""30""#, On),
        ("age", "exact", "30.0", Off),
        ("age", "exact", "[29,30]", On),
        ("ratio", "exact", "1.50", On),
        ("none", "exact", r#""null""#, On),
        ("yes", "exact", "true", On),
        ("plan", "exact", r#""false""#, On),
        ("list", "exact", r#"[[1,"A"]]"#, On),
        ("other", "exact", "1", missing.clone()),
        ("plan", "icontains", r#""R""#, On),
        ("list", "icontains", r#""1,a""#, On),
        ("plan", "not_icontains", r#""x""#, On),
        ("plan", "starts_with", r#""PR""#, On),
        ("plan", "ends_with", r#""pr""#, Off),
        ("plan", "regex", r#""^p.o$""#, On),
        ("plan", "not_regex", r#""^p.o$""#, Off),
        ("plan", "regex", r#""(""#, Off),
        ("plan", "not_regex", r#""(""#, Off),
        ("plan", "regex", r#""(?=p)""#, unsupported.clone()),
        ("age", "gt", r#""29.5""#, On),
        ("age", "lte", "30", On),
        ("plan", "gt", r#""abc""#, On),
        ("none", "gt", "0", Off),
        ("plan", "is_set", "null", On),
        ("plan", "is_not_set", "null", Off),
        ("other", "is_set", "null", missing.clone()),
        ("other", "is_not_set", "null", missing.clone()),
        ("at", "is_date_after", r#""-2d""#, On),
        ("at", "is_date_before", r#""2024-03-30""#, Off),
        ("plan", "is_date_before", r#""2024-03-30""#, missing.clone()),
        ("at", "is_date_before", r#""soon""#, unsupported.clone()),
        ("v", "semver_gte", r#""1.2""#, On),
        ("v", "semver_caret", r#""1.0""#, On),
        ("v", "semver_wildcard", r#""2.*""#, Off),
        ("v", "semver_eq", r#""x""#, unsupported.clone()),
        ("plan", "semver_eq", r#""1""#, missing.clone()),
        ("age", "between", "[1,99]", unsupported.clone()),
        ("other", "between", "[1,99]", unsupported.clone()),
        ("distinct_id", "exact", r#""user-1""#, On),
    ] {
        assert_eq!(filter(key, operator, value), is, "{key} {operator} {value}");
    }
}

#[test]
fn a_version_of_matching_compares_texts() {
    let of = |value: &str, version: u32| {
        let filters = property("plan", "exact", value);
        let text = format!(
            r#"{{"property_matching_version":{version},"flags":[{{"key":"f","active":true,"filters":{{"groups":[{{"properties":[{filters}]}}]}}}}]}}"#
        );
        all(&text, ME).swap_remove(0).1
    };
    assert_eq!((of(r#""false""#, 1), of(r#""false""#, 2)), (On, Off));
    assert_eq!((of("[]", 1), of("[]", 2)), (Off, Off));
}

#[test]
fn conditions_are_taken_in_order() {
    let (yes, no, unknown) = (
        property("plan", "exact", r#""pro""#),
        property("plan", "exact", r#""x""#),
        property("other", "exact", "1"),
    );
    let odd = property("plan", "regex", r#""(?=p)""#);
    let variants = r#""multivariate":{"variants":[{"key":"a","rollout_percentage":100},{"key":"b","rollout_percentage":0}]}"#;
    for (filters, is) in [
        ("{}".to_owned(), Off),
        ("null".to_owned(), Off),
        (r#"{"groups":[{}]}"#.to_owned(), On),
        (format!(r#"{{"groups":[{{"properties":[{no},{unknown}]}}]}}"#), Off),
        (format!(r#"{{"groups":[{{"properties":[{yes},{unknown}]}}]}}"#), Unknown(MissingContext)),
        (format!(r#"{{"groups":[{{"properties":[{unknown}]}},{{"properties":[{yes}]}}]}}"#), On),
        (
            format!(r#"{{"groups":[{{"properties":[{yes}],"variant":"b"}}],{variants}}}"#),
            Variant("b"),
        ),
        (
            format!(r#"{{"groups":[{{"properties":[{yes}],"variant":"z"}}],{variants}}}"#),
            Variant("a"),
        ),
        // A doubtful pattern that could have given another value.
        (
            format!(r#"{{"groups":[{{"properties":[{odd}],"variant":"b"}},{{}}],{variants}}}"#),
            Unknown(UnsupportedDefinition),
        ),
        (format!(r#"{{"groups":[{{"properties":[{odd}]}},{{}}],{variants}}}"#), Variant("a")),
        // user-1 is within 94 % of f, and not within 90 %.
        (r#"{"groups":[{"rollout_percentage":0},{}]}"#.to_owned(), On),
        (r#"{"groups":[{"rollout_percentage":0},{}],"early_exit":true}"#.to_owned(), Off),
        (
            format!(
                r#"{{"groups":[{{"properties":[{unknown}]}},{{"rollout_percentage":0}}],"early_exit":true}}"#
            ),
            Unknown(MissingContext),
        ),
        (r#"{"groups":[{}],"feature_enrollment":true}"#.to_owned(), Unknown(UnsupportedDefinition)),
        (r#"{"groups":[{}],"version":2}"#.to_owned(), Unknown(UnsupportedDefinition)),
        (r#"{"groups":[{}],"version":1}"#.to_owned(), On),
        (
            r#"{"groups":[{}],"holdout":{"id":7,"exclusion_percentage":100}}"#.to_owned(),
            Variant("holdout-7"),
        ),
        (r#"{"groups":[{}],"holdout":{"id":7,"exclusion_percentage":null}}"#.to_owned(), On),
        (r#"{"groups":[{}],"holdout":{"id":7,"exclusion_percentage":"all"}}"#.to_owned(), On),
    ] {
        assert_eq!(one(&filters, ME), is, "{filters}");
    }
}

#[test]
fn groups_have_flags_of_their_own() {
    let size = property("size", "gt", "5");
    for (filters, is) in [
        (
            format!(r#"{{"aggregation_group_type_index":0,"groups":[{{"properties":[{size}]}}]}}"#),
            On,
        ),
        (
            r#"{"aggregation_group_type_index":1,"groups":[{}]}"#.to_owned(),
            Unknown(UnsupportedDefinition),
        ),
        (
            format!(r#"{{"groups":[{{"properties":[{size}],"aggregation_group_type_index":0}}]}}"#),
            On,
        ),
        (format!(r#"{{"groups":[{{"properties":[{size}]}}]}}"#), Unknown(MissingContext)),
    ] {
        assert_eq!(one(&filters, ME), is, "{filters}");
    }
    let nobody = r#"{"distinctId":"user-1"}"#;
    for filters in [
        r#"{"aggregation_group_type_index":0,"groups":[{}]}"#,
        r#"{"groups":[{"aggregation_group_type_index":0}]}"#,
    ] {
        assert_eq!(one(filters, nobody), Off, "{filters}");
    }
}

#[test]
fn cohorts_are_trees() {
    let (yes, no) = (r#"{"key":"plan","value":"pro"}"#, r#"{"key":"plan","value":"free"}"#);
    let unknown = r#"{"key":"other","value":1}"#;
    let not_no = r#"{"key":"plan","value":"free","negation":true}"#;
    let group = |kind: &str, values: &str| format!(r#"{{"type":"{kind}","values":[{values}]}}"#);
    let missing = Unknown(MissingContext);
    for (cohort, is) in [
        (group("AND", yes), On),
        (group("AND", no), Off),
        (group("OR", yes), On),
        (group("OR", no), Off),
        (group("property", &format!("{yes},{not_no}")), On),
        (group("AND", &format!("{yes},{no}")), Off),
        (group("OR", &format!("{no},{yes}")), On),
        (group("AND", &format!("{unknown},{no}")), Off),
        (group("AND", &format!("{unknown},{yes}")), missing.clone()),
        (group("OR", &format!("{unknown},{yes}")), On),
        (group("OR", &format!("{unknown},{no}")), missing),
        (group("AND", ""), On),
        (group("OR", ""), Off),
        (group("AND", &group("OR", yes)), On),
        (group("AND", &format!("{},{}", group("OR", yes), group("OR", no))), Off),
        (group("OR", &format!("{},{}", group("AND", no), group("AND", yes))), On),
        ("null".to_owned(), On),
        ("7".to_owned(), Unknown(UnsupportedDefinition)),
        (r#"{"type":"AND","values":7}"#.to_owned(), Unknown(UnsupportedDefinition)),
        (r#"{"type":"AND","values":[7]}"#.to_owned(), Unknown(UnsupportedDefinition)),
    ] {
        let text = format!(
            r#"{{"flags":[{{"key":"f","active":true,"filters":{{"groups":[{{"properties":[{{"type":"cohort","value":1}}]}}]}}}}],"cohorts":{{"1":{cohort}}}}}"#
        );
        assert_eq!(all(&text, ME)[0].1, is, "{cohort}");
    }
}

#[test]
fn flags_depend_on_flags_and_cohorts() {
    let flag = |key: &str, more: &str, properties: &str| {
        format!(
            r#"{{"key":"{key}","active":true{more},"filters":{{"groups":[{{"properties":[{properties}]}}]}}}}"#
        )
    };
    let on = |key: &str, chain: &str, value: &str| {
        format!(r#"{{"type":"flag","key":"{key}","value":{value},"dependency_chain":{chain}}}"#)
    };
    let cohort = |id: &str, operator: &str| {
        format!(r#"{{"type":"cohort","key":"id","value":{id},"operator":"{operator}"}}"#)
    };
    let plan = property("plan", "exact", r#""pro""#);
    let flags = [
        flag("dependent", "", &on("base", r#"["base"]"#, "true")),
        flag("not", "", &on("base", r#"["base"]"#, "false")),
        flag("named", "", &on("base", r#"["base"]"#, r#""true""#)),
        flag("odd", "", &on("base", r#"["base"]"#, "1")),
        flag("base", "", &plan),
        flag("kept", r#","ensure_experience_continuity":true"#, ""),
        flag("on kept", "", &on("kept", r#"["kept"]"#, "true")),
        flag("on nothing", "", &on("gone", r#"["gone"]"#, "true")),
        flag("no chain", "", r#"{"type":"flag","key":"base","value":true}"#),
        flag("empty chain", "", &on("base", "[]", "true")),
        flag("not in its chain", "", &on("base", r#"["kept"]"#, "true")),
        flag("one", "", &on("two", r#"["two"]"#, "true")),
        flag("two", "", &on("one", r#"["one"]"#, "true")),
        flag("on one", "", &on("one", r#"["one"]"#, "true")),
        flag("device", r#","bucketing_identifier":"device_id""#, ""),
        flag("in", "", &cohort("1", "in")),
        flag("not in", "", &cohort("1", "not_in")),
        flag("static", "", &cohort("99", "in")),
        flag(
            "static last",
            "",
            &format!("{},{}", property("other", "exact", "1"), cohort("99", "in")),
        ),
        flag("round", "", &cohort("2", "in")),
        flag("kind", "", &cohort("4", "in")),
        flag("everybody", "", &cohort("5", "in")),
        flag("nobody", "", &cohort("6", "in")),
        flag("web", r#","evaluation_contexts":["web"]"#, ""),
        flag("on web", "", &on("web", r#"["web"]"#, "true")),
    ];
    let cohorts = format!(
        r#"{{"1":{{"type":"OR","values":[{{"type":"AND","values":[{plan},{}]}}]}},
            "2":{{"type":"AND","values":[{}]}},"3":{{"type":"AND","values":[{}]}},
            "4":{{"type":"XOR","values":[{plan}]}},"5":{{}},"6":{{"type":"OR","values":[]}}}}"#,
        r#"{"key":"plan","value":"free","negation":true}"#,
        cohort("3", "in"),
        cohort("2", "in"),
    );
    let text = format!(r#"{{"flags":[{}],"cohorts":{cohorts}}}"#, flags.join(","));
    let (unresolved, unsupported) = (Unknown(UnresolvedDependency), Unknown(UnsupportedDefinition));
    let expected = [
        ("dependent", On),
        ("not", Off),
        ("named", Off),
        ("odd", Off),
        ("base", On),
        ("kept", Unknown(ExperienceContinuity)),
        ("on kept", unresolved.clone()),
        ("on nothing", unsupported.clone()),
        ("no chain", unsupported.clone()),
        ("empty chain", unsupported.clone()),
        ("not in its chain", unsupported.clone()),
        ("one", unsupported.clone()),
        ("two", unsupported.clone()),
        ("on one", unresolved),
        ("device", Unknown(MissingContext)),
        ("in", On),
        ("not in", Off),
        ("static", unsupported.clone()),
        ("static last", unsupported.clone()),
        ("round", unsupported.clone()),
        ("kind", unsupported),
        ("everybody", On),
        ("nobody", Off),
        ("web", On),
        ("on web", On),
    ];
    let found = all(&text, ME);
    for ((key, is), (known, expected)) in found.iter().zip(&expected) {
        assert_eq!((key.as_str(), is), (*known, expected));
    }
    assert_eq!(found.len(), expected.len());

    // One alone is what it is among all.
    for (key, expected) in &expected {
        let options = ME.replacen('{', &format!(r#"{{"flagKeys":["{key}"],"#), 1);
        assert_eq!(all(&text, &options), [((*key).to_owned(), expected.clone())]);
    }
    // In another context a flag is off to whoever depends on it.
    let options = ME.replacen('{', r#"{"evaluationContexts":["mobile"],"#, 1);
    let found = all(&text, &options);
    assert!(!found.iter().any(|(key, _)| key == "web"));
    assert_eq!(found.last().unwrap(), &("on web".to_owned(), Off));
}
