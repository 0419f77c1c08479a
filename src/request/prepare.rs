//! The whole way from inputs to wire events, one event at a time: what is wrong with one of them
//! takes nothing from the others.

use crate::error::{Error, Warning};
use crate::event::exception::Exception;
use crate::event::id::{self, EventSeed};
use crate::event::input::{Input, Tag};
use crate::event::warnings::summarise;
use crate::event::{Event, LogSnagEvent};
use crate::json::writer;
use crate::policy::Policy;
use crate::request::before_send::{self, BeforeSend};
use crate::request::logsnag::Account;
use crate::request::{Wire, payload};

/// What the caller's events became.
#[derive(Debug, Default)]
pub struct Prepared {
    /// One for every input, in order: its uuid, empty if it never got one, and its fate.
    pub events: Vec<(String, PrepareResult)>,
    /// What goes out, each with its place in `events`.
    pub wires: Vec<(usize, Wire)>,
    /// What LogSnag is told, and about which events.
    pub logsnag_events: Vec<(usize, String)>,
    /// Whether there was anything for LogSnag, configured or not.
    pub announced: bool,
    /// What was changed or left out.
    pub warnings: Vec<Warning>,
    /// The places of groups' profiles that PostHog has already. They are not among the wires.
    #[cfg(feature = "stores")]
    pub unchanged: Vec<usize>,
    /// The places of those that are remembered if PostHog accepts them, and a hash of each group.
    #[cfg(feature = "stores")]
    pub profiles: Vec<(usize, [u8; 20])>,
}

/// What became of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrepareResult {
    /// It is among the wires.
    Ready,
    /// The caller's hook dropped it.
    Dropped,
    /// It cannot be sent.
    Refused(Error),
}

/// Everything that the way from input to wire depends on.
#[derive(Debug)]
pub struct Rules<'p> {
    /// What may leave.
    pub policy: &'p Policy,
    /// Who is told beside PostHog.
    pub logsnag: Option<&'p Account>,
}

/// A caller's own last word on an event.
pub type Hook<'h> = &'h mut dyn FnMut(&str) -> Option<BeforeSend>;

/// Takes the inputs through event, policy and payload.
pub fn prepare(
    inputs: &mut [Input<'_>],
    exception: Option<Exception>,
    rules: &Rules<'_>,
    seed: &mut dyn FnMut() -> EventSeed,
    hook: Hook<'_>,
) -> Prepared {
    let mut prepared = Prepared::default();
    let mut exception = exception;
    let several = inputs.len() > 1;
    for (place, input) in inputs.iter_mut().enumerate() {
        let first = prepared.warnings.len();
        input.replace_lone_surrogates(&mut prepared.warnings);
        let input = &*input;
        let made = one(input, exception.take(), rules, &seed(), hook, &mut prepared.warnings);
        prepared.events.push(match made {
            Ok(Made { uuid, wire: Some(wire), logsnag_event }) => {
                prepared.announced |= logsnag_event.is_some();
                #[cfg(feature = "stores")]
                let told = rules.logsnag.zip(logsnag_event.as_ref());
                #[cfg(feature = "stores")]
                if let Some(body) = told.and_then(|(to, what)| {
                    let privacy = &rules.policy.privacy;
                    to.announce(wire.text(), what, privacy, &mut prepared.warnings)
                }) {
                    prepared.logsnag_events.push((place, body));
                }
                prepared.wires.push((place, wire));
                (uuid, PrepareResult::Ready)
            }
            Ok(Made { uuid, .. }) => (uuid, PrepareResult::Dropped),
            Err(error) => (String::new(), PrepareResult::Refused(error)),
        });
        summarise(&mut prepared.warnings, first);
        if input.tag() == Tag::Track && several && prepared.warnings.len() > first {
            let outer = writer::index_path("events", place);
            for warning in prepared.warnings.iter_mut().skip(first) {
                *warning = warning.clone().inside(&outer);
            }
        }
    }
    prepared
}

/// An event on its way out; without a wire, the caller's hook dropped it.
struct Made<'i> {
    uuid: String,
    wire: Option<Wire>,
    logsnag_event: Option<LogSnagEvent<'i>>,
}

fn one<'i>(
    input: &'i Input<'_>,
    exception: Option<Exception>,
    rules: &Rules<'_>,
    seed: &EventSeed,
    hook: Hook<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Made<'i>, Error> {
    let mut event = Event::read(input, exception, seed, warnings)?;
    let (uuid, event_at) = (id::text(event.uuid), event.timestamp);
    let logsnag_event = event.logsnag_event.take();
    let admitted = rules.policy.admit(&mut event, seed.now, warnings)?;
    let wire = payload::write(&admitted, &uuid, input.tag())?;
    let wire = match hook(wire.text()) {
        None => Some(wire),
        Some(result) => before_send::check(result, &wire)?,
    };
    let wire = wire.map(|wire| wire.clocked(event_at == seed.now));
    Ok(Made { uuid, wire, logsnag_event })
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::error::Code;
    use crate::event::exception::{Chunks, Thrown};
    use crate::event::time::Timestamp;

    fn result(tag: Tag, text: &str, exception: Option<Exception>) -> PrepareResult {
        let policy = Policy {
            group_types: vec!["organization".into()],
            send_ip: false,
            privacy: Default::default(),
        };
        let rules = Rules { policy: &policy, logsnag: None };
        let seed = &mut || EventSeed { now: Timestamp::EPOCH, random: [0; 10] };
        let input = Input::from_text(tag, text);
        let prepared = prepare(&mut [input], exception, &rules, seed, &mut |_| None);
        prepared.events.into_iter().next().unwrap().1
    }

    #[test]
    fn whatever_makes_an_event_too_large_is_named() {
        let long = "x".repeat(990_000);
        let object = format!("{{\"a\":\"{long}\"}}");
        for (tag, text, field) in [
            (
                Tag::Capture,
                format!(r#""event":"e","distinctId":"u","properties":{object}"#),
                "properties",
            ),
            (Tag::Capture, format!(r#""event":"e","distinctId":"u","set":{object}"#), "set"),
            (
                Tag::Capture,
                format!(r#""event":"e","distinctId":"u","setOnce":{object}"#),
                "setOnce",
            ),
            (Tag::Capture, format!(r#""event":"{long}","distinctId":"u""#), "event"),
            (Tag::Capture, format!(r#""event":"e","distinctId":"{long}""#), "distinctId"),
            // PostHog is told each of these twice.
            (
                Tag::Alias,
                format!(r#""alias":"a","distinctId":"{}""#, "x".repeat(495_000)),
                "distinctId",
            ),
            (Tag::Identify, format!(r#""distinctId":"u","properties":{object}"#), "properties"),
            (
                Tag::GroupIdentify,
                format!(r#""group":["organization","o"],"properties":{object}"#),
                "properties",
            ),
            (Tag::Exception, format!(r#""distinctId":"u","properties":{object}"#), "properties"),
        ] {
            let exception = (tag == Tag::Exception).then(|| Exception {
                errors: vec![Thrown::new("E", "m", "", &Chunks::default())],
                ..Exception::default()
            });
            let PrepareResult::Refused(error) = result(tag, &format!("{{{text}}}"), exception)
            else {
                panic!("{tag:?} {field} was sent");
            };
            assert_eq!((error.code, error.field.as_ref()), (Code::TooLarge, field), "{tag:?}");
        }
    }
}
