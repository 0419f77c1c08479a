//! What waits in an outbox: one event for one provider, without the key that it will go under.

use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::text;
use crate::json::writer::{ObjectWriter, list};
use crate::json::{self, RawObject};
use crate::request::logsnag::Account;
use crate::request::{Project, Requests, Wire};

/// When a call writes its events into the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Before anything is sent; deleted when it has arrived.
    BeforeSend,
    /// When it could not be delivered.
    OnFailure,
    /// It is all that is done: a drain delivers.
    Only,
}

/// Where an entry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One event of a batch.
    Posthog,
    /// PostHog's endpoint for replays.
    Replay,
    /// LogSnag.
    Logsnag,
    /// What another version of this package wrote.
    Unknown,
}

/// One thing to deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Made for this entry alone: an event may be written twice.
    pub id: String,
    /// Where it goes.
    pub target: Target,
    /// The event, or LogSnag's body, as JSON text.
    pub body: String,
    /// How many drains have tried it in vain.
    pub tries: u32,
}

impl Write {
    /// Reads `outbox: { write, store }`; the shell says of the store whether it is one.
    pub fn read(options: &mut Fields<'_>) -> Result<Option<Self>, Error> {
        let Some(object) = options.take_object("outbox")? else { return Ok(None) };
        let invalid = |field, message| Err(Error::new(Code::InvalidConfig, field, message));
        if object.get("store") != Some("true") {
            return invalid("outbox.store", "must have put, claim, delete, retry and deadLetter");
        }
        match object.get("write") {
            // Only the shell says so, for `enqueue` and `drain`.
            _ if object.get("only") == Some("true") => Ok(Some(Self::Only)),
            Some(r#""before_send""#) => Ok(Some(Self::BeforeSend)),
            Some(r#""on_failure""#) => Ok(Some(Self::OnFailure)),
            _ => invalid("outbox.write", "must be \"before_send\" or \"on_failure\""),
        }
    }
}

impl Target {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Posthog, "posthog"), (Self::Replay, "replay"), (Self::Logsnag, "logsnag")];

    /// Where an event goes.
    pub const fn of(wire: &Wire) -> Self {
        if wire.replay { Self::Replay } else { Self::Posthog }
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Self {
        let known = Self::ALL.iter().find(|(_, known)| *known == name);
        known.map_or(Self::Unknown, |(target, _)| *target)
    }
}

impl Entry {
    /// Entries as a store is given them.
    pub fn write(entries: &[&Self]) -> String {
        let mut text = String::new();
        list(&mut text, entries, |to, entry| {
            let mut object = ObjectWriter::open(to);
            object.string("id", &entry.id);
            object.string("target", entry.target.name());
            object.string("body", &entry.body);
            object.close();
        });
        text
    }

    /// Entries as a store gives them. One that is none has a body that nobody can send.
    pub fn read(text: &str) -> Vec<Self> {
        json::elements(text).into_iter().flatten().filter_map(Self::one).collect::<Vec<_>>()
    }

    fn one(raw: &str) -> Option<Self> {
        let object = json::object(raw)?;
        let text = |name| object.get(name).and_then(json::unquote_string);
        let body = text("body").unwrap_or_default();
        Some(Self {
            id: text("id")?,
            target: text("target").map_or(Target::Unknown, |name| Target::named(&name)),
            body: if is_json_object(&body) { body } else { String::new() },
            tries: object.get("tries").and_then(text::number).unwrap_or(0),
        })
    }

    /// Whether it can be sent at all.
    pub const fn is_whole(&self) -> bool {
        !self.body.is_empty()
    }

    /// The group whose profile it changes: type and key, with a colon between them.
    pub fn profile(&self) -> Option<String> {
        let event = json::object(&self.body)?;
        let properties = event.get("properties").and_then(json::object)?;
        let text = |object: RawObject<'_>, name| object.get(name).and_then(json::unquote_string);
        let is_profile = text(event, "event")? == "$groupidentify";
        let (kind, key) = (text(properties, "$group_type")?, text(properties, "$group_key")?);
        is_profile.then(|| [&kind, ":", &key].concat())
    }
}

/// What a store kept for us may have been changed there.
fn is_json_object(text: &str) -> bool {
    text.starts_with('{') && json::is_valid(text)
}

/// The requests that deliver these entries to PostHog, as few as it takes.
pub fn to_posthog(project: &Project, entries: &[Entry], places: &[usize]) -> Requests {
    let chosen = places.iter().filter_map(|place| {
        let entry = entries.get(*place)?;
        Some((*place, Wire { text: entry.body.clone(), replay: entry.target == Target::Replay }))
    });
    let wires = chosen.collect::<Vec<_>>();
    project.requests(&wires.iter().map(|(place, wire)| (*place, wire)).collect::<Vec<_>>())
}

/// LogSnag takes one at a time.
pub fn to_logsnag(account: &Account, entries: &[Entry], places: &[usize]) -> Requests {
    let chosen = places.iter().filter_map(|place| {
        let entry = entries.get(*place)?;
        Some((vec![*place], account.request(entry.body.clone())))
    });
    chosen.collect::<Vec<_>>()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn entry(target: Target, body: &str) -> Entry {
        Entry { id: "1".into(), target, body: body.into(), tries: 0 }
    }

    #[test]
    fn what_is_written_is_read() {
        let body = r#"{"event":"a \"b\" \u0000 ü","properties":{}}"#;
        for target in [Target::Posthog, Target::Replay, Target::Logsnag] {
            let written = Entry::write(&[&entry(target, body), &entry(target, "{}")]);
            assert_eq!(Entry::read(&written), [entry(target, body), entry(target, "{}")]);
        }
        let tried = Entry::read(r#"[{"id":"1","target":"replay","body":"{}","tries":7}]"#);
        assert_eq!(tried.first().map(|entry| entry.tries), Some(7));
    }

    #[test]
    fn what_a_store_spoilt_is_never_sent() {
        for body in [r#""{\"event\":""#, r#""[]""#, "5", "null", r#""""#] {
            let text = [r#"[{"id":"1","target":"posthog","body":"#, body, "}]"].concat();
            assert!(!Entry::read(&text).first().unwrap().is_whole(), "{body}");
        }
        assert_eq!(Entry::read("[5,null,{}]"), []);
        let later = Entry::read(r#"[{"id":"1","target":"mixpanel","body":"{}"}]"#);
        assert_eq!(later, [entry(Target::Unknown, "{}")]);
        assert_eq!(Entry::read("null"), []);
    }

    #[test]
    fn only_a_groups_profile_names_one() {
        let profile = r#"{"event":"$groupidentify","properties":{"$group_type":"organization","$group_key":"o1"}}"#;
        assert_eq!(entry(Target::Posthog, profile).profile().as_deref(), Some("organization:o1"));
        let other = profile.replace("$groupidentify", "Signup");
        assert_eq!(entry(Target::Posthog, &other).profile(), None);
    }

    #[test]
    fn the_key_is_added_when_it_is_sent() {
        let project = Project { api_key: "phc_k".into(), base: "https://h".into() };
        let entries = [
            entry(Target::Posthog, r#"{"event":"a"}"#),
            entry(Target::Replay, r#"{"event":"$snapshot","properties":{"x":1}}"#),
            entry(Target::Posthog, r#"{"event":"b"}"#),
        ];
        let requests = to_posthog(&project, &entries, &[0, 1, 2]);
        let sent: Vec<_> =
            requests.iter().map(|(at, to)| (at.as_slice(), to.body.as_str())).collect();
        let replay =
            r#"[{"api_key":"phc_k","event":"$snapshot","properties":{"token":"phc_k","x":1}}]"#;
        let batch = r#"{"api_key":"phc_k","batch":[{"event":"a"},{"event":"b"}]}"#;
        assert_eq!(sent, [(&[1][..], replay), (&[0, 2], batch)]);
    }

    #[test]
    fn an_outbox_that_is_none_is_named() {
        let read = |text| Write::read(&mut Fields::of(RawObject::read(text, "options").unwrap()));
        let good = r#"{"outbox":{"write":"on_failure","store":true}}"#;
        assert_eq!(read(good), Ok(Some(Write::OnFailure)));
        assert_eq!(read("{}"), Ok(None));
        for (text, field) in [
            (r#"{"outbox":{"write":"on_failure","store":false}}"#, "outbox.store"),
            (r#"{"outbox":{"store":true}}"#, "outbox.write"),
            (r#"{"outbox":{"write":"always","store":true}}"#, "outbox.write"),
            (r#"{"outbox":{"write":"only","store":true}}"#, "outbox.write"),
            (r#"{"outbox":true}"#, "outbox"),
        ] {
            assert_eq!(read(text).unwrap_err().field, field, "{text}");
        }
    }
}
