//! What PostHog would count of events, by what its usage report counts. The facts are those of
//! docs/ingestion-warnings.md's neighbour, docs/cost.md, and have a date there.

use crate::event::id::EventSeed;
use crate::event::input::Input;
use crate::json::{self, RawObject};
use crate::lint::{Options, wires};
use crate::request::names;

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Events with a person's profile.
    pub identified: usize,
    /// Events without one.
    pub personless: usize,
    /// Identified events that say which groups they belong to.
    pub with_groups: usize,
    /// Events about a model's work.
    pub ai: usize,
    /// Exceptions.
    pub exceptions: usize,
    /// Responses to surveys.
    pub survey_responses: usize,
    /// Sessions that are recorded.
    pub replays: usize,
    /// Events that PostHog takes for nothing.
    pub unbilled: usize,
    /// What this package would not send.
    pub not_sent: usize,
}

/// Counts what would be sent.
pub fn estimate(
    inputs: &mut [Input<'_>],
    options: &Options,
    seed: &mut dyn FnMut() -> EventSeed,
) -> Estimate {
    let mut counted = Estimate::default();
    let mut sessions = Vec::new();
    wires(inputs, options, seed, &mut |wire| match wire {
        Some(wire) => count(wire.text(), &mut counted, &mut sessions),
        None => increment(&mut counted.not_sent),
    });
    sessions.sort_unstable();
    sessions.dedup();
    counted.replays = sessions.len();
    counted
}

fn count(wire: &str, counted: &mut Estimate, sessions: &mut Vec<String>) {
    let Some(event) = json::object(wire) else { return };
    let name = event.get("event").and_then(json::unquote).unwrap_or_default();
    let properties = event.get("properties").and_then(json::object).unwrap_or(RawObject::EMPTY);
    let kind = match &*name {
        names::SNAPSHOT => {
            sessions.extend(properties.get(names::SESSION_ID).map(str::to_owned));
            return;
        }
        names::EXCEPTION => &mut counted.exceptions,
        names::SURVEY_SENT => &mut counted.survey_responses,
        name if names::is_ai(name) => &mut counted.ai,
        name if names::UNBILLED.contains(&name) => &mut counted.unbilled,
        _ if properties.get(names::PROCESS_PERSON_PROFILE) == Some("false") => {
            &mut counted.personless
        }
        _ => {
            let groups = properties.get(names::GROUPS).and_then(json::object);
            if groups.is_some_and(|groups| !groups.is_empty()) {
                increment(&mut counted.with_groups);
            }
            &mut counted.identified
        }
    };
    increment(kind);
}

fn increment(count: &mut usize) {
    *count = count.saturating_add(1);
}
