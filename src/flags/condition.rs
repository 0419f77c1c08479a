//! What a flag's definition says: conditions, variants, payloads, a holdout.

use super::definitions::{Names, truth};
use super::number::to_f64;
use super::property::Property;
use super::value::Value;
use crate::json;

/// Of conditions, and of variants: each of the ones may look through all of the others.
const MOST: usize = 2_000;

/// One condition: who it is for, and for how many of them.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// All of them must hold.
    pub properties: Vec<Property>,
    /// How many of them, in percent. `None`: all.
    pub rollout: Option<f64>,
    /// The variant that they get.
    pub variant: Option<String>,
    /// The index of the group type that it is about, where that is its own.
    pub group_index: Option<String>,
}

/// One variant, and how many get it in percent.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its key.
    pub key: String,
    /// In percent.
    pub share: f64,
}

/// Those that are kept out of experiments.
#[derive(Clone, Debug)]
pub struct Holdout {
    /// The value that they get.
    pub variant: String,
    /// How many, in percent.
    pub share: f64,
}

/// A flag's `filters`.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// In their order; the first that matches decides.
    pub conditions: Vec<Condition>,
    /// In their order.
    pub variants: Vec<Variant>,
    /// JSON by value: `true`, or a variant.
    pub payloads: Vec<(String, String)>,
    /// The index of the group type that the flag is about.
    pub group_index: Option<String>,
    /// Who is kept out.
    pub holdout: Option<Holdout>,
    /// A condition that matches for others than these is the last.
    pub early_exit: bool,
    /// It has something that is not decided here.
    pub unsupported: bool,
}

/// A number, or nothing for `null`; `None` if it is something else.
#[allow(clippy::option_option, reason = "not readable, and not there")]
fn number(raw: &str) -> Option<Option<f64>> {
    if raw == "null" {
        return Some(None);
    }
    to_f64(raw).map(Some)
}

/// A group type's index as the mapping has it; `None` for `null`.
fn index(raw: &str) -> Option<String> {
    (raw != "null").then(|| Value::read(raw).js_text().map(std::borrow::Cow::into_owned)).flatten()
}

impl Filters {
    /// Reads a flag's filters. `None`: a part of the wrong type.
    pub fn read(raw: &str, names: &Names) -> Option<Self> {
        let mut filters = Self::default();
        if raw == "null" {
            return Some(filters);
        }
        for (name, raw) in json::object(raw)?.entries() {
            if raw == "null" {
                continue;
            }
            match &*name {
                "groups" => {
                    for raw in json::elements(raw)? {
                        filters.conditions.push(Condition::read(raw, names)?);
                    }
                }
                "multivariate" => {
                    let variants = json::object(raw)?.get("variants").unwrap_or("null");
                    if variants != "null" {
                        for raw in json::elements(variants)? {
                            filters.variants.push(Variant::read(raw)?);
                        }
                    }
                }
                "payloads" => {
                    for (name, raw) in json::object(raw)?.entries() {
                        filters.payloads.push((name.into_owned(), raw.to_owned()));
                    }
                }
                "aggregation_group_type_index" => filters.group_index = index(raw),
                "holdout" => filters.holdout = Holdout::read(raw)?,
                "early_exit" => filters.early_exit = truth(raw)?,
                "feature_enrollment" => filters.unsupported |= raw != "false",
                "version" => filters.unsupported |= raw != "1",
                _ => {}
            }
        }
        let plausible = filters.conditions.len() <= MOST && filters.variants.len() <= MOST;
        plausible.then_some(filters)
    }
}

impl Condition {
    fn read(raw: &str, names: &Names) -> Option<Self> {
        let mut condition = Self::default();
        for (name, raw) in json::object(raw)?.entries() {
            match &*name {
                "properties" if raw != "null" => {
                    for raw in json::elements(raw)? {
                        condition.properties.push(Property::read(json::object(raw)?, names)?);
                    }
                }
                "rollout_percentage" => condition.rollout = number(raw)?,
                "variant" if raw != "null" => condition.variant = Some(json::unquote_string(raw)?),
                "aggregation_group_type_index" => condition.group_index = index(raw),
                _ => {}
            }
        }
        Some(condition)
    }
}

impl Variant {
    fn read(raw: &str) -> Option<Self> {
        let object = json::object(raw)?;
        let key = json::unquote_string(object.get("key")?)?;
        Some(Self { key, share: number(object.get("rollout_percentage")?)?? })
    }
}

impl Holdout {
    #[allow(clippy::option_option, reason = "not readable, and not there")]
    fn read(raw: &str) -> Option<Option<Self>> {
        let object = json::object(raw)?;
        let (Some(id), Some(share)) = (object.get("id"), object.get("exclusion_percentage")) else {
            return Some(None);
        };
        let share = Value::read(share).js_text().and_then(|text| to_f64(&text));
        let Some(share) = share.filter(|_| id != "null") else {
            return Some(None);
        };
        let id = Value::read(id).js_text()?.into_owned();
        let variant = ["holdout-", &id].concat();
        Some(Some(Self { variant, share: share.clamp(0.0, 100.0) }))
    }
}
