//! Whole definitions against whole people.

mod bad_input;
mod published;
mod rules;

use super::context::Given;
use super::definitions::Definitions;
use super::evaluate::evaluate;
use super::{FlagValue, Reason};
use crate::event::time::Timestamp;

const NOW: &str = "2024-03-31T05:06:07.008Z";

/// A value as callers see it, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Is {
    Off,
    On,
    Variant(&'static str),
    Unknown(Reason),
}

use Is::{Off, On, Unknown, Variant};
use Reason::{ExperienceContinuity, MissingContext, UnresolvedDependency, UnsupportedDefinition};

/// All flags of these definitions for a person, in order.
fn all(definitions: &str, options: &str) -> Vec<(String, Is)> {
    let definitions = Definitions::read(definitions).unwrap();
    let now = Timestamp::parse(NOW).unwrap().millis();
    let context = Given::read(options).unwrap().context(now);
    let decided = evaluate(&definitions, &context);
    decided
        .into_iter()
        .map(|evaluated| {
            let is = match evaluated.decision {
                Ok(FlagValue::Off) => Off,
                Ok(FlagValue::On) => On,
                Ok(FlagValue::Variant(variant)) => Variant(variant.leak()),
                Err(doubt) => Unknown(doubt.reason),
            };
            (evaluated.flag.key.clone(), is)
        })
        .collect()
}

/// The first flag of definitions with these filters.
fn one(filters: &str, options: &str) -> Is {
    let definitions = format!(
        r#"{{"flags":[{{"key":"f","id":1,"active":true,"filters":{filters}}}],"group_type_mapping":{{"0":"company"}}}}"#
    );
    all(&definitions, options).swap_remove(0).1
}
