//! What a `before_send` hook returned. It may change what an event says, but not into something for
//! which PostHog would refuse the whole request, nor into another group's or another method's event:
//! those were verified, and the hook was not.

use crate::error::{Code, Error};
use crate::event::id;
use crate::json::fields::Fields;
use crate::json::writer::ObjectWriter;
use crate::json::{self, RawObject};
use crate::request::names;
use crate::request::wire::{Splice, Wire};

/// What an event has on the wire. A member of another name could make PostHog refuse the batch.
const MEMBERS: [&str; 4] = ["event", "distinct_id", "timestamp", "uuid"];

/// What became of an event in the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeforeSend {
    /// Changed or not, as JSON text. Where the host holds a replay's events, they are not in it.
    Event(String),
    /// `null`: not to be sent.
    Dropped,
    /// It threw, or returned what is no event, in these words.
    Failed(&'static str),
}

/// The event to send, if there is one.
#[inline(never)]
pub fn check(result: BeforeSend, original: &Wire) -> Result<Option<Wire>, Error> {
    let text = match result {
        BeforeSend::Event(text) => json::replace_lone_surrogates(&text).unwrap_or(text),
        BeforeSend::Dropped => return Ok(None),
        BeforeSend::Failed(why) => return refused(why),
    };
    let Ok(object) = RawObject::read(&text, "before_send") else {
        return refused("must return an event, or null to drop it");
    };
    let mut fields = Fields::of(object);
    let mut string = |name| fields.take_str(name).ok().flatten().unwrap_or_default();
    if string("event").is_empty() {
        return refused("returned an event without a name");
    }
    if string("distinct_id").is_empty() {
        return refused("returned an event without a distinct_id");
    }
    if id::parse(&string("uuid")).is_none() {
        return refused("returned an event without a valid uuid");
    }
    let Ok(Some(properties)) = fields.take_object("properties") else {
        return refused("returned an event without properties");
    };
    if fields.take_raw_or_null("timestamp").is_some_and(|raw| json::unquote(raw).is_none()) {
        return refused("returned a timestamp that is no string");
    }
    let was = json::object(original.text()).unwrap_or(RawObject::EMPTY);
    same_method(object, was)?;
    same_groups(properties, was.get("properties").and_then(json::object))?;
    spelt(object, properties, original).map(Some)
}

/// A name that has a method of its own stays, and none comes to be.
fn same_method(event: RawObject<'_>, was: RawObject<'_>) -> Result<(), Error> {
    let name = |event: RawObject<'_>| event.get("event").and_then(json::unquote_string);
    let (name, was) = (name(event), name(was));
    let reserved = |name: &Option<String>| {
        names::METHODS.iter().any(|(known, _)| name.as_deref() == Some(*known))
    };
    if name != was && (reserved(&name) || reserved(&was)) {
        return refused("changed an event into one that has a method of its own, or back");
    }
    Ok(())
}

/// Groups may be taken out. None comes to be that was not verified.
fn same_groups(properties: RawObject<'_>, was: Option<RawObject<'_>>) -> Result<(), Error> {
    let was = was.unwrap_or(RawObject::EMPTY);
    let value = |object: RawObject<'_>, name: &str| object.get(name).and_then(json::unquote_string);
    for (name, raw) in properties.entries() {
        let kept = if name == names::GROUPS {
            let verified = was.get(names::GROUPS).and_then(json::object);
            let verified = verified.unwrap_or(RawObject::EMPTY);
            json::object(raw).is_some_and(|groups| {
                groups.entries().all(|(kind, key)| {
                    let key = json::unquote_string(key);
                    key.is_some() && key == value(verified, &kind)
                })
            })
        } else if name == names::GROUP_TYPE || name == names::GROUP_KEY {
            value(was, &name).is_some_and(|was| json::unquote(raw).as_deref() == Some(&was))
        } else {
            !name.starts_with(names::GROUP_PREFIX)
                || (name == names::GROUP_SET && was.get(names::GROUP_SET).is_some())
        };
        if !kept {
            return refused("named a group that was not verified: give `groups` to the call");
        }
    }
    let gone = [names::GROUP_TYPE, names::GROUP_KEY]
        .iter()
        .any(|name| was.get(name).is_some() && properties.get(name).is_none());
    if gone { refused("took out whose profile it is") } else { Ok(()) }
}

/// The event with the members that PostHog reads. A replay's events come last, where the host puts
/// the part that it holds.
fn spelt(event: RawObject<'_>, properties: RawObject<'_>, original: &Wire) -> Result<Wire, Error> {
    let mut text = String::new();
    let mut object = ObjectWriter::open(&mut text);
    let mut at = None;
    for (name, value) in event.entries().filter(|(name, _)| MEMBERS.contains(&name.as_ref())) {
        object.raw(&name, value);
    }
    let part = original.splice().map(|splice| splice.part);
    match part {
        None => object.members("properties", properties.inner()),
        Some(_) => {
            let mut inner = ObjectWriter::open(object.key("properties"));
            // The request's own token comes first among them, and no second.
            let ours = [names::SNAPSHOT_DATA, "token"];
            for (name, value) in
                properties.entries().filter(|(name, _)| !ours.contains(&name.as_ref()))
            {
                inner.raw(&name, value);
            }
            at = Some(inner.key(names::SNAPSHOT_DATA).len());
            inner.close();
        }
    }
    object.close();
    match (original.is_replay(), part.zip(at)) {
        #[cfg(feature = "routes")]
        (false, _) if original.is_ai() => Wire::ai(text, "before_send"),
        (false, _) => Wire::event(text, "before_send"),
        (true, splice) => Ok(Wire::replay(text, splice.map(|(part, at)| Splice { at, part }))),
    }
}

fn refused<T>(message: &'static str) -> Result<T, Error> {
    Err(Error::new(Code::BeforeSend, "before_send", message))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const GOOD: &str = r#"{"event":"e","distinct_id":"u","timestamp":"t","uuid":"0190a0a0-0000-7000-8000-000000000000","properties":{"a":1,"$groups":{"organization":"o1","app":"a"}}}"#;
    const PROFILE: &str = r#"{"event":"$groupidentify","distinct_id":"u","timestamp":"t","uuid":"0190a0a0-0000-7000-8000-000000000000","properties":{"$group_type":"organization","$group_key":"o1","$group_set":{"a":1}}}"#;

    fn returned(original: &str, from: &str, to: &str) -> Result<Option<Wire>, Error> {
        let original = Wire::stored(original.to_owned(), false);
        let changed = original.text().replace(from, to);
        assert!(changed != original.text() || from == to, "{from}");
        check(BeforeSend::Event(changed), &original)
    }

    #[test]
    fn a_good_event_passes_and_null_drops() {
        assert_eq!(returned(GOOD, "", "").unwrap().unwrap().text(), GOOD);
        assert_eq!(returned(PROFILE, "", "").unwrap().unwrap().text(), PROFILE);
        assert_eq!(check(BeforeSend::Dropped, &Wire::stored(GOOD.into(), false)), Ok(None));
        for (original, from, to) in [
            (GOOD, r#","app":"a""#, ""),
            (GOOD, r#","$groups":{"organization":"o1","app":"a"}"#, ""),
            (GOOD, r#""event":"e""#, r#""event":"other""#),
            (GOOD, r#""a":1"#, r#""b":[{}]"#),
            (PROFILE, r#"{"a":1}"#, "{}"),
        ] {
            assert!(returned(original, from, to).unwrap().is_some(), "{to}");
        }
    }

    #[test]
    fn members_that_an_event_does_not_have_are_left_out() {
        let odd = r#""event":"e","$set":5,"offset":1.5,"token":"t""#;
        assert_eq!(returned(GOOD, r#""event":"e""#, odd).unwrap().unwrap().text(), GOOD);
    }

    #[test]
    fn nothing_that_would_spoil_a_batch_or_forge_a_group_passes() {
        for (original, from, to) in [
            (GOOD, r#""event":"e""#, r#""event":"""#),
            (GOOD, r#""distinct_id":"u""#, r#""distinct_id":7"#),
            (GOOD, "0190a0a0-0000-7000-8000-000000000000", "evt_1"),
            (GOOD, r#""properties":{"#, r#""properties":[],"x":{"#),
            (GOOD, r#""timestamp":"t""#, r#""timestamp":7"#),
            (GOOD, GOOD, "true"),
            (GOOD, r#""event":"e""#, r#""event":"$groupidentify""#),
            (GOOD, r#""event":"e""#, r#""event":"\u0024groupidentify""#),
            (GOOD, r#""event":"e""#, r#""event":"$create_alias""#),
            (GOOD, r#""o1""#, r#""o2""#),
            (GOOD, r#""o1""#, r#"["o1"]"#),
            (GOOD, r#""app":"a""#, r#""team":"t""#),
            (GOOD, r#"{"organization":"o1","app":"a"}"#, "5"),
            (GOOD, r#""a":1"#, r#""$group_0":"o2""#),
            (GOOD, r#""a":1"#, r#""$group_set":{}"#),
            (GOOD, r#""a":1"#, r#""\u0024group_key":"o2""#),
            (PROFILE, r#""o1""#, r#""o2""#),
            (PROFILE, r#""$group_key":"o1","#, ""),
            (PROFILE, r#""event":"$groupidentify""#, r#""event":"e""#),
        ] {
            let error = returned(original, from, to).unwrap_err();
            assert_eq!(error.code, Code::BeforeSend, "{to}");
        }
        let failed = check(BeforeSend::Failed("threw"), &Wire::stored(GOOD.into(), false));
        assert_eq!(failed.unwrap_err().field, "before_send");
    }

    #[test]
    fn a_part_that_the_host_holds_finds_its_place() {
        let text = r#"{"event":"$snapshot","distinct_id":"u","uuid":"0190a0a0-0000-7000-8000-000000000000","properties":{"$snapshot_data":,"a":1}}"#;
        let original = Wire::replay(text.to_owned(), Some(Splice { at: 10, part: 0 }));
        let result = text.replace("\"$snapshot_data\":,", "\"$snapshot_data\":[],");
        let wire = check(BeforeSend::Event(result), &original).unwrap().unwrap();
        let at = wire.splice().unwrap().at;
        let (before, behind) = wire.text().split_at(at);
        assert!(before.ends_with(r#""a":1,"$snapshot_data":"#) && behind == "}}", "{before}");
    }
}
