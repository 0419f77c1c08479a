//! What PostHog is asked about feature flags, what it answers, and what events say of them.

use std::borrow::Cow;

use crate::error::{Code, Error};
use crate::flags::FlagValue;
use crate::flags::context::Given;
use crate::flags::named;
use crate::flags::snapshot::write_value;
use crate::json::fields::Fields;
use crate::json::index::Index;
use crate::json::text;
use crate::json::writer::{JsonMap, ObjectWriter, list, object};
use crate::json::{self, RawObject};
use crate::request::{Project, names};

impl Project {
    /// Where flags are asked for.
    pub fn flags_url(&self) -> String {
        [&self.base, names::FLAGS_PATH].concat()
    }

    /// Where definitions are fetched.
    pub fn definitions_url(&self) -> String {
        let mut url = [&self.base, names::DEFINITIONS_PATH].concat();
        // A key has visible ASCII characters only; some of them mean something in a query.
        for byte in self.api_key.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~') {
                url.push(char::from(byte));
            } else {
                url.push('%');
                for half in [byte >> 4, byte & 15] {
                    url.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
                }
            }
        }
        url.push_str(names::SEND_COHORTS);
        url
    }

    /// The body of a request for flags.
    pub fn flags_body(&self, given: &Given<'_>) -> String {
        object(|body| {
            body.string("token", &self.api_key);
            body.string("distinct_id", &given.distinct_id);
            let mut groups = ObjectWriter::open(body.key("groups"));
            for group in &given.groups {
                groups.string(&group.kind, &group.key);
            }
            groups.close();
            body.members("person_properties", given.person.inner());
            let mut properties = ObjectWriter::open(body.key("group_properties"));
            for group in &given.groups {
                let mut known = JsonMap::default();
                known.set_string(names::GROUP_KEY, &group.key);
                if let Some(more) = given.group_properties.get(&group.kind).and_then(json::object) {
                    known.extend(more);
                }
                properties.members(&group.kind, &known.members());
            }
            properties.close();
            body.boolean("geoip_disable", given.disable_geoip);
            body.string("evaluation_runtime", "server");
            if let Some(keys) = &given.keys {
                list(body.key("flag_keys_to_evaluate"), keys, |to, key| json::quote(to, key));
            }
            if !given.contexts.is_empty() {
                let to = body.key("evaluation_contexts");
                list(to, &given.contexts, |to, context| json::quote(to, context));
            }
            let device = given.person.get(names::DEVICE_ID);
            if let Some(device) =
                device.filter(|raw| !matches!(*raw, "null" | "false" | "0" | "\"\""))
            {
                body.raw(names::DEVICE_ID, device);
            }
        })
    }
}

/// Reads a key that may fetch definitions.
pub fn secret_key(fields: &mut Fields<'_>) -> Result<String, Error> {
    let refused = |message| Err(Error::new(Code::InvalidApiKey, "secretKey", message));
    let key = fields.take_str("secretKey")?.unwrap_or_default();
    let key = text::trim(&key);
    if key.is_empty() {
        return refused("is missing: definitions take a secret key, phs_… or phx_…");
    }
    if key.starts_with("phc_") {
        return refused("is the project's own key; definitions take a secret one, phs_… or phx_…");
    }
    if key.len() > 200 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refused("must be at most 200 visible ASCII characters");
    }
    Ok(key.to_owned())
}

/// A snapshot with PostHog's answer in it: what was decided here stays. `None`: it is no answer.
pub fn merge(local: &str, answer: &str, keys: Option<&[String]>) -> Option<String> {
    let answer = Answer::read(answer)?;
    let asked_for = keys.map(|keys| {
        let mut index = Index::default();
        for key in keys {
            index.set(Cow::Borrowed(key.as_str()), 0);
        }
        index
    });
    let local = json::object(local).unwrap_or(RawObject::EMPTY);
    let part = |name| local.get(name).and_then(json::object).unwrap_or(RawObject::EMPTY);
    let mut flags = JsonMap::default();
    flags.extend(part("flags"));
    let mut unresolved = JsonMap::default();
    unresolved.extend(part("unresolved"));
    for (key, record) in answer.flags {
        let is_asked_for = asked_for.as_ref().is_none_or(|keys| keys.get(&key).is_some());
        if is_asked_for && flags.get(&key).is_none() {
            unresolved.remove(&key);
            flags.put(key, record);
        }
    }
    for key in answer.failed {
        if flags.get(&key).is_none() {
            unresolved.put(key, r#""failed""#.to_owned());
        }
    }
    Some(object(|snapshot| {
        flags.write(snapshot.key("flags"));
        unresolved.write(snapshot.key("unresolved"));
        snapshot.boolean("minimal", answer.minimal);
        for (name, raw) in [("requestId", answer.request_id), ("evaluatedAt", answer.evaluated_at)]
        {
            if let Some(raw) = raw {
                snapshot.raw(name, raw);
            }
        }
        list(snapshot.key("errors"), &answer.errors, |to, error| json::quote(to, error));
    }))
}

/// An answer that was read.
#[derive(Default)]
struct Answer<'t> {
    /// Records by key.
    flags: Vec<(Cow<'t, str>, String)>,
    /// Those that PostHog could not evaluate.
    failed: Vec<Cow<'t, str>>,
    minimal: bool,
    request_id: Option<&'t str>,
    evaluated_at: Option<&'t str>,
    errors: Vec<&'static str>,
}

impl<'t> Answer<'t> {
    fn read(text: &'t str) -> Option<Self> {
        if !json::is_valid(text) || json::check_depth(text, "").is_err() {
            return None;
        }
        let object = json::object(text)?;
        let mut answer = Self::default();
        let (mut flags, mut values, mut payloads) = (None, None, None);
        for (name, raw) in object.entries() {
            match &*name {
                "flags" => flags = Some(raw),
                "featureFlags" => values = Some(raw),
                "featureFlagPayloads" => payloads = json::object(raw),
                "requestId" if raw.starts_with('"') => answer.request_id = Some(raw),
                "evaluatedAt" if raw != "null" => answer.evaluated_at = Some(raw),
                "minimalFlagCalledEvents" => answer.minimal = raw == "true",
                "errorsWhileComputingFlags" if raw == "true" => {
                    answer.errors.push(names::flag_error::COMPUTING);
                }
                "quotaLimited" => {
                    let limited = json::unquote_strings(raw).unwrap_or_default();
                    if limited.iter().any(|what| what == "feature_flags") {
                        answer.errors.push(names::flag_error::QUOTA);
                    }
                }
                _ => {}
            }
        }
        if answer.errors.contains(&names::flag_error::QUOTA) {
            return Some(answer);
        }
        if let Some(flags) = flags {
            for (key, raw) in json::object(flags)?.entries() {
                match json::object(raw).and_then(detail) {
                    Some(record) => answer.flags.push((key, record)),
                    None => answer.failed.push(key),
                }
            }
        } else if let Some(values) = values {
            for (key, raw) in json::object(values)?.entries() {
                let payload = payloads.and_then(|payloads| payloads.get(&key));
                match old_value(raw) {
                    Some(value) => answer.flags.push((key, record(&value, payload, |_| {}))),
                    None => answer.failed.push(key),
                }
            }
        }
        Some(answer)
    }
}

/// A flag's record; `None` if PostHog could not evaluate it.
fn detail(flag: RawObject<'_>) -> Option<String> {
    let enabled = match flag.get("enabled")? {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    if flag.get("failed") == Some("true") {
        return None;
    }
    let value = match flag.get("variant").and_then(json::unquote_string) {
        _ if !enabled => FlagValue::Off,
        Some(variant) => FlagValue::Variant(variant),
        None => FlagValue::On,
    };
    let part = |name| flag.get(name).and_then(json::object).unwrap_or(RawObject::EMPTY);
    let (metadata, reason) = (part("metadata"), part("reason"));
    let text = |name| reason.get(name).filter(|raw| raw.starts_with('"'));
    Some(record(&value, metadata.get("payload"), |record| {
        for name in ["id", "version"] {
            if let Some(raw) = metadata.get(name).filter(|raw| *raw != "null") {
                record.raw(name, raw);
            }
        }
        if let Some(raw) = text("description").or_else(|| text("code")) {
            record.raw("reason", raw);
        }
        match metadata.get("has_experiment") {
            Some("true") => record.boolean("experiment", true),
            Some("false") => record.boolean("experiment", false),
            _ => {}
        }
    }))
}

/// The value in an older PostHog's answer.
fn old_value(raw: &str) -> Option<FlagValue> {
    match raw {
        "true" => Some(FlagValue::On),
        "false" => Some(FlagValue::Off),
        _ => json::unquote_string(raw).map(FlagValue::Variant),
    }
}

fn record(
    value: &FlagValue,
    payload: Option<&str>,
    more: impl FnOnce(&mut ObjectWriter<'_>),
) -> String {
    object(|record| {
        write_value(record, value);
        if let Some(payload) = payload {
            record.raw("payload", payload);
        }
        more(record);
    })
}

/// What events say of flags: `values` is an object of values by key.
pub fn event_properties(values: RawObject<'_>) -> String {
    let mut active = Vec::new();
    object(|properties| {
        for (key, value) in values.entries() {
            properties.raw(&[names::FEATURE_PREFIX, &key].concat(), value);
            if value != "false" {
                active.push(key);
            }
        }
        // As JavaScript sorts texts.
        let mut active: Vec<&str> = active.iter().map(AsRef::as_ref).collect();
        named::sort(&mut active, |one, other| one.encode_utf16().cmp(other.encode_utf16()));
        if !active.is_empty() {
            let to = properties.key(names::ACTIVE_FLAGS);
            list(to, &active, |to, key| json::quote(to, key));
        }
    })
}

/// The properties of the event that a flag was read. `read` is an object: the `key`, the `record`
/// unless the flag is missing, what its snapshot says (`requestId`, `evaluatedAt`, `errors`,
/// `unresolved`, `minimal`), the time (`now`) and when its definitions were fetched (`loadedAt`).
pub fn called_properties(read: RawObject<'_>) -> String {
    let key = read.get("key").and_then(json::unquote).unwrap_or_default();
    let record = read.get("record").and_then(json::object);
    let known = record.unwrap_or(RawObject::EMPTY);
    let is_local = known.get("local") == Some("true");
    let experiment = known.get("experiment");
    let minimal = read.get("minimal") == Some("true") && experiment == Some("false");
    object(|properties| {
        properties.string(names::FEATURE_FLAG, &key);
        if let Some(value) = known.get("value") {
            properties.raw(names::FEATURE_FLAG_RESPONSE, value);
            if !minimal {
                properties.raw(&[names::FEATURE_PREFIX, &key].concat(), value);
            }
        }
        for (name, from) in [
            (names::FEATURE_FLAG_ID, "id"),
            (names::FEATURE_FLAG_VERSION, "version"),
            (names::FEATURE_FLAG_REASON, "reason"),
        ] {
            if let Some(raw) = known.get(from) {
                properties.raw(name, raw);
            }
        }
        properties.boolean(names::LOCALLY_EVALUATED, is_local);
        let at = if is_local { read.get("now") } else { read.get("evaluatedAt") };
        let loaded = read.get("loadedAt").filter(|_| is_local && !minimal);
        for (name, raw) in [
            (names::FEATURE_FLAG_REQUEST_ID, read.get("requestId")),
            (names::FEATURE_FLAG_EVALUATED_AT, at),
            (names::FEATURE_FLAG_HAS_EXPERIMENT, experiment),
            (names::FEATURE_FLAG_LOADED_AT, loaded),
        ] {
            if let Some(raw) = raw {
                properties.raw(name, raw);
            }
        }
        let mut errors = read.get("errors").and_then(json::unquote_strings).unwrap_or_default();
        errors.retain(|error| names::flag_error::IN_EVENTS.contains(&error.as_str()));
        if record.is_none() {
            let unresolved = read.get("unresolved") == Some("true");
            let why = if unresolved {
                names::flag_error::INCONCLUSIVE
            } else {
                names::flag_error::MISSING
            };
            errors.push(why.to_owned());
        }
        if !errors.is_empty() {
            properties.string(names::FEATURE_FLAG_ERROR, &errors.join(","));
        }
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn project() -> Project {
        Project::new("phc_k&", "https://h")
    }

    #[test]
    fn the_request_is_what_posthog_reads() {
        let given = r#"{"distinctId":"u","groupTypes":["company"],"groups":[["company","c"]],"personProperties":{"a":1},
            "groupProperties":{"company":{"plan":"pro"},"other":{}},"flagKeys":["k"],"evaluationContexts":["web"]}"#;
        let given = Given::read(given).unwrap();
        assert_eq!(
            project().flags_body(&given),
            r#"{"token":"phc_k&","distinct_id":"u","groups":{"company":"c"},"person_properties":{"a":1},"group_properties":{"company":{"$group_key":"c","plan":"pro"}},"geoip_disable":true,"evaluation_runtime":"server","flag_keys_to_evaluate":["k"],"evaluation_contexts":["web"]}"#
        );
        let given =
            r#"{"distinctId":"u","personProperties":{"$device_id":"d"},"disableGeoip":false}"#;
        assert_eq!(
            project().flags_body(&Given::read(given).unwrap()),
            r#"{"token":"phc_k&","distinct_id":"u","groups":{},"person_properties":{"$device_id":"d"},"group_properties":{},"geoip_disable":false,"evaluation_runtime":"server","$device_id":"d"}"#
        );
        assert_eq!(project().flags_url(), "https://h/flags/?v=2");
        let url = "https://h/flags/definitions?token=phc_k%26&send_cohorts";
        assert_eq!(project().definitions_url(), url);
    }

    #[test]
    fn answers_of_every_shape_are_read() {
        let local = r#"{"flags":{"a":{"value":true}},"unresolved":{"b":"missing_context","c":"missing_context"}}"#;
        let merged = |answer| merge(local, answer, None);
        let known = r#""a":{"value":true}"#;
        let rest =
            r#""unresolved":{"c":"missing_context"},"minimal":true,"requestId":"r","errors":[]}"#;
        assert_eq!(
            merged(r#"{"flags":{"a":{"enabled":false},"b":{"enabled":true,"variant":"v","reason":{"code":"x"},"metadata":{"id":7,"version":2,"payload":"1","has_experiment":false}}},"requestId":"r","minimalFlagCalledEvents":true}"#),
            Some([r#"{"flags":{"#, known, r#","b":{"value":"v","payload":"1","id":7,"version":2,"reason":"x","experiment":false}},"#, rest].concat())
        );
        let rest = r#""minimal":false,"errors":[]}"#;
        let unresolved = r#""unresolved":{"c":"missing_context"},"#;
        assert_eq!(
            merged(r#"{"featureFlags":{"b":"v"},"featureFlagPayloads":{"b":"{}"}}"#),
            Some(
                [
                    r#"{"flags":{"#,
                    known,
                    r#","b":{"value":"v","payload":"{}"}},"#,
                    unresolved,
                    rest
                ]
                .concat()
            )
        );
        assert_eq!(
            merged(r#"{"flags":{"b":null,"c":{"enabled":false,"failed":true}},"errorsWhileComputingFlags":true}"#),
            Some([r#"{"flags":{"#, known, r#"},"unresolved":{"b":"failed","c":"failed"},"minimal":false,"errors":["errors_while_computing_flags"]}"#].concat())
        );
        let quota = merged(r#"{"flags":{"b":{"enabled":true}},"quotaLimited":["feature_flags"]}"#);
        assert!(quota.unwrap().contains(r#""errors":["quota_limited"]"#));
        for none in
            ["", "null", "[]", "<html>", r#"{"flags":[]}"#, r#"{"featureFlags":7}"#, r#"{"fl"#]
        {
            assert_eq!(merged(none), None, "{none}");
        }
        assert!(merged("{}").is_some());
        // Only what was asked for.
        let asked = merge("{}", r#"{"flags":{"b":{"enabled":true}}}"#, Some(&["x".to_owned()]));
        assert!(asked.unwrap().starts_with(r#"{"flags":{},"#));
    }

    #[test]
    fn events_say_what_was_read() {
        let of = |raw: &str| called_properties(json::object(raw).unwrap());
        let local = r#"{"key":"k","record":{"value":"v","id":7,"reason":"Evaluated locally","local":true,"experiment":false},"requestId":"r","now":5,"loadedAt":4,"errors":["timed_out"]"#;
        assert_eq!(
            of(&[local, "}"].concat()),
            r#"{"$feature_flag":"k","$feature_flag_response":"v","$feature/k":"v","$feature_flag_id":7,"$feature_flag_reason":"Evaluated locally","locally_evaluated":true,"$feature_flag_request_id":"r","$feature_flag_evaluated_at":5,"$feature_flag_has_experiment":false,"$feature_flag_definitions_loaded_at":4}"#
        );
        assert_eq!(
            of(&[local, r#","minimal":true}"#].concat()),
            r#"{"$feature_flag":"k","$feature_flag_response":"v","$feature_flag_id":7,"$feature_flag_reason":"Evaluated locally","locally_evaluated":true,"$feature_flag_request_id":"r","$feature_flag_evaluated_at":5,"$feature_flag_has_experiment":false}"#
        );
        assert_eq!(
            of(
                r#"{"key":"k","errors":["errors_while_computing_flags","quota_limited"],"unresolved":true}"#
            ),
            r#"{"$feature_flag":"k","locally_evaluated":false,"$feature_flag_error":"errors_while_computing_flags,quota_limited,local_evaluation_inconclusive"}"#
        );
        assert_eq!(
            of(r#"{"key":"k"}"#),
            r#"{"$feature_flag":"k","locally_evaluated":false,"$feature_flag_error":"flag_missing"}"#
        );
        let values =
            json::object("{\"b\":true,\"\u{ff5e}\":\"v\",\"\u{1f600}\":true,\"a\":false}").unwrap();
        assert_eq!(
            event_properties(values),
            "{\"$feature/b\":true,\"$feature/\u{ff5e}\":\"v\",\"$feature/\u{1f600}\":true,\"$feature/a\":false,\"$active_feature_flags\":[\"b\",\"\u{1f600}\",\"\u{ff5e}\"]}"
        );
        assert_eq!(event_properties(RawObject::EMPTY), "{}");
    }
}
