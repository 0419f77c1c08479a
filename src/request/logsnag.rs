//! LogSnag's spelling. It is sent what its API documents and nothing else: no groups, no member
//! notifications, no properties that are PostHog's.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::event::LogSnagEvent;
use crate::json::fields::Fields;
use crate::json::text::is_blank;
use crate::json::writer::{ObjectWriter, format_i64};
use crate::json::{self, RawObject};
use crate::policy::identifiers::{Scope, scrub_text};
use crate::policy::privacy::Privacy;
use crate::request::{Body, Part, Request, host, names};

const TEXTS: [&str; 6] = ["channel", "event", "description", "user_id", "icon", "parser"];

/// Where LogSnag is, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    url: String,
    token: String,
    project: String,
}

impl Account {
    /// Reads `logsnag: { token, project, host? }` from the options.
    pub fn read(options: &mut Fields<'_>, allow_http: bool) -> Result<Option<Self>, Error> {
        let Some(object) = options.take_object("logsnag")? else { return Ok(None) };
        let mut fields = Fields::of(object);
        let inside = |error: Error| error.inside("logsnag");
        let token = fields.take_str("token").map_err(inside)?.unwrap_or_default();
        if is_blank(&token) {
            return Ok(None);
        }
        check_token(&token, "logsnag.token")?;
        let project = fields.take_str("project").map_err(inside)?.unwrap_or_default().into_owned();
        if project.is_empty() {
            return Err(Error::new(Code::InvalidConfig, "logsnag.project", "is missing"));
        }
        let host = fields.take_str("host").map_err(inside)?;
        let host = host.as_deref().unwrap_or("https://api.logsnag.com");
        let base = host::normalise(host, allow_http).map_err(inside)?;
        Ok(Some(Self { url: [&base, "/v1/log"].concat(), token: token.into_owned(), project }))
    }

    /// What announces an event, by what is left of it after every rule and hook: a projection of scalar
    /// properties, never groups, notifications or what only PostHog knows. Identifiers are left out, but in the event's
    /// name and the channel, which LogSnag demands, replaced.
    pub fn announce(
        &self,
        wire: &str,
        logsnag_event: &LogSnagEvent<'_>,
        privacy: &Privacy,
        warnings: &mut Vec<Warning>,
    ) -> Option<String> {
        let event = json::object(wire)?;
        let mut body = String::new();
        let mut object = ObjectWriter::open(&mut body);
        let name = json::unquote(event.get("event")?)?;
        for (field, text) in [("channel", &*logsnag_event.channel), ("event", &*name)] {
            let clean = scrub_text(text, Scope::Identifiers, privacy.key());
            if clean.is_some() {
                warnings.push(Warning::with(
                    Code::IdentifierDropped,
                    ["logsnag.", field].concat(),
                    "holds an e-mail, a customer's id or a secret, which was replaced",
                ));
            }
            object.string(field, clean.as_deref().unwrap_or(text));
        }
        let texts = [("description", &logsnag_event.description), ("icon", &logsnag_event.icon)];
        for (name, text) in texts {
            if let Some(text) = text {
                object.string(name, text);
            }
        }
        object.raw("user_id", event.get("distinct_id")?);
        if let Some(notify) = logsnag_event.notify {
            object.boolean("notify", notify);
        }
        if let Some(at) = event.get("timestamp").and_then(seconds) {
            object.raw("timestamp", &format_i64(at));
        }
        let mut tags = ObjectWriter::open(object.key("tags"));
        for (name, value) in event.get("properties").and_then(json::object)?.entries() {
            if !name.starts_with(names::PREFIX) && name != "channel" && is_scalar(value) {
                tags.raw(&name, value);
            }
        }
        tags.close();
        object.close();
        let inner = RawObject::of(body.strip_prefix('{')?.strip_suffix('}')?);
        let members = Cow::Borrowed(inner.inner());
        let members = privacy.members("logsnag", Scope::Identifiers, members, warnings);
        // The project is the account's own: nothing of it is personal.
        let mut whole = String::new();
        let mut object = ObjectWriter::open(&mut whole);
        object.string("project", &self.project);
        object.close();
        whole.pop();
        Some([&whole, ",", &members, "}"].concat())
    }

    /// As whom.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The request for what [`Self::announce`] gave.
    pub fn request(&self, body: &str) -> Request {
        Request::post(
            self.url.clone(),
            body.to_owned().into(),
            Some(["Bearer ", &self.token].concat()),
        )
    }
}

/// The request for one event of the stand-ins: `payload` is LogSnag's `track` input, possibly with more in it.
pub fn log(url: &str, token: &str, project: &str, payload: &str) -> Result<Request, Error> {
    let mended = json::replace_lone_surrogates(payload);
    let payload = mended.as_deref().unwrap_or(payload);
    let mut fields = Fields::of(RawObject::read(payload, "payload")?);
    let mut body = String::new();
    let mut object = ObjectWriter::open(&mut body);
    object.string("project", project);
    for name in TEXTS {
        if let Some(text) = fields.take_str(name)? {
            object.string(name, &text);
        }
    }
    if let Some(notify) = fields.take_raw("notify") {
        object.raw("notify", notify);
    }
    if let Some(timestamp) = fields.take_raw("timestamp").and_then(seconds) {
        object.raw("timestamp", &format_i64(timestamp));
    }
    if let Some(tags) = fields.take_object("tags")? {
        let mut known = ObjectWriter::open(object.key("tags"));
        for (name, value) in tags.entries() {
            if is_scalar(value) {
                known.raw(&name, value);
            }
        }
        known.close();
    }
    object.close();
    Ok(Request::post(url.to_owned(), body.into(), Some(["Bearer ", token].concat())))
}

/// The same with a body that the host holds whole.
pub fn held(url: &str, token: &str) -> Request {
    let part = Some(Part { index: 0, skip: 0, tail: String::new() });
    let body = Body { head: String::new(), part };
    Request::post(url.to_owned(), body, Some(["Bearer ", token].concat()))
}

/// A header takes no other characters, and `fetch` would quote the token in its complaint.
pub fn check_token(token: &str, field: &'static str) -> Result<(), Error> {
    if token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let message = "must be ASCII without blanks or line breaks";
    Err(Error::new(Code::InvalidConfig, field, message))
}

/// LogSnag's tags are strings, numbers and booleans.
fn is_scalar(value: &str) -> bool {
    !value.starts_with(['{', '[', 'n'])
}

/// LogSnag counts in seconds; a Date arrives as ISO text.
fn seconds(raw: &str) -> Option<i64> {
    match json::unquote(raw) {
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
            request.body.head,
            r#"{"project":"app","channel":"usage","event":"E","user_id":"o1","icon":"💰","notify":true,"timestamp":1767323045,"tags":{"a":"x","b":1,"e":false}}"#
        );
        assert_eq!(request.headers.authorization.as_deref(), Some("Bearer secret"));
    }
}
