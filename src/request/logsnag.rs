//! LogSnag's spelling. It is sent what its API documents and nothing else: no groups, no member
//! notifications, no properties that are PostHog's.

use crate::error::Error;
use crate::event::fields::Fields;
use crate::event::json::{self, Object};
use crate::event::writer::Members;
use crate::request::Request;

const TEXTS: [&str; 6] = ["channel", "event", "description", "user_id", "icon", "parser"];

/// The request for one event: `payload` is LogSnag's `track` input, possibly with more in it.
pub fn log(url: &str, token: &str, project: &str, payload: &str) -> Result<Request, Error> {
    let mut fields = Fields::of(Object::read(payload, "payload")?);
    let mut body = String::new();
    let mut object = Members::open(&mut body);
    object.text("project", project);
    for name in TEXTS {
        if let Some(text) = fields.text(name)? {
            object.text(name, &text);
        }
    }
    if let Some(notify) = fields.raw("notify") {
        object.raw("notify", notify);
    }
    if let Some(timestamp) = fields.raw("timestamp").and_then(seconds) {
        object.raw("timestamp", &timestamp.to_string());
    }
    if let Some(tags) = fields.object("tags")? {
        let mut known = Members::open(object.key("tags"));
        for (name, value) in tags.entries() {
            // LogSnag knows strings, numbers and booleans.
            if !value.starts_with(['{', '[', 'n']) {
                known.raw(&name, value);
            }
        }
        known.close();
    }
    object.close();
    Ok(Request::post(url.to_owned(), body, Some(["Bearer ", token].concat())))
}

/// LogSnag counts in seconds; a Date arrives as ISO text.
fn seconds(raw: &str) -> Option<i64> {
    match json::text(raw) {
        Some(text) => Some(crate::event::time::Timestamp::parse(&text)?.millis().div_euclid(1000)),
        None => raw.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn only_what_logsnag_knows_is_sent() {
        let request = log(
            "https://api.logsnag.com/v1/log",
            "secret",
            "app",
            r#"{"channel":"usage","event":"E","icon":"💰","notify":true,"user_id":"o1","timestamp":"2026-01-02T03:04:05.678Z",
               "tags":{"a":"x","b":1,"c":{"no":1},"d":null,"e":false},
               "groups":{"organization":"o1"},"bento":{"data":{"email":"a@b.c"}},"sentToBento":true,"nonPersonTags":{"z":1}}"#,
        )
        .unwrap();
        assert_eq!(
            request.body,
            r#"{"project":"app","channel":"usage","event":"E","user_id":"o1","icon":"💰","notify":true,"timestamp":1767323045,"tags":{"a":"x","b":1,"e":false}}"#
        );
        assert_eq!(request.headers.authorization.as_deref(), Some("Bearer secret"));
    }
}
