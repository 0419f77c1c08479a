//! One filter of a condition or of a cohort: on a property, on a cohort or on another flag.

use super::FlagValue;
use super::definitions::{Names, truth};
use super::operators::{Filter, Operator};
use super::value::Value;
use crate::json::{self, RawObject};

/// A filter.
#[derive(Clone, Debug)]
pub struct Property {
    /// What is asked.
    pub kind: Kind,
    /// The answer counts the other way round; in cohorts only.
    pub negated: bool,
}

/// What a filter asks.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A property of the person or the group.
    Filter {
        /// The property's name.
        key: String,
        /// What is asked of it. `None`: an operator that is not known.
        filter: Option<Filter>,
    },
    /// Whether they are in a cohort.
    Cohort {
        /// Its place; `None`: PostHog did not send it.
        cohort: Option<usize>,
        /// Whether they are not.
        not_in: bool,
    },
    /// What another flag says. `None`: it is not there, or not in order.
    Flag(Option<Dependency>),
}

/// A flag that another one depends on.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The flags to evaluate before, itself last.
    pub chain: Vec<usize>,
    /// Itself.
    pub target: usize,
    /// What it has to be.
    pub expected: Expected,
}

/// The value that a flag has to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Anything but off.
    Enabled,
    /// Off.
    Off,
    /// This variant.
    Variant(String),
    /// Something that no flag is.
    Never,
}

impl Expected {
    /// Whether a flag has it.
    pub fn is(&self, value: &FlagValue) -> bool {
        match (self, value) {
            (Self::Enabled, value) => *value != FlagValue::Off,
            (Self::Off, value) => *value == FlagValue::Off,
            (Self::Variant(expected), FlagValue::Variant(variant)) => expected == variant,
            _ => false,
        }
    }
}

impl Property {
    /// Reads one. `None`: it has a part of the wrong type.
    pub fn read(object: RawObject<'_>, names: &Names) -> Option<Self> {
        let (mut key, mut operator, mut kind) = (None, None, None);
        let (mut value, mut chain, mut negated) = (Value::Undefined, None, false);
        for (name, raw) in object.entries() {
            match &*name {
                "key" => key = Some(Value::read(raw)),
                "operator" if raw != "null" => operator = Some(json::unquote_string(raw)?),
                "type" if raw != "null" => kind = Some(json::unquote(raw)?),
                "value" => value = Value::read(raw),
                "dependency_chain" => chain = Some(raw),
                "negation" => negated = truth(raw)?,
                _ => {}
            }
        }
        let operator = operator.unwrap_or_default();
        let kind = match kind.as_deref() {
            Some("cohort") => {
                let id = value.js_text()?;
                let cohort = names.cohorts.get(&id).copied();
                Kind::Cohort { cohort, not_in: operator == "not_in" }
            }
            Some("flag") => Kind::Flag(dependency(&key?, &value, chain, names)),
            _ => {
                // Names are texts; a number is one too where it is looked for.
                let key = key?.js_text()?.into_owned();
                let filter = Operator::named(&operator)
                    .map(|operator| Filter::new(operator, value, names.matching));
                Kind::Filter { key, filter }
            }
        };
        Some(Self { kind, negated })
    }
}

fn dependency(
    key: &Value,
    value: &Value,
    chain: Option<&str>,
    names: &Names,
) -> Option<Dependency> {
    let mut places = Vec::new();
    for raw in json::elements(chain?)? {
        places.push(*names.flags.get(&json::unquote(raw)?)?);
    }
    let target = *names.flags.get(&key.js_text()?)?;
    if !places.contains(&target) {
        return None;
    }
    let expected = match value {
        Value::Bool(true) => Expected::Enabled,
        Value::Bool(false) => Expected::Off,
        Value::Text(variant) => Expected::Variant(variant.clone()),
        _ => Expected::Never,
    };
    Some(Dependency { chain: places, target, expected })
}
