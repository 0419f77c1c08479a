#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};

use super::*;

fn events(function: &str, row: &Value) -> Vec<Value> {
    serde_json::from_str(&row_to_events(function, &row.to_string(), "null").events).unwrap()
}

/// Without what every event of a row shares.
fn told(function: &str, row: &Value) -> Value {
    let Value::Object(mut event) = events(function, row).remove(0) else { panic!("no event") };
    event.retain(|name, _| !matches!(name.as_str(), "kind" | "notification" | "source"));
    Value::Object(event)
}

/// Names, channels, icons, notify flags, properties and distinct ids that dashboards know.
#[test]
fn every_function_says_what_dashboards_know() {
    let org = json!([["organization", "o1"]]);
    let with_app = json!([["organization", "o1"], ["app", "com.x", "optional"]]);
    for (function, row, expected) in [
        (
            "uploadLinkCreated",
            json!({ "app_id": "com.x", "owner_org": "o1", "created_at": "2024-01-01T00:00:00Z" }),
            json!({ "event": "Upload via single file", "channel": "upload-get-link", "icon": "🏛️", "notify": false,
                "distinctId": "o1", "groups": with_app, "properties": { "channel": "upload-get-link" } }),
        ),
        (
            "bundleUploadFailed",
            json!({ "id": 7, "app_id": "com.x", "owner_org": "o1" }),
            json!({ "event": "Failed to upload a bundle", "channel": "upload-failed", "icon": "💀",
                "distinctId": "o1", "groups": with_app, "properties": { "channel": "upload-failed" } }),
        ),
        (
            "organizationCreated",
            json!({ "id": "o1", "name": "Acme", "created_at": "2025-01-02T03:04:05Z" }),
            json!({ "event": "Org Created", "channel": "org-created", "icon": "🎉", "notify": false, "distinctId": "o1",
                "groups": org, "timestamp": "2025-01-02T03:04:05.000Z", "properties": { "channel": "org-created" } }),
        ),
        (
            "userCreated",
            json!({ "id": "u1", "created_via_invite": true, "email": "a@b.c" }),
            json!({ "event": "User Joined by Invite", "channel": "user-register", "icon": "🎉", "notify": false,
                "distinctId": "u1", "properties": { "channel": "user-register" } }),
        ),
        (
            "userCreated",
            json!({ "id": "u1", "created_via_invite": null }),
            json!({ "event": "User Joined", "channel": "user-register", "icon": "🎉", "notify": false,
                "distinctId": "u1", "properties": { "channel": "user-register" } }),
        ),
        (
            "appCreated",
            json!({ "app_id": "com.x", "owner_org": "o1", "is_demo": true }),
            json!({ "event": "Demo App Created", "channel": "app-created", "icon": "🎮", "notify": false, "distinctId": "o1",
                "groups": with_app,
                "properties": { "app_id": "com.x", "is_demo": "true", "need_onboarding": "false", "channel": "app-created" } }),
        ),
        (
            "appCreated",
            json!({ "app_id": "com.x", "owner_org": "o1", "need_onboarding": true }),
            json!({ "event": "Onboarding App Created", "channel": "app-created", "icon": "🧭", "notify": false,
                "distinctId": "o1", "groups": with_app,
                "properties": { "app_id": "com.x", "is_demo": "false", "need_onboarding": "true", "channel": "app-created" } }),
        ),
        (
            "bundleCreated",
            json!({ "id": 7, "app_id": "com.x", "name": "1.2.3", "owner_org": "o1", "created_at": "2025-01-02T03:04:05Z" }),
            json!({ "event": "Bundle Created", "channel": "bundle-created", "icon": "🎉", "notify": false, "distinctId": "o1",
                "groups": with_app, "timestamp": "2025-01-02T03:04:05.000Z",
                "properties": { "app_id": "com.x", "bundle_name": "1.2.3", "channel": "bundle-created" } }),
        ),
        (
            "bundleDeployed",
            json!({ "id": 8, "app_id": "com.x", "bundle_name": "1.2.3", "channel_id": 42, "owner_org": "o1" }),
            json!({ "event": "Bundle Deployed", "channel": "bundle-deployed", "icon": "🚀", "notify": false, "distinctId": "o1",
                "groups": with_app,
                "properties": { "app_id": "com.x", "bundle_name": "1.2.3", "channel_id": 42, "channel": "bundle-deployed" } }),
        ),
        (
            "creditUsageAlert",
            json!({ "org_id": "o1", "threshold": 100, "percent_used": 100.456, "alert_cycle": 3 }),
            json!({ "event": "Credit usage 100%+", "channel": "usage", "icon": "⚡️", "notify": true, "distinctId": "o1",
                "groups": org,
                "properties": { "alert_cycle": "3", "percent_used": "100.46", "threshold": "100", "channel": "usage" } }),
        ),
        (
            "planUsageAlert",
            json!({ "org_id": "o1", "threshold": 90, "metric": "mau", "metric_percent": 91 }),
            json!({ "event": "User is at 90% of plan usage", "channel": "usage", "icon": "⚠️", "notify": false,
                "distinctId": "o1", "groups": org,
                "properties": { "metric": "mau", "metric_percent": "91", "threshold": "90", "channel": "usage" } }),
        ),
        (
            "planUpgradeNeeded",
            json!({ "org_id": "o1", "plan_name": "Maker" }),
            json!({ "event": "User need upgrade to Maker", "channel": "usage", "icon": "⚠️", "notify": false,
                "distinctId": "o1", "groups": org, "properties": { "channel": "usage" } }),
        ),
        (
            "onboardingNeeded",
            json!({ "org_id": "o1" }),
            json!({ "event": "User need onboarding", "channel": "usage", "icon": "🥲", "notify": false,
                "distinctId": "o1", "groups": org, "properties": { "channel": "usage" } }),
        ),
        (
            "buildStatusChanged",
            json!({ "id": "b1", "owner_org": "o1", "requested_by": "u1", "app_id": "com.x", "platform": "ios",
                "build_mode": "release", "status": "timed_out", "duration_seconds": 61, "failure_category": null }),
            json!({ "event": "Build Timed Out", "channel": "build-lifecycle", "icon": "⏰", "notify": false,
                "distinctId": "u1", "groups": with_app,
                "properties": { "app_id": "com.x", "org_id": "o1", "platform": "ios", "build_mode": "release",
                    "duration_seconds": "61", "channel": "build-lifecycle" } }),
        ),
    ] {
        assert_eq!(told(function, &row), expected, "{function}");
    }
}

#[test]
fn a_row_that_belongs_to_nobody_is_refused_later() {
    for (function, row, field) in [
        ("organizationCreated", json!({ "name": "x" }), "row.id"),
        ("organizationCreated", json!({ "id": null }), "row.id"),
        ("organizationCreated", json!({ "id": "  " }), "row.id"),
        ("appCreated", json!({ "app_id": "a" }), "row.owner_org"),
        ("buildStatusChanged", json!({ "owner_org": "o" }), "row.requested_by"),
        ("organizationCreated", json!([]), "row"),
        ("organizationCreated", json!(null), "row"),
    ] {
        let [event] = &events(function, &row)[..] else { panic!("one event") };
        assert_eq!(
            (event["kind"].as_str(), event["field"].as_str()),
            (Some("refused"), Some(field)),
            "{row}"
        );
    }
}

#[test]
fn an_organizations_profile_holds_nothing_personal() {
    let row = json!({ "id": "o1", "name": "Acme", "website": "https://acme.example", "created_at": "2025-01-02T03:04:05Z",
        "management_email": "a@b.c", "customer_id": "cus_123", "created_by": "u1", "logo": "x" });
    let said = events("organizationCreated", &row);
    assert_eq!(
        said[1]["properties"],
        json!({ "name": "Acme", "website": "https://acme.example", "created_at": "2025-01-02T03:04:05Z" })
    );
    assert!(!Value::from(said).to_string().contains("a@b.c"));
}

#[test]
fn a_time_that_is_none_is_warned_about() {
    let said = row_to_events("organizationCreated", r#"{"id":"o1","created_at":"soon"}"#, "null");
    assert_eq!(said.warnings[0].field, "row.created_at");
    assert!(!said.events.contains("source"));
}

#[test]
fn everything_can_be_overridden() {
    let row = r#"{"id":"o1","name":"Acme","created_at":"2025-01-02T03:04:05Z"}"#;
    let extra = r#"{"event":"E","channel":"c","icon":"i","notify":true,"description":"d","distinctId":"u",
        "groups":[["organization","o2"]],"properties":{"a":1},"source":{"system":"s","id":"x","at":"2025-02-02"}}"#;
    let said: Vec<Value> =
        serde_json::from_str(&row_to_events("organizationCreated", row, extra).events).unwrap();
    let event = &said[0];
    assert_eq!(
        json!([
            event["event"],
            event["channel"],
            event["icon"],
            event["notify"],
            event["description"],
            event["distinctId"]
        ]),
        json!(["E", "c", "i", true, "d", "u"])
    );
    assert_eq!(event["properties"], json!({ "a": 1, "channel": "c" }));
    assert_eq!((&event["source"]["seq"], &said[1]["source"]["seq"]), (&json!(0), &json!(1)));
    assert_eq!(event["groups"], json!([["organization", "o2"]]));
    // The profile stays the organization's own.
    assert_eq!(said[1]["group"], json!(["organization", "o1"]));
    assert_eq!(said[1]["properties"]["a"], Value::Null);
}

#[test]
fn a_build_status_that_says_nothing_is_no_event() {
    let row = r#"{"id":"b","owner_org":"o","requested_by":"u","status":"queued_for_runner"}"#;
    let said = row_to_events("buildStatusChanged", row, "null");
    assert_eq!((said.events.as_str(), said.warnings[0].code), ("[]", Code::UnknownStatus));
}

fn source(function: &str, row: &Value) -> Value {
    events(function, row).remove(0)["source"].take()
}

/// One uuid for each fact: its id is one text for one fact.
#[test]
fn two_facts_have_two_sources() {
    let build = |id: &str, status: &str, updated: &str| {
        source(
            "buildStatusChanged",
            &json!({ "id": id, "owner_org": "o", "requested_by": "u", "status": status,
                "created_at": "2025-01-02T03:00:00Z", "updated_at": updated }),
        )
    };
    // It fails, is started again and fails again.
    let failed = build("b1", "failed", "2025-01-02T03:04:05Z");
    assert_ne!(failed["id"], build("b1", "failed", "2025-01-02T04:04:05Z")["id"]);
    assert_ne!(failed["id"], build("b2", "failed", "2025-01-02T03:04:05Z")["id"]);
    // The same state of the row, however its time is spelt.
    assert_eq!(failed, build("b1", "failed", "2025-01-02 03:04:05+00"));
    assert_eq!(
        failed,
        json!({ "system": "database", "at": "2025-01-02T03:04:05.000Z",
            "id": r#"["builds","b1","Build Failed","2025-01-02T03:04:05.000Z"]"# })
    );
    let app = |app: &str, id: &Value, created: &str| {
        let row = json!({ "app_id": app, "owner_org": "o", "id": id, "created_at": created });
        source("appCreated", &row)["id"].take()
    };
    let at = "2025-01-02T03:04:05Z";
    assert_eq!(app("com.x", &json!(7), at), r#"["apps","com.x","7"]"#);
    assert_ne!(app("a", &json!("b:c"), at), app("a:b", &json!("c"), at));
    assert_ne!(app("a", &json!("b\",\"c"), at), app("a\",\"b", &json!("c"), at));
    assert_eq!(
        app("a", &Value::Null, at),
        app("a", &Value::Null, "2025-01-02 03:04:05+00"),
        "an app without an id of its own goes by its time"
    );
    for (function, row, id) in [
        ("organizationCreated", json!({ "id": "o:1" }), r#"["orgs","o:1"]"#),
        ("userCreated", json!({ "id": "u\"1" }), r#"["users","u\"1"]"#),
        ("bundleCreated", json!({ "id": 7, "owner_org": "o" }), r#"["app_versions","7"]"#),
        ("bundleDeployed", json!({ "id": 7, "owner_org": "o" }), r#"["deploy_history","7"]"#),
    ] {
        let mut row = row;
        row["created_at"] = json!(at);
        assert_eq!(source(function, &row)["id"], id, "{function}");
    }
}

/// What a caller's source counts with is added to, or refused later: never made up.
#[test]
fn a_callers_number_is_kept() {
    let row = r#"{"id":"o1"}"#;
    for (seq, first, second) in [
        ("5000000000", "5000000000", "5000000001"),
        // Null is no number: such a source is refused.
        ("18446744073709551615", "null", "null"),
        ("-1", "null", "null"),
        ("1.5", "null", "null"),
        (r#""1""#, "null", "null"),
        ("null", "0", "1"),
    ] {
        let extra =
            format!(r#"{{"source":{{"system":"s","id":"x","at":"2025-02-02","seq":{seq}}}}}"#);
        let said = row_to_events("organizationCreated", row, &extra).events;
        let numbers: Vec<&str> = said
            .split(r#""seq":"#)
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap_or_default())
            .collect();
        assert_eq!(numbers, [first, second]);
    }
}

#[test]
fn a_client_writes_no_name_of_posthogs() {
    let who = r#"{"distinctId":"u1","groups":[["organization","o1"]]}"#;
    let request = r#"{"event":"Step","tags":{"a":1,"$set":{"x":1},"$groups":{"organization":"victim"}},
        "nonPersonTags":{"$group_set":{},"b":2},"channel":"c","tracking_version":"2"}"#;
    let (text, warnings) = client::to_event(request, who).unwrap();
    let event: Value = serde_json::from_str::<Vec<Value>>(&text).unwrap().remove(0);
    assert_eq!(event["properties"], json!({ "b": 2, "a": 1, "org_id": "o1", "channel": "c" }));
    assert_eq!(
        (&event["set"], &event["distinctId"]),
        (&json!({ "a": 1, "org_id": "o1" }), &json!("u1"))
    );
    assert_eq!(warnings.len(), 3);
    for (request, code) in [
        (r#"{"event":"$groupidentify"}"#, Code::ReservedName),
        (r#"{"event":"$anything"}"#, Code::ReservedName),
        (r#"{"event":""}"#, Code::InvalidEvent),
        (r#"{"tags":{}}"#, Code::InvalidEvent),
        (r#"{"event":"e","tags":[]}"#, Code::InvalidType),
        ("[]", Code::InvalidType),
    ] {
        assert_eq!(client::to_event(request, who).unwrap_err().code, code, "{request}");
    }
    let long = format!(r#"{{"event":"e","tags":{{"a":"{}"}}}}"#, "x".repeat(70_000));
    assert_eq!(client::to_event(&long, who).unwrap_err().code, Code::TooLarge);
    // An organization that nobody verified is no property either.
    let claimed =
        r#"{"event":"e","tags":{"org_id":"victim","a":1},"nonPersonTags":{"org_id":"o1"}}"#;
    let (text, warnings) = client::to_event(claimed, who).unwrap();
    assert!(!text.contains("victim") && text.contains(r#""org_id":"o1""#) && warnings.len() == 1);
    // Where no person acts, none is written.
    let nobody = r#"{"distinctId":"o1","groups":[["organization","o1"]]}"#;
    assert!(
        !client::to_event(r#"{"event":"e","tags":{"a":1}}"#, nobody).unwrap().0.contains("\"set\"")
    );
}
