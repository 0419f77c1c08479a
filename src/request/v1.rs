//! PostHog's newer endpoint: each event has its own verdict. What older requests say in properties
//! of the body is said in headers, options and members of the event here.

use std::borrow::Cow;

use crate::event::id;
use crate::json::index::Index;
use crate::json::writer::{ObjectWriter, format_u64, list};
use crate::json::{self, RawObject};
use crate::request::{Project, Request, Wire, names};

/// How long a verdict may be, and what is around all of them.
const ANSWER_BYTES_EACH: usize = 256;
const ANSWER_BYTES: usize = 4096;
/// How long a word of a verdict is, at the most.
const MAX_WORD: usize = 60;

/// What only requests to this endpoint have, by name.
pub type Headers = Vec<(&'static str, String)>;

/// Properties that are options here, and which of them are booleans.
const OPTIONS: [(&str, &str, bool); 4] = [
    (names::COOKIELESS_MODE, "cookieless_mode", true),
    (names::IGNORE_SENT_AT, "disable_skew_correction", true),
    (names::PROCESS_PERSON_PROFILE, "process_person_profile", true),
    (names::PRODUCT_TOUR_ID, "product_tour_id", false),
];
/// Properties that are members of the event here.
const MEMBERS: [(&str, &str); 2] =
    [(names::SESSION_ID, "session_id"), (names::WINDOW_ID, "window_id")];

/// One event, as this endpoint reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct V1Event {
    /// As the verdicts will name it.
    pub uuid: String,
    text: String,
}

/// One attempt to send a request.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// A UUID: the same for all attempts.
    pub id: &'a str,
    /// From 1.
    pub number: u32,
    /// When the first attempt was made.
    pub created_at: &'a str,
    /// When this one is.
    pub at: &'a str,
}

/// What the server says of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `ok`, `warning`, `drop`, `retry`, or a word that is not known yet.
    pub result: String,
    /// Why.
    pub details: Option<String>,
}

impl V1Event {
    /// From an event as the older endpoints read it. `now` stands for a time that a hook took out.
    /// `None`: it is no object.
    pub fn of(wire: &Wire, now: &str) -> Option<Self> {
        let event = json::object(wire.text())?;
        let raw = event.get("uuid").and_then(json::unquote_string).unwrap_or_default();
        // As the server writes it back.
        let uuid = id::parse(&raw).map_or(raw, id::text);
        let mut text = String::with_capacity(wire.text().len().saturating_add(64));
        let mut object = ObjectWriter::open(&mut text);
        for name in ["event", "distinct_id"] {
            object.raw(name, event.get(name).unwrap_or("null"));
        }
        match event.get("timestamp").filter(|raw| *raw != "null") {
            Some(timestamp) => object.raw("timestamp", timestamp),
            None => object.string("timestamp", now),
        }
        object.string("uuid", &uuid);
        let properties = event.get("properties").and_then(json::object);
        members(&mut object, properties.unwrap_or(RawObject::EMPTY), wire.is_clocked());
        object.close();
        Some(Self { uuid, text })
    }
}

/// What an event's properties say, each thing where it belongs. A value of another type stays where it
/// is: as an option, it would cost the event.
fn members(event: &mut ObjectWriter<'_>, properties: RawObject<'_>, is_clocked: bool) {
    let (mut own, mut left) = (Vec::new(), String::new());
    let mut options = String::new();
    let mut kept = ObjectWriter::open(&mut left);
    let mut chosen = ObjectWriter::open(&mut options);
    let mut any = !is_clocked;
    if !is_clocked {
        // Its time is not this machine's clock's, so it is not corrected by it.
        chosen.boolean("disable_skew_correction", true);
    }
    for (name, value) in properties.entries() {
        let is_string = value.starts_with('"');
        let is_boolean = matches!(value, "true" | "false");
        let option = OPTIONS.iter().find(|(property, ..)| *property == name);
        let member = MEMBERS.iter().find(|(property, _)| *property == name);
        match (option, member) {
            (Some((names::IGNORE_SENT_AT, _, _)), _) if is_boolean && !is_clocked => {}
            (Some((_, option, boolean)), _)
                if (*boolean && is_boolean) || (!*boolean && is_string) =>
            {
                chosen.raw(option, value);
                any = true;
            }
            (_, Some((_, member))) if is_string => own.push((*member, value)),
            // The header says who sent it, and wins.
            _ if name == names::LIB || name == names::LIB_VERSION => {}
            _ => kept.raw(&name, value),
        }
    }
    kept.close();
    chosen.close();
    for (name, value) in own {
        event.raw(name, value);
    }
    if any {
        event.raw("options", &options);
    }
    event.raw("properties", &left);
}

impl Project {
    /// The events of one request to this endpoint, by their places. `None`: they go elsewhere.
    pub fn v1_events<'w>(
        &self,
        wires: impl Iterator<Item = (usize, &'w Wire)>,
        now: &str,
    ) -> Option<Vec<(usize, V1Event)>> {
        let mut events = Vec::new();
        for (place, wire) in wires {
            if self.route(wire) != super::route::Route::V1 {
                return None;
            }
            events.push((place, V1Event::of(wire, now)?));
        }
        (!events.is_empty()).then_some(events)
    }

    /// One request with these events.
    pub fn v1_request(&self, events: &[(usize, V1Event)], attempt: &Attempt<'_>) -> Request {
        let length =
            events.iter().fold(128_usize, |sum, (_, event)| sum.saturating_add(event.text.len()));
        let mut body = String::with_capacity(length);
        let mut object = ObjectWriter::open(&mut body);
        object.string("created_at", attempt.created_at);
        if self.historical {
            object.boolean("historical_migration", true);
        }
        list(object.key("batch"), events, |to, (_, event)| to.push_str(&event.text));
        object.close();
        let url = [&self.base, names::V1_PATH].concat();
        let key = ["Bearer ", &self.api_key].concat();
        let mut request = Request::post(url, body.into(), Some(key));
        request.compress = self.compress;
        request.answer_bytes =
            events.len().saturating_mul(ANSWER_BYTES_EACH).saturating_add(ANSWER_BYTES);
        request.headers.v1 = vec![
            ("PostHog-Sdk-Info", names::USER_AGENT.to_owned()),
            ("PostHog-Attempt", format_u64(attempt.number)),
            ("PostHog-Request-Id", attempt.id.to_owned()),
            ("PostHog-Request-Timestamp", attempt.at.to_owned()),
        ];
        request
    }
}

/// The same events, in lists that have no id twice: the server refuses a whole request for that.
pub(super) fn without_duplicates<'w>(
    events: impl Iterator<Item = (usize, &'w Wire)>,
) -> Vec<Vec<(usize, &'w Wire)>> {
    let (mut lists, mut list, mut known) = (Vec::new(), Vec::new(), Index::default());
    for (place, wire) in events {
        let id = super::route::text_of(wire, "uuid").unwrap_or_default();
        if known.get(&id).is_some() {
            lists.push(std::mem::take(&mut list));
            known = Index::default();
        }
        known.set(Cow::Owned(id), place);
        list.push((place, wire));
    }
    lists.push(list);
    lists
}

/// The verdicts of an answer, by the events' ids.
#[derive(Debug, Default)]
pub struct Verdicts {
    places: Index<'static>,
    verdicts: Vec<Option<Verdict>>,
}

impl Verdicts {
    /// Reads an answer. There are none, where it says nothing that can be read.
    pub fn read(answer: &str) -> Self {
        let valid = Some(answer).filter(|text| json::is_valid(text));
        let results = valid.and_then(json::object).and_then(|object| object.get("results"));
        let results = results.and_then(json::object).unwrap_or(RawObject::EMPTY);
        let verdict = |raw| {
            let object = json::object(raw)?;
            let said =
                |name| object.get(name).and_then(json::unquote_string).map(|text| word(&text));
            Some(Verdict { result: said("result")?, details: said("details") })
        };
        let mut read = Self::default();
        for (uuid, raw) in results.entries() {
            read.places.set(Cow::Owned(uuid.into_owned()), read.verdicts.len());
            read.verdicts.push(verdict(raw));
        }
        read
    }

    /// That of one event.
    pub fn take(&mut self, uuid: &str) -> Option<Verdict> {
        self.verdicts.get_mut(self.places.get(uuid)?)?.take()
    }
}

/// A foreign word, harmless.
fn word(text: &str) -> String {
    text.chars()
        .filter(|char| char.is_ascii_alphanumeric() || *char == '_')
        .take(MAX_WORD)
        .collect()
}

/// The option `protocol`, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protocol {
    wants_v1: bool,
    /// The server has no such endpoint: found out once for a client.
    is_missing: std::cell::Cell<bool>,
}

impl Protocol {
    /// Reads `protocol` from the options.
    pub fn read(options: &mut json::fields::Fields<'_>) -> Result<Self, crate::error::Error> {
        let wants_v1 = match options.take_str("protocol")?.as_deref() {
            None | Some("v0") => false,
            Some("v1") => true,
            Some(_) => {
                let message = "must be \"v0\" or \"v1\"";
                let code = crate::error::Code::InvalidConfig;
                return Err(crate::error::Error::new(code, "protocol", message));
            }
        };
        Ok(Self { wants_v1, ..Self::default() })
    }

    /// Whether the newer endpoint is asked for, and there.
    pub const fn is_v1(&self) -> bool {
        self.wants_v1 && !self.is_missing.get()
    }

    /// The server has no such endpoint.
    pub fn give_up(&self) {
        self.is_missing.set(true);
    }
}
