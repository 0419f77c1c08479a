//! What waits in an outbox: one event for one provider, without the key that it will go under.

use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::json::writer::{ObjectWriter, list};
use crate::json::{self, RawObject};
use crate::request::names;
use crate::request::wire::Wire;

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
    /// PostHog's endpoint for AI events.
    Ai,
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
    /// The event, or LogSnag's body.
    pub body: EntryBody,
    /// How many drains have tried it in vain.
    pub tries: u32,
}

/// What an entry holds, as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryBody {
    /// What a store gave is nothing that can be sent.
    Corrupt,
    /// The host holds it, as one of the call's parts; this is how it starts.
    Held {
        /// Which of the parts.
        part: u32,
        /// How it starts.
        head: String,
    },
    /// All of it.
    Text(String),
}

/// One thing to write into an outbox.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'e> {
    /// Made for this entry alone.
    pub id: &'e str,
    /// What it holds.
    pub content: Content<'e>,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug)]
pub enum Content<'e> {
    /// An event for PostHog.
    Event(&'e Wire),
    /// A body for LogSnag.
    LogSnag(&'e str),
}

impl Write {
    /// Reads `outbox: { write, store }`; the shell says of the store whether it is one.
    pub fn read(options: &mut Fields<'_>) -> Result<Option<Self>, Error> {
        let Some(object) = options.take_object("outbox")? else { return Ok(None) };
        let invalid = |field, message| Err(Error::new(Code::InvalidConfig, field, message));
        if object.get("store") != Some("true") {
            return Err(no_store());
        }
        match object.get("write") {
            Some(r#""before_send""#) => Ok(Some(Self::BeforeSend)),
            Some(r#""on_failure""#) => Ok(Some(Self::OnFailure)),
            _ => invalid("outbox.write", "must be \"before_send\" or \"on_failure\""),
        }
    }
}

/// What is said of a store that is none.
pub fn no_store() -> Error {
    let message = "must have put, claim, delete, retry and deadLetter";
    Error::new(Code::InvalidConfig, "outbox.store", message)
}

impl Target {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Posthog, "posthog"),
        (Self::Ai, "ai"),
        (Self::Replay, "replay"),
        (Self::Logsnag, "logsnag"),
    ];

    /// Where this event goes.
    const fn of(wire: &Wire) -> Self {
        #[cfg(feature = "routes")]
        if wire.is_ai() {
            return Self::Ai;
        }
        if wire.is_replay() { Self::Replay } else { Self::Posthog }
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Self {
        let known = Self::ALL.iter().find(|(_, known)| *known == name);
        known.map_or(Self::Unknown, |(target, _)| *target)
    }
}

impl NewEntry<'_> {
    /// Entries as a store is given them. Where the host holds a part of the body, what stands
    /// behind it is the `tail`.
    pub fn write(entries: &[Self]) -> String {
        let mut text = String::new();
        list(&mut text, entries, |to, entry| entry.write_one(to));
        text
    }

    fn write_one(&self, to: &mut String) {
        let mut object = ObjectWriter::open(to);
        object.string("id", self.id);
        match self.content {
            Content::LogSnag(body) => {
                object.string("target", Target::Logsnag.name());
                object.string("body", body);
            }
            Content::Event(wire) => {
                object.string("target", Target::of(wire).name());
                let split = wire.splice().and_then(|splice| {
                    Some((splice.part, wire.text().split_at_checked(splice.at)?))
                });
                match split {
                    None => object.string("body", wire.text()),
                    Some((part, (head, tail))) => {
                        object.string("body", head);
                        object.number("part", part);
                        object.string("tail", tail);
                    }
                }
            }
        }
        object.close();
    }
}

impl Entry {
    /// Entries as the host hands over what a store gave. One that is none has a body that nobody can
    /// send.
    pub fn read(text: &str) -> Vec<Self> {
        json::elements(text).into_iter().flatten().filter_map(Self::one).collect()
    }

    fn one(raw: &str) -> Option<Self> {
        let object = json::object(raw)?;
        let string = |name| object.get(name).and_then(json::unquote_string);
        let body = string("body").unwrap_or_default();
        let target = string("target").map_or(Target::Unknown, |name| Target::named(&name));
        let part = object.get("part").and_then(json::text::number);
        Some(Self {
            id: string("id")?,
            target,
            body: match part {
                // Only replays are as long as that.
                Some(part) if target == Target::Replay => EntryBody::Held { part, head: body },
                None if is_json_object(&body) => EntryBody::Text(body),
                _ => EntryBody::Corrupt,
            },
            tries: object.get("tries").and_then(json::text::number).unwrap_or(0),
        })
    }

    /// Whether it can be sent at all.
    pub fn is_whole(&self) -> bool {
        self.body != EntryBody::Corrupt
    }

    /// The event, if its text is here and it is PostHog's.
    pub fn wire(&self) -> Option<Wire> {
        match (&self.body, self.target) {
            (EntryBody::Text(text), Target::Posthog) => Some(Wire::stored(text.clone(), false)),
            #[cfg(feature = "routes")]
            (EntryBody::Text(text), Target::Ai) => Some(Wire::stored_ai(text.clone())),
            (EntryBody::Text(text), Target::Replay) => Some(Wire::stored(text.clone(), true)),
            _ => None,
        }
    }

    /// The group whose profile it changes: type and key, with a colon between them.
    pub fn profile(&self) -> Option<String> {
        let EntryBody::Text(body) = &self.body else { return None };
        let event = json::object(body)?;
        let properties = event.get("properties").and_then(json::object)?;
        let text = |object: RawObject<'_>, name| object.get(name).and_then(json::unquote_string);
        let is_profile = text(event, "event")? == names::GROUP_IDENTIFY;
        let (kind, key) =
            (text(properties, names::GROUP_TYPE)?, text(properties, names::GROUP_KEY)?);
        is_profile.then(|| [&kind, ":", &key].concat())
    }
}

/// What a store kept for us may have been changed there.
fn is_json_object(text: &str) -> bool {
    text.starts_with('{') && json::is_valid(text)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::request::wire::Splice;

    fn entry(target: Target, body: &str) -> Entry {
        Entry { id: "1".into(), target, body: EntryBody::Text(body.into()), tries: 0 }
    }

    #[test]
    fn what_is_written_is_read() {
        let body = r#"{"event":"a \"b\" \u0000 ü","properties":{}}"#;
        for replay in [false, true] {
            let wire = Wire::stored(body.to_owned(), replay);
            let target = if replay { Target::Replay } else { Target::Posthog };
            let written = NewEntry::write(&[
                NewEntry { id: "1", content: Content::Event(&wire) },
                NewEntry { id: "1", content: Content::LogSnag("{}") },
            ]);
            let read = Entry::read(&written);
            assert_eq!(read, [entry(target, body), entry(Target::Logsnag, "{}")]);
            assert_eq!(read[0].wire(), Some(wire));
        }
        let tried = Entry::read(r#"[{"id":"1","target":"replay","body":"{}","tries":7}]"#);
        assert_eq!(tried.first().map(|entry| entry.tries), Some(7));
    }

    #[test]
    fn a_part_that_the_host_holds_stays_there() {
        let wire = Wire::replay("{\"a\":}".to_owned(), Some(Splice { at: 5, part: 2 }));
        assert_eq!(
            NewEntry::write(&[NewEntry { id: "1", content: Content::Event(&wire) }]),
            r#"[{"id":"1","target":"replay","body":"{\"a\":","part":2,"tail":"}"}]"#
        );
        let held = Entry::read(r#"[{"id":"1","target":"replay","body":"{\"ev","part":3}]"#);
        assert_eq!(held[0].body, EntryBody::Held { part: 3, head: "{\"ev".into() });
        let odd = Entry::read(r#"[{"id":"1","target":"posthog","body":"{\"ev","part":3}]"#);
        assert!(!odd[0].is_whole());
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
