//! What would become of events: what is wrong with them, what would be changed, what PostHog would
//! warn about, and what PostHog would count. Nothing is sent. Events pass the same way as those
//! that are ([`prepare`]), so what is said of them is what would happen.

use std::borrow::Cow;

use crate::error::{Error, Mistake, Warning};
use crate::event::exception::{Chunks, Exception, Thrown};
use crate::event::id::EventSeed;
use crate::event::input::{Input, Tag};
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::json::writer::index_path;
use crate::policy::Policy;
use crate::request::Wire;
use crate::request::prepare::{PrepareResult, Prepared, Rules, prepare};
use crate::request::v1::Protocol;

mod given;
pub mod ingestion;
mod sent;
pub mod usage;

use given::Given;
use ingestion::IngestionWarning;

/// The code of what only PostHog would warn about.
pub const CODE: &str = "ingestion_warning";

/// What of a client's options decides what becomes of an event.
#[derive(Clone, Debug)]
pub struct Options {
    policy: Policy,
    v1: bool,
}

/// Something that is wrong with an event, would be changed in it, or would make PostHog warn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// This package's own code, or [`CODE`].
    pub code: &'static str,
    /// Where it is, as a path into the input.
    pub field: Cow<'static, str>,
    /// For people. Never holds a key, a token or a property's value.
    pub message: Cow<'static, str>,
    /// PostHog's own name for it, if PostHog would warn about it.
    pub warning: Option<IngestionWarning>,
}

impl Options {
    /// Reads the options' JSON text.
    pub fn read(options: &str) -> Result<Self, Error> {
        let mut fields = Fields::of(RawObject::read(options, "options")?);
        let policy = Policy::read(&mut fields)?;
        Ok(Self { policy, v1: Protocol::read(&mut fields)?.is_v1() })
    }
}

impl Finding {
    /// Of something that this package refuses or warns about too.
    fn of(mistake: &Mistake, warning: Option<IngestionWarning>) -> Self {
        let Mistake { code, field, message } = mistake;
        Self { code: code.name(), field: field.clone(), message: message.clone(), warning }
    }

    /// Of something that only PostHog would warn about.
    fn posthogs(
        warning: IngestionWarning,
        field: impl Into<Cow<'static, str>>,
        message: &'static str,
    ) -> Self {
        Self { code: CODE, field: field.into(), message: message.into(), warning: Some(warning) }
    }

    fn inside(self, outer: &str) -> Self {
        let field = match &*self.field {
            "" => outer.to_owned(),
            field => [outer, ".", field].concat(),
        };
        Self { field: field.into(), ..self }
    }
}

impl From<Error> for Finding {
    /// Options that cannot be read.
    fn from(error: Error) -> Self {
        Self::of(&error, None)
    }
}

/// What there is to say about events, in their order; what would not be sent at all comes first.
pub fn lint(
    inputs: &mut [Input<'_>],
    options: &Options,
    seed: &mut dyn FnMut() -> EventSeed,
) -> Vec<Finding> {
    let several = inputs.len() > 1;
    let now = seed().now;
    let (mut refused, mut found) = (Vec::new(), Vec::new());
    let mut uuids = Vec::new();
    for (place, input) in inputs.iter_mut().enumerate() {
        let given = Given::of(input, options.v1);
        let Prepared { events, wires, warnings, .. } = prepared(input, options, seed);
        let named = |mistake: &Mistake| Finding::of(mistake, given.posthogs_name(mistake));
        let path = index_path("events", place);
        let placed = |finding: Finding| if several { finding.inside(&path) } else { finding };
        let refusal = events.iter().find_map(|(_, result)| match result {
            PrepareResult::Refused(error) => Some(placed(named(error))),
            _ => None,
        });
        refused.extend(refusal);
        let warned: &[Warning] = &warnings;
        found.extend(warned.iter().map(|warning| placed(named(warning))));
        for (_, wire) in &wires {
            let mut own = Vec::new();
            sent::check(wire.text(), options.v1, now, &mut own);
            found.extend(own.into_iter().map(placed));
        }
        // An event that was refused has no id.
        uuids.extend(
            events.into_iter().map(|(uuid, _)| (uuid, place)).filter(|(uuid, _)| !uuid.is_empty()),
        );
    }
    if options.v1 {
        found.extend(twins(uuids));
    }
    refused.extend(found);
    refused
}

/// The way that an event which is sent goes. What was thrown is not looked at, only what is said
/// with it.
fn prepared(
    input: &mut Input<'_>,
    options: &Options,
    seed: &mut dyn FnMut() -> EventSeed,
) -> Prepared {
    let rules = Rules { policy: &options.policy, logsnag: None };
    let exception = (input.tag() == Tag::Exception).then(|| Exception {
        errors: vec![Thrown::new("Error", "", "", &Chunks::default())],
        ..Exception::default()
    });
    prepare(std::slice::from_mut(input), exception, &rules, seed, &mut |_| None)
}

/// Those that have the uuid of one before them.
fn twins(mut uuids: Vec<(String, usize)>) -> Vec<Finding> {
    uuids.sort_unstable();
    let mut places: Vec<usize> = uuids
        .windows(2)
        .filter_map(|pair| match pair {
            [(one, _), (other, place)] if one == other => Some(*place),
            _ => None,
        })
        .collect();
    places.sort_unstable();
    let message = "an event before it has the same: PostHog's newer endpoint refuses both requests";
    let twin = |place| {
        let field = [&index_path("events", place), ".uuid"].concat();
        Finding::posthogs(IngestionWarning::DuplicateEventUuid, field, message)
    };
    places.into_iter().map(twin).collect()
}

/// What would be sent of these inputs; `None` in the place of what would not be.
fn wires(
    inputs: &mut [Input<'_>],
    options: &Options,
    seed: &mut dyn FnMut() -> EventSeed,
    take: &mut dyn FnMut(Option<&Wire>),
) {
    for input in inputs {
        let Prepared { wires, .. } = prepared(input, options, seed);
        take(wires.first().map(|(_, wire)| wire));
    }
}

#[cfg(test)]
mod tests;
