//! What was decided for somebody, as text: this is what crosses, and what PostHog's answer is merged
//! into.

use super::context::Context;
use super::definitions::Definitions;
use super::evaluate::{Evaluated, evaluate};
use super::{FlagValue, Reason};
use crate::json::writer::{ObjectWriter, object};

/// What an event says of the reason of a flag that was evaluated here.
const REASON: &str = "Evaluated locally";

/// The flags that are asked for, as JSON text: `flags` by key, why others are `unresolved`, and
/// whether only PostHog's answer would make it `incomplete` no more.
pub fn local(definitions: &Definitions, context: &Context) -> String {
    let decided = evaluate(definitions, context);
    object(|snapshot| {
        let mut flags = ObjectWriter::open(snapshot.key("flags"));
        for Evaluated { flag, decision } in &decided {
            let Ok(value) = decision else { continue };
            let mut record = ObjectWriter::open(flags.key(&flag.key));
            write_value(&mut record, value);
            let payload = match value {
                FlagValue::Off => None,
                FlagValue::On => Some("true"),
                FlagValue::Variant(variant) => Some(variant.as_str()),
            };
            let payloads = flag.filters.iter().flat_map(|filters| &filters.payloads);
            if let Some(key) = payload
                && let Some((_, raw)) = payloads.rev().find(|(known, _)| known == key)
            {
                record.raw("payload", raw);
            }
            if let Some(id) = &flag.id {
                record.raw("id", id);
            }
            record.string("reason", REASON);
            record.boolean("local", true);
            if let Some(has) = flag.has_experiment {
                record.boolean("experiment", has);
            }
            record.close();
        }
        flags.close();
        let mut incomplete = context.keys.iter().flatten().any(|key| {
            let place = definitions.names.flags.get(key);
            let flag = place.and_then(|place| definitions.flags.get(*place));
            flag.is_none_or(|flag| !flag.is_for(&context.contexts))
        });
        let mut unresolved = ObjectWriter::open(snapshot.key("unresolved"));
        for Evaluated { flag, decision } in &decided {
            if let Err(doubt) = decision {
                incomplete |= flag.on_server;
                let reason: Reason = doubt.reason;
                unresolved.string(&flag.key, reason.name());
            }
        }
        unresolved.close();
        // A project without any flag may have some by now.
        snapshot.boolean("incomplete", incomplete || definitions.is_empty());
        snapshot.boolean("minimal", definitions.minimal_events);
    })
}

/// A flag's value, as it is seen.
pub fn write_value(record: &mut ObjectWriter<'_>, value: &FlagValue) {
    match value {
        FlagValue::Off => record.boolean("value", false),
        FlagValue::On => record.boolean("value", true),
        FlagValue::Variant(variant) => record.string("value", variant),
    }
}
