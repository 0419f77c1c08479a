//! The operators of filters: one filter against one property's value.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::number::Parsed;
use super::regex::{Effort, Pattern};
use super::value::{Properties, Value, lower};
use super::{Decision, Inconclusive, dates, number, semver};
use crate::json::work;

/// Every operator that is decided here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal to the value, or to one of them.
    Exact,
    /// Not equal.
    IsNot,
    /// The property is there.
    IsSet,
    /// It is not: nobody knows.
    IsNotSet,
    /// A part of the text, in ASCII's lower case.
    Contains(Place),
    /// No such part.
    NotContains(Place),
    /// A regular expression is found.
    Regex,
    /// It is not found.
    NotRegex,
    /// Numbers, or else texts, in this order.
    Compare(Order),
    /// A date before.
    DateBefore,
    /// A date after.
    DateAfter,
    /// Versions in this order.
    Semver(Order),
    /// Another version.
    SemverNot,
    /// `~1.2`.
    SemverTilde,
    /// `^1.2`.
    SemverCaret,
    /// `1.2.*`.
    SemverWildcard,
}

/// Where in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At its beginning.
    Start,
    /// Anywhere.
    Anywhere,
    /// At its end.
    End,
}

/// An order that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `=`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Order {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}

impl Operator {
    /// The operator of that name; none is `exact`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "" | "exact" => Self::Exact,
            "is_not" => Self::IsNot,
            "is_set" => Self::IsSet,
            "is_not_set" => Self::IsNotSet,
            "icontains" => Self::Contains(Place::Anywhere),
            "not_icontains" => Self::NotContains(Place::Anywhere),
            "starts_with" => Self::Contains(Place::Start),
            "not_starts_with" => Self::NotContains(Place::Start),
            "ends_with" => Self::Contains(Place::End),
            "not_ends_with" => Self::NotContains(Place::End),
            "regex" => Self::Regex,
            "not_regex" => Self::NotRegex,
            "gt" => Self::Compare(Order::Greater),
            "gte" => Self::Compare(Order::GreaterOrEqual),
            "lt" => Self::Compare(Order::Less),
            "lte" => Self::Compare(Order::LessOrEqual),
            "is_date_before" => Self::DateBefore,
            "is_date_after" => Self::DateAfter,
            "semver_eq" => Self::Semver(Order::Equal),
            "semver_neq" => Self::SemverNot,
            "semver_gt" => Self::Semver(Order::Greater),
            "semver_gte" => Self::Semver(Order::GreaterOrEqual),
            "semver_lt" => Self::Semver(Order::Less),
            "semver_lte" => Self::Semver(Order::LessOrEqual),
            "semver_tilde" => Self::SemverTilde,
            "semver_caret" => Self::SemverCaret,
            "semver_wildcard" => Self::SemverWildcard,
            _ => return None,
        })
    }

    /// Whether `null` is compared like the text `null`.
    const fn takes_null(self) -> bool {
        matches!(
            self,
            Self::Exact
                | Self::IsNot
                | Self::Contains(_)
                | Self::NotContains(_)
                | Self::Regex
                | Self::NotRegex
        )
    }
}

/// One filter, prepared: what can be known of its value is known.
#[derive(Clone, Debug)]
pub struct Filter {
    operator: Operator,
    value: Value,
    prepared: Prepared,
}

#[derive(Clone, Debug)]
enum Prepared {
    /// It is not decided here, whatever the property is.
    Unsupported,
    Nothing,
    /// Truths are compared, and not texts.
    Truth(bool),
    /// Texts in lower case, one of which it must be.
    Texts(Vec<String>),
    /// A text of whoever compares by JavaScript's.
    Text(String),
    Pattern(Pattern),
    Version(semver::Version),
    Range(semver::Range),
}

/// How texts that look like truths are compared: `property_matching_version` of the definitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// As truths.
    #[default]
    Truths,
    /// As texts.
    Texts,
}

impl Filter {
    /// Prepares a filter.
    pub fn new(operator: Operator, value: Value, matching: Matching) -> Self {
        let prepared = prepare(operator, &value, matching).unwrap_or(Prepared::Unsupported);
        Self { operator, value, prepared }
    }

    /// Whether it can be decided at all.
    pub const fn is_supported(&self) -> bool {
        !matches!(self.prepared, Prepared::Unsupported | Prepared::Pattern(Pattern::NotPortable))
    }

    /// Whether one of these properties passes it. `now` is for dates that count from it.
    pub fn matches(
        &self,
        key: &str,
        properties: &Properties,
        now: i64,
        effort: &Effort,
    ) -> Decision<bool> {
        let unsupported = matches!(self.prepared, Prepared::Unsupported);
        let Some(actual) = properties.get(key) else {
            return Err(if unsupported {
                Inconclusive::UNSUPPORTED
            } else {
                Inconclusive::MISSING
            });
        };
        match self.operator {
            Operator::IsSet => return Ok(true),
            Operator::IsNotSet => return Ok(false),
            _ => {}
        }
        if matches!(actual, Value::Null) && !self.operator.takes_null() {
            return Ok(false);
        }
        let js = || text_of(actual, Value::js_text, effort);
        let version = || semver::parse(&js()?).ok_or(Inconclusive::MISSING);
        match (self.operator, &self.prepared) {
            (Operator::Exact, prepared) => is_equal(prepared, actual, effort),
            (Operator::IsNot, prepared) => is_equal(prepared, actual, effort).map(|is| !is),
            (Operator::Contains(place), Prepared::Text(part)) => Ok(contains(&js()?, part, place)),
            (Operator::NotContains(place), Prepared::Text(part)) => {
                Ok(!contains(&js()?, part, place))
            }
            (Operator::Regex, Prepared::Pattern(pattern)) => {
                Ok(pattern.search(&js()?, effort)?.unwrap_or(false))
            }
            (Operator::NotRegex, Prepared::Pattern(pattern)) => {
                Ok(pattern.search(&js()?, effort)?.is_some_and(|found| !found))
            }
            (Operator::Compare(order), Prepared::Text(text)) => {
                let actual = js()?;
                let ordering = match (number::parse_float(&actual), number::parse_float(text)) {
                    (Parsed::Number(actual), Parsed::Number(filter)) => actual.partial_cmp(&filter),
                    (Parsed::Unknown, _) => return Err(Inconclusive::MISSING),
                    (_, Parsed::Unknown) => return Err(Inconclusive::UNSUPPORTED),
                    _ => Some(actual.encode_utf16().cmp(text.encode_utf16())),
                };
                Ok(ordering.is_some_and(|ordering| order.holds(ordering)))
            }
            (Operator::DateBefore | Operator::DateAfter, _) => {
                let filter = dates::filter_millis(&self.value, now);
                let filter = filter.ok_or(Inconclusive::UNSUPPORTED)?;
                let actual = dates::millis(actual).ok_or(Inconclusive::MISSING)?;
                let before = self.operator == Operator::DateBefore;
                Ok(if before { actual < filter } else { actual > filter })
            }
            (Operator::Semver(order), Prepared::Version(filter)) => {
                let ordering = version()?.partial_cmp(filter);
                Ok(ordering.is_some_and(|ordering| order.holds(ordering)))
            }
            (Operator::SemverNot, Prepared::Version(filter)) => Ok(version()? != *filter),
            (_, Prepared::Range(range)) => Ok(semver::is_within(version()?, *range)),
            _ => Err(Inconclusive::UNSUPPORTED),
        }
    }
}

fn prepare(operator: Operator, value: &Value, matching: Matching) -> Option<Prepared> {
    Some(match operator {
        Operator::Exact | Operator::IsNot => {
            if matches!(value, Value::Undefined) {
                return None;
            }
            let empty = matches!(value, Value::Array(items) if items.is_empty());
            if empty || (matching == Matching::Truths && value.is_boolean_like()) {
                return Some(Prepared::Truth(value.is_true()));
            }
            let one = std::slice::from_ref(value);
            let items = if let Value::Array(items) = value { items } else { one };
            let mut texts = Vec::with_capacity(items.len());
            for item in items {
                texts.push(lower(&item.posthog_text()?).into_owned());
            }
            Prepared::Texts(texts)
        }
        Operator::IsSet | Operator::IsNotSet => Prepared::Nothing,
        Operator::Contains(_) | Operator::NotContains(_) => {
            Prepared::Text(value.js_text()?.to_ascii_lowercase())
        }
        Operator::Regex | Operator::NotRegex => Prepared::Pattern(Pattern::read(&value.js_text()?)),
        Operator::Compare(_) => Prepared::Text(value.js_text()?.into_owned()),
        Operator::DateBefore | Operator::DateAfter => {
            // Whether it is a date at all does not depend on the time.
            let _date = dates::filter_millis(value, 0)?;
            Prepared::Nothing
        }
        Operator::Semver(_) | Operator::SemverNot => {
            Prepared::Version(semver::parse(&value.js_text()?)?)
        }
        Operator::SemverTilde => Prepared::Range(semver::tilde(&value.js_text()?)?),
        Operator::SemverCaret => Prepared::Range(semver::caret(&value.js_text()?)?),
        Operator::SemverWildcard => Prepared::Range(semver::wildcard(&value.js_text()?)?),
    })
}

/// A property's text, which is made and read anew for each filter: so it has a limit. What it comes to is known of a list
/// or an object only when it is made; each of their bytes is eight of another text's work.
fn text_of<'v>(
    actual: &'v Value,
    make: impl FnOnce(&'v Value) -> Option<Cow<'v, str>>,
    effort: &Effort,
) -> Decision<Cow<'v, str>> {
    let least = if let Value::Text(text) = actual { text.len() } else { 1 };
    effort.take(least).ok_or(Inconclusive::UNSUPPORTED)?;
    let text = make(actual);
    let bytes = text.as_ref().map(|text| text.len());
    work::count(bytes.unwrap_or_default());
    if matches!(actual, Value::Array(_) | Value::Object(_)) {
        // Nobody knows how much was done for a text that cannot be foretold.
        let done = bytes.map_or(1_000_000, |bytes| bytes.saturating_mul(8));
        effort.spend(done).ok_or(Inconclusive::UNSUPPORTED)?;
    }
    text.ok_or(Inconclusive::MISSING)
}

fn is_equal(prepared: &Prepared, actual: &Value, effort: &Effort) -> Decision<bool> {
    match prepared {
        Prepared::Truth(truth) => match actual {
            Value::Broken => Err(Inconclusive::MISSING),
            actual => Ok(*truth == actual.is_true()),
        },
        Prepared::Texts(texts) => {
            let actual = text_of(actual, Value::posthog_text, effort)?;
            let actual = lower(&actual);
            Ok(texts.iter().any(|text| *text == actual))
        }
        _ => Err(Inconclusive::UNSUPPORTED),
    }
}

fn contains(text: &str, part: &str, place: Place) -> bool {
    let text = text.to_ascii_lowercase();
    match place {
        Place::Start => text.starts_with(part),
        Place::Anywhere => text.contains(part),
        Place::End => text.ends_with(part),
    }
}
