//! How it is spelt: wire payloads and addresses. Paths and `$names` of PostHog's stand here
//! and nowhere else, but for those that the stand-ins keep (`compat`).

use crate::error::{Code, Error};
use crate::json;
use crate::json::fields::Fields;
use crate::json::writer::list;

pub mod before_send;
pub mod compress;
pub mod entry;
pub mod flags;
pub mod host;
pub mod logsnag;
pub mod names;
pub mod payload;
pub mod prepare;
#[cfg(feature = "routes")]
pub mod route;
#[cfg(feature = "v1")]
pub mod v1;
pub mod wire;

pub use compress::Compress;
pub use wire::{Splice, Wire};

/// Older and self-hosted PostHogs take 2 MiB per request on every path, as it comes over the wire.
const MAX_BODY_BYTES: usize = 2_000_000;
/// What is put into one request that will be packed. It is as much as a call may have; PostHog takes
/// 20 MiB of unpacked text.
const MAX_UNPACKED_BYTES: usize = 8_000_000;

/// The whole request: plain input for `fetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// Always POST.
    pub method: &'static str,
    /// What the server is told about it.
    pub headers: Headers,
    /// JSON text.
    pub body: Body,
    /// Whether the host packs it.
    pub compress: Compress,
    /// Whether the address says when it is sent, so that PostHog corrects the events' times by what
    /// this machine's clock is off.
    pub timed: bool,
    /// So much of the answer to what was taken is wanted; a refusal is always read.
    #[cfg(feature = "v1")]
    pub answer_bytes: usize,
}

/// A request's JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// All of it, or what comes before the part.
    pub head: String,
    /// A part that the host holds, and what comes behind it.
    pub part: Option<Part>,
}

/// A part of a body that the host holds, because it is too long to cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which of the call's parts it is.
    pub index: u32,
    /// How many UTF-16 units of it to leave out.
    pub skip: usize,
    /// What comes behind it.
    pub tail: String,
}

/// The headers of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// JSON.
    pub content_type: &'static str,
    /// Our name and version.
    pub user_agent: &'static str,
    /// A key that travels in a header: LogSnag's, or PostHog's where it has its newer endpoint.
    pub authorization: Option<String>,
    /// What the newer endpoint wants besides.
    #[cfg(feature = "v1")]
    pub v1: v1::Headers,
}

/// Where events go, and the key they go under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The project's API key.
    pub api_key: String,
    /// The normalised base, without a slash at the end.
    pub base: String,
    /// How bodies travel.
    pub compress: Compress,
    /// Whether requests say when they are sent.
    pub timed: bool,
    /// The events are of the past: PostHog takes its time for them.
    #[cfg(feature = "routes")]
    pub historical: bool,
    /// Which of the endpoints.
    #[cfg(feature = "v1")]
    pub protocol: v1::Protocol,
}

impl Project {
    /// Reads `apiKey` and `host` from the options, which say whether plain HTTP will do. `None`:
    /// there is no key, so nothing is to be sent.
    pub fn read(options: &mut Fields<'_>, allow_http: bool) -> Result<Option<Self>, Error> {
        let api_key = options.take_str("apiKey")?.unwrap_or_default();
        let host = options.take_str("host")?;
        let compress = Compress::read(options)?;
        #[cfg(feature = "routes")]
        let historical = options.take_bool("historicalMigration")?.unwrap_or(false);
        #[cfg(feature = "v1")]
        let protocol = v1::Protocol::read(options)?;
        let base = host::normalise(host.as_deref().unwrap_or("eu"), allow_http)?;
        let api_key = json::text::trim(&api_key);
        if api_key.is_empty() {
            return Ok(None);
        }
        let refused = |message| Err(Error::new(Code::InvalidApiKey, "apiKey", message));
        if api_key.starts_with("phx_") {
            return refused("is a personal key; events take the project's, which starts with phc_");
        }
        // What needs an escape would be another text in a body, and not be found in what quotes it.
        let plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
        if api_key.len() > 64 || !api_key.as_bytes().iter().all(plain) {
            return refused("must be at most 64 visible ASCII characters without quotes");
        }
        Ok(Some(Self {
            api_key: api_key.to_owned(),
            base,
            compress,
            timed: true,
            #[cfg(feature = "routes")]
            historical,
            #[cfg(feature = "v1")]
            protocol,
        }))
    }

    /// Nothing can be built for a project without a key.
    pub fn missing_key() -> Error {
        Error::new(Code::InvalidApiKey, "apiKey", "is missing")
    }

    /// A project with its key and its base, and nothing chosen.
    pub fn new(api_key: impl Into<String>, base: impl Into<String>) -> Self {
        Self {
            api_key: api_key.into(),
            base: base.into(),
            compress: Compress::Off,
            timed: false,
            #[cfg(feature = "routes")]
            historical: false,
            #[cfg(feature = "v1")]
            protocol: v1::Protocol::default(),
        }
    }

    /// One request with all of these events: to `/batch/`, or a single replay to `/s/`.
    pub fn request(&self, events: &[&Wire]) -> Request {
        match events {
            [replay] if replay.is_replay() => self.replay(replay),
            #[cfg(feature = "routes")]
            [event, ..] if event.is_ai() => self.batch(names::AI_PATH, events),
            _ => self.batch(names::BATCH_PATH, events),
        }
    }

    fn batch(&self, path: &str, events: &[&Wire]) -> Request {
        let length = events
            .iter()
            .fold(96, |sum: usize, event| sum.saturating_add(event.text().len()).saturating_add(1));
        let mut body = String::with_capacity(length);
        body.push_str(r#"{"api_key":"#);
        json::quote(&mut body, &self.api_key);
        body.push_str(r#","batch":"#);
        // Only what this machine's clock said is corrected.
        #[cfg(feature = "routes")]
        let timed = events.iter().any(|event| event.is_clocked());
        #[cfg(not(feature = "routes"))]
        let timed = events.iter().all(|event| event.is_clocked());
        list(&mut body, events, |to, event| {
            #[cfg(feature = "routes")]
            if timed && !event.is_clocked() {
                return push_uncorrected(to, event.text());
            }
            to.push_str(event.text());
        });
        #[cfg(feature = "routes")]
        if self.historical {
            body.push_str(r#","historical_migration":true"#);
        }
        body.push('}');
        let request = self.post(path, body.into());
        Request { timed: self.timed && timed, ..request }
    }

    /// A replay to `/s/`, which reads a bare array; the event names its token itself, in both of
    /// the places where PostHog looks for one.
    fn replay(&self, event: &Wire) -> Request {
        let text = event.text();
        let mut token = String::new();
        json::quote(&mut token, &self.api_key);
        let mut head = String::with_capacity(text.len().saturating_add(192));
        head.push_str(r#"[{"api_key":"#);
        head.push_str(&token);
        let behind_brace = text.get(1..).unwrap_or_default();
        if !behind_brace.trim_ascii_start().starts_with('}') {
            head.push(',');
        }
        // What follows the brace that opens the properties.
        let properties = properties_start(text);
        let cut = properties.unwrap_or(text.len());
        head.push_str(text.get(1..cut).unwrap_or_default());
        if let Some(start) = properties {
            push_token(&mut head, &token, text.get(start..).unwrap_or_default());
        }
        let rest = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let body = match event.splice() {
            Some(Splice { at, part }) if at >= cut => {
                head.push_str(rest(cut, at));
                let tail = [rest(at, text.len()), "]"].concat();
                Body { head, part: Some(Part { index: part, skip: 0, tail }) }
            }
            _ => {
                head.push_str(rest(cut, text.len()));
                head.push(']');
                head.into()
            }
        };
        self.replay_request(body)
    }

    /// What is answered to a replay says whether it was over quota.
    fn replay_request(&self, body: Body) -> Request {
        let request = self.post(names::REPLAY_PATH, body);
        #[cfg(feature = "v1")]
        let request = Request { answer_bytes: 4096, ..request };
        request
    }

    /// A replay whose text the host holds: `head` is how it starts. `None` if that is no event.
    pub fn held_replay(&self, head: &str, part: u32) -> Option<Request> {
        let start = properties_start(head)?;
        let mut token = String::new();
        json::quote(&mut token, &self.api_key);
        let before = head.get(1..start)?;
        let mut text = [r#"[{"api_key":"#, &token, ",", before].concat();
        push_token(&mut text, &token, head.get(start..)?);
        let skip = head.get(..start)?.encode_utf16().count();
        let part = Some(Part { index: part, skip, tail: "]".to_owned() });
        Some(self.replay_request(Body { head: text, part }))
    }

    /// Splits events into requests that every PostHog takes: replays one by one, since one request
    /// is one session, the others as many as fit. Each is given by its events' places.
    pub fn split<'w>(
        &self,
        events: impl IntoIterator<Item = (usize, &'w Wire)>,
        most: usize,
    ) -> Vec<Vec<usize>> {
        let most_bytes =
            if self.compress == Compress::Off { MAX_BODY_BYTES } else { MAX_UNPACKED_BYTES };
        Self::split_within(events, most, most_bytes)
    }

    fn split_within<'w>(
        events: impl IntoIterator<Item = (usize, &'w Wire)>,
        most: usize,
        most_bytes: usize,
    ) -> Vec<Vec<usize>> {
        let mut requests = Vec::new();
        let mut batch = Vec::new();
        let mut bytes = 0_usize;
        for (place, event) in events {
            if event.is_replay() {
                requests.push(vec![place]);
                continue;
            }
            let more = bytes.saturating_add(event.text().len()).saturating_add(1);
            if !batch.is_empty() && (more > most_bytes || batch.len() >= most) {
                requests.push(std::mem::take(&mut batch));
                bytes = 0;
            }
            bytes = bytes.saturating_add(event.text().len()).saturating_add(1);
            batch.push(place);
        }
        if !batch.is_empty() {
            requests.push(batch);
        }
        requests
    }

    /// A request to one of PostHog's paths.
    pub(crate) fn post(&self, path: &str, body: Body) -> Request {
        let request = Request::post([&self.base, path].concat(), body, None);
        Request { compress: self.compress, ..request }
    }
}

impl Request {
    fn post(url: String, body: Body, authorization: Option<String>) -> Self {
        let headers = Headers {
            content_type: "application/json",
            user_agent: names::USER_AGENT,
            authorization,
            #[cfg(feature = "v1")]
            v1: Vec::new(),
        };
        Self {
            url,
            method: "POST",
            headers,
            body,
            compress: Compress::Off,
            timed: false,
            #[cfg(feature = "v1")]
            answer_bytes: 0,
        }
    }

    /// Whether it holds more than a server takes, unless it is packed. A part that the host holds is a
    /// replay's, whose endpoint takes ten times as much.
    pub const fn must_shrink(&self) -> bool {
        self.body.part.is_none() && self.body.head.len() > MAX_BODY_BYTES
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self { head: text, part: None }
    }
}

/// Where an event's properties begin, behind their brace. A quote inside of a string has a backslash
/// before it, so what looks like the member's name is it.
fn properties_start(event: &str) -> Option<usize> {
    const NAME: &str = r#""properties""#;
    let mut from = 0_usize;
    loop {
        let at = json::text::find(event.get(from..)?, NAME)?;
        let behind = from.checked_add(at)?.checked_add(NAME.len())?;
        let rest = event.get(behind..)?;
        let value = rest.trim_ascii_start().strip_prefix(':').map(str::trim_ascii_start);
        if let Some(inside) = value.and_then(|value| value.strip_prefix('{')) {
            return event.len().checked_sub(inside.len());
        }
        from = behind;
    }
}

#[cfg(feature = "routes")]
/// An event whose time stays as it is, whatever the clock of the machine that sends it shows.
fn push_uncorrected(to: &mut String, event: &str) {
    let Some((before, properties)) =
        properties_start(event).and_then(|start| event.split_at_checked(start))
    else {
        return to.push_str(event);
    };
    to.push_str(before);
    to.push_str(names::IGNORING_SENT_AT);
    if !properties.trim_ascii_start().starts_with('}') {
        to.push(',');
    }
    to.push_str(properties);
}

/// The token as the first of the properties that follow.
fn push_token(to: &mut String, token: &str, properties: &str) {
    to.push_str(r#""token":"#);
    to.push_str(token);
    if !properties.trim_ascii_start().starts_with('}') {
        to.push(',');
    }
}

impl Headers {
    /// Those that every request has, by name.
    pub const fn common(&self) -> [(&'static str, &'static str); 2] {
        [("Content-Type", self.content_type), ("User-Agent", self.user_agent)]
    }

    /// All of them, by name.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.common().to_vec();
        if let Some(key) = &self.authorization {
            pairs.push(("Authorization", key));
        }
        #[cfg(feature = "v1")]
        pairs.extend(self.v1.iter().map(|(name, value)| (*name, value.as_str())));
        pairs
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn wire(bytes: usize, replay: bool) -> Wire {
        let text = ["{\"x\":\"", &"x".repeat(bytes), "\"}"].concat();
        Wire::stored(text, replay)
    }

    #[test]
    fn requests_stay_under_two_megabytes_and_keep_their_order() {
        let project = Project::new("phc_k", "https://h");
        let events: Vec<_> =
            [(900_000, false), (900_000, false), (10, true), (900_000, false), (10, false)]
                .into_iter()
                .map(|(bytes, replay)| wire(bytes, replay))
                .collect();
        let requests = project.split(events.iter().enumerate(), usize::MAX);
        assert_eq!(requests, [vec![2], vec![0, 1], vec![3, 4]]);
        for places in requests {
            let wires: Vec<_> = places.iter().map(|place| &events[*place]).collect();
            let request = project.request(&wires);
            let path = if places == [2] { "https://h/s/" } else { "https://h/batch/" };
            assert_eq!(request.url, path);
            assert!(request.body.head.len() <= 2_000_100);
        }
        assert_eq!(project.split(events.iter().enumerate(), 1).len(), 5);
        // What is packed holds more.
        let packed = Project { compress: Compress::Auto, ..project };
        assert_eq!(packed.split(events.iter().enumerate(), 10), [vec![2], vec![0, 1, 3, 4]]);
    }

    #[test]
    fn a_replay_names_its_key_wherever_its_text_is() {
        let project = Project::new("phc_k", "https://h");
        for (properties, sent) in
            [("{}", r#"{"token":"phc_k"}"#), (r#"{"a":1}"#, r#"{"token":"phc_k","a":1}"#)]
        {
            // An id that looks like the member.
            let before = r#"{"event":"$snapshot","distinct_id":"\"properties\":{ü","properties":"#;
            let text = [before, properties, r#","timestamp":"t"}"#].concat();
            let expected = [
                r#"[{"api_key":"phc_k","#,
                before.strip_prefix('{').unwrap(),
                sent,
                r#","timestamp":"t"}]"#,
            ]
            .concat();
            let whole = project.request(&[&Wire::stored(text.clone(), true)]);
            assert_eq!(whole.body, Body::from(expected.clone()));
            let held = project.held_replay(&text, 0).unwrap().body;
            let part = held.part.unwrap();
            let units: Vec<u16> = text.encode_utf16().skip(part.skip).collect();
            let joined = [held.head, String::from_utf16(&units).unwrap(), part.tail].concat();
            assert_eq!(joined, expected);
        }
        assert_eq!(project.held_replay(r#"{"event":1}"#, 0), None);
    }
}
