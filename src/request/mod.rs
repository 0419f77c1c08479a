//! How it is spelt: wire payloads and addresses. The only place where a path or a `$name` of
//! PostHog's stands.

use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::writer::{ObjectWriter, list};
use crate::json::{self, RawObject};

pub mod before_send;
pub mod entry;
pub mod host;
pub mod logsnag;
pub mod payload;
pub mod prepare;
pub mod reply;

/// Who we are, in `$lib`. Not posthog-node's name, nor one whose frames PostHog reverses.
pub const LIB: &str = "posthog-wasm";
/// In `$lib_version`.
pub const LIB_VERSION: &str = env!("CARGO_PKG_VERSION");
/// What every event's properties start with.
const SENDER: &str = concat!(
    r#""$lib":"posthog-wasm","$lib_version":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","$is_server":true"#
);
/// Workers' fetch sends none of its own.
pub const USER_AGENT: &str = concat!("posthog-wasm/", env!("CARGO_PKG_VERSION"));

/// Older and self-hosted PostHogs take 2 MiB per request on every path.
const MAX_BODY_BYTES: usize = 2_000_000;

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
    pub body: String,
}

/// The headers of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// JSON.
    pub content_type: &'static str,
    /// Our name and version.
    pub user_agent: &'static str,
    /// Only LogSnag's key travels in a header.
    pub authorization: Option<String>,
}

/// Requests, each with the places of its events.
pub type Requests = Vec<(Vec<usize>, Request)>;

/// Where events go, and the key they go under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The project's API key.
    pub api_key: String,
    /// The normalised base, without a slash at the end.
    pub base: String,
}

/// One event as PostHog reads it, without the key that it goes under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The event's JSON.
    pub text: String,
    /// Replays have an endpoint of their own.
    pub replay: bool,
}

impl Project {
    /// Reads `apiKey`, `host` and `allowHttp` from the options. `None`: there is no key, so
    /// nothing is to be sent.
    pub fn read(options: &mut Fields<'_>) -> Result<Option<Self>, Error> {
        let api_key = options.take_str("apiKey")?.unwrap_or_default();
        let host = options.take_str("host")?;
        let allow_http = options.take_bool("allowHttp")?.unwrap_or(false);
        let base = host::normalise(host.as_deref().unwrap_or("eu"), allow_http)?;
        let api_key = api_key.trim();
        if api_key.is_empty() {
            return Ok(None);
        }
        let refused = |message| Err(Error::new(Code::InvalidApiKey, "apiKey", message));
        if api_key.starts_with("phx_") {
            return refused("is a personal key; events take the project's, which starts with phc_");
        }
        if api_key.len() > 64 || !api_key.is_ascii() {
            return refused("must be at most 64 ASCII characters");
        }
        Ok(Some(Self { api_key: api_key.to_owned(), base }))
    }

    /// All events to `/batch/`.
    pub fn batch(&self, events: &[&Wire]) -> Request {
        let length = events
            .iter()
            .fold(64, |sum: usize, event| sum.saturating_add(event.text.len()).saturating_add(1));
        let mut body = String::with_capacity(length);
        body.push_str(r#"{"api_key":"#);
        json::quote(&mut body, &self.api_key);
        body.push_str(r#","batch":"#);
        list(&mut body, events, |to, event| to.push_str(&event.text));
        body.push('}');
        self.post("/batch/", body)
    }

    /// A replay to `/s/`, which reads a bare array; the event names its token itself, in both of
    /// the places where PostHog looks for one.
    pub fn replay(&self, event: &Wire) -> Request {
        let mut body = String::with_capacity(event.text.len().saturating_add(192));
        body.push('[');
        let mut object = ObjectWriter::open(&mut body);
        object.string("api_key", &self.api_key);
        for (name, value) in json::object(&event.text).unwrap_or(RawObject::EMPTY).entries() {
            match json::object(value).filter(|_| name == "properties") {
                Some(properties) => {
                    let mut inner = ObjectWriter::open(object.key(&name));
                    inner.string("token", &self.api_key);
                    inner.splice(properties.inner());
                    inner.close();
                }
                None => object.raw(&name, value),
            }
        }
        object.close();
        body.push(']');
        self.post("/s/", body)
    }

    /// Splits events into requests that every PostHog takes: replays one by one, since one request
    /// is one session, the others as many as fit. Each with the places of its events.
    pub fn requests(&self, events: &[(usize, &Wire)]) -> Requests {
        let mut requests = Vec::new();
        let mut places = Vec::new();
        let mut batch: Vec<&Wire> = Vec::new();
        let mut bytes = 0_usize;
        for &(place, event) in events {
            if event.replay {
                requests.push((vec![place], self.replay(event)));
                continue;
            }
            let more = bytes.saturating_add(event.text.len()).saturating_add(1);
            if more > MAX_BODY_BYTES && !batch.is_empty() {
                requests
                    .push((std::mem::take(&mut places), self.batch(&std::mem::take(&mut batch))));
                bytes = 0;
            }
            bytes = bytes.saturating_add(event.text.len()).saturating_add(1);
            places.push(place);
            batch.push(event);
        }
        if !batch.is_empty() {
            requests.push((places, self.batch(&batch)));
        }
        requests
    }

    pub(crate) fn post(&self, path: &str, body: String) -> Request {
        Request::post([&self.base, path].concat(), body, None)
    }
}

impl Request {
    fn post(url: String, body: String, authorization: Option<String>) -> Self {
        let headers =
            Headers { content_type: "application/json", user_agent: USER_AGENT, authorization };
        Self { url, method: "POST", headers, body }
    }
}

impl Headers {
    /// All of them, by name.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![("Content-Type", self.content_type), ("User-Agent", self.user_agent)];
        if let Some(key) = &self.authorization {
            pairs.push(("Authorization", key));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn wire(bytes: usize, replay: bool) -> Wire {
        Wire { text: ["{\"x\":\"", &"x".repeat(bytes), "\"}"].concat(), replay }
    }

    #[test]
    fn requests_stay_under_two_megabytes_and_keep_their_order() {
        let project = Project { api_key: "phc_k".into(), base: "https://h".into() };
        let events: Vec<_> =
            [(900_000, false), (900_000, false), (10, true), (900_000, false), (10, false)]
                .into_iter()
                .map(|(bytes, replay)| wire(bytes, replay))
                .enumerate()
                .collect();
        let requests = project
            .requests(&events.iter().map(|(place, wire)| (*place, wire)).collect::<Vec<_>>());
        let shape: Vec<_> = requests
            .iter()
            .map(|(places, request)| (places.clone(), request.url.as_str()))
            .collect();
        assert_eq!(
            shape,
            [
                (vec![2], "https://h/s/"),
                (vec![0, 1], "https://h/batch/"),
                (vec![3, 4], "https://h/batch/"),
            ]
        );
        assert!(requests.iter().all(|(_, request)| request.body.len() <= 2_000_100));
    }
}
