//! Which value each flag has for somebody.

use super::cohort::{Group, Members};
use super::condition::{Condition, Filters};
use super::context::Context;
use super::definitions::{Definitions, Flag};
use super::hash::{hash, is_within};
use super::property::{Kind, Property};
use super::regex::Effort;
use super::value::{Properties, Value};
use super::{Decision, Doubt, Doubts, FlagValue, Inconclusive, Reason};
use crate::request::names;

/// One flag's decision.
#[derive(Debug)]
pub struct Evaluated<'d> {
    /// The flag.
    pub flag: &'d Flag,
    /// Its value, or why it has none.
    pub decision: Decision<FlagValue>,
}

/// All flags that are asked for, in the order of their definitions.
pub fn evaluate<'d>(definitions: &'d Definitions, context: &Context) -> Vec<Evaluated<'d>> {
    let mut evaluation = Evaluation {
        definitions,
        context,
        values: vec![None; definitions.flags.len()],
        cohorts: vec![Vec::new(); definitions.cohorts.len()],
        effort: Effort::default(),
    };
    let wanted = wanted(definitions, context);
    for place in &definitions.order {
        if wanted.as_ref().is_none_or(|wanted| wanted.get(*place) != Some(&Wanted::No)) {
            evaluation.decide(*place);
        }
    }
    let is_asked_for =
        |place: usize| wanted.as_ref().is_none_or(|wanted| wanted.get(place) == Some(&Wanted::Yes));
    let mut decided = Vec::new();
    for (place, (flag, value)) in definitions.flags.iter().zip(evaluation.values).enumerate() {
        if let Some(decision) = value
            && is_asked_for(place)
            && flag.is_for(&context.contexts)
        {
            decided.push(Evaluated { flag, decision });
        }
    }
    decided
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    No,
    /// Another one needs it.
    Needed,
    Yes,
}

/// Which flags are to be evaluated. `None`: all.
fn wanted(definitions: &Definitions, context: &Context) -> Option<Vec<Wanted>> {
    let keys = context.keys.as_ref()?;
    let mut wanted = vec![Wanted::No; definitions.needs.len()];
    let mut pending = Vec::new();
    for place in keys.iter().filter_map(|key| definitions.names.flags.get(key)) {
        if let Some(state) = wanted.get_mut(*place) {
            *state = Wanted::Yes;
            pending.push(*place);
        }
    }
    while let Some(place) = pending.pop() {
        for needed in definitions.needs.get(place).into_iter().flatten() {
            if let Some(state) = wanted.get_mut(*needed).filter(|state| **state == Wanted::No) {
                *state = Wanted::Needed;
                pending.push(*needed);
            }
        }
    }
    Some(wanted)
}

struct Evaluation<'d, 'c> {
    definitions: &'d Definitions,
    context: &'c Context,
    values: Vec<Option<Decision<FlagValue>>>,
    /// By cohort, and by the group type whose properties are looked at; none is the person's.
    cohorts: Vec<Vec<(Option<&'c str>, Decision<bool>)>>,
    effort: Effort,
}

/// Who a condition is about.
#[derive(Clone, Copy)]
struct Subject<'c> {
    /// Who gets a value.
    bucket: &'c str,
    properties: &'c Properties,
    group: Option<&'c str>,
}

/// How a condition ended.
enum Ended {
    Match,
    NoMatch,
    /// It is for them, but not for so many.
    OutOfRollout,
}

impl<'c> Evaluation<'_, 'c> {
    fn decide(&mut self, place: usize) {
        let Some(flag) = self.definitions.flags.get(place) else { return };
        // One that is for other contexts is off to those that depend on it.
        let value =
            if flag.is_for(&self.context.contexts) { self.flag(flag) } else { Ok(FlagValue::Off) };
        if let Some(known) = self.values.get_mut(place) {
            *known = Some(value);
        }
    }

    fn flag(&mut self, flag: &Flag) -> Decision<FlagValue> {
        if !flag.active {
            return Ok(FlagValue::Off);
        }
        if flag.experience_continuity {
            return Err(Inconclusive::because(Reason::ExperienceContinuity));
        }
        let filters = flag.filters.as_ref().ok_or(Inconclusive::UNSUPPORTED)?;
        if filters.unsupported || flag.circular {
            return Err(Inconclusive::UNSUPPORTED);
        }
        let context = self.context;
        let device;
        let subject = if let Some(index) = &filters.group_index {
            let kind = self.definitions.group_types.get(index).ok_or(Inconclusive::UNSUPPORTED)?;
            match self.group(kind) {
                Some(subject) => subject,
                None => return Ok(FlagValue::Off),
            }
        } else {
            let mut bucket = context.distinct_id.as_str();
            if flag.by_device {
                device = device_id(&context.person).ok_or(Inconclusive::MISSING)?;
                bucket = &device;
            }
            Subject { bucket, properties: &context.person, group: None }
        };
        self.conditions(flag, filters, subject)
    }

    /// A group that was given, as a subject.
    fn group(&self, kind: &str) -> Option<Subject<'c>> {
        let (group, key) = self.context.groups.entry(kind)?;
        let properties = self.context.group_properties.get(kind)?;
        Some(Subject { bucket: key, properties, group: Some(group) })
    }

    fn conditions(
        &mut self,
        flag: &Flag,
        filters: &Filters,
        subject: Subject<'_>,
    ) -> Decision<FlagValue> {
        if let Some(holdout) = &filters.holdout {
            // All of them are in without being counted.
            let all = holdout.share >= 100.0;
            if all || is_within(hash(&["holdout-", subject.bucket]), holdout.share) {
                return Ok(FlagValue::Variant(holdout.variant.clone()));
            }
        }
        let mut doubts = Doubts::default();
        // What conditions with a doubtful pattern would have given.
        let mut doubted = Vec::new();
        let mut found = None;
        for condition in &filters.conditions {
            let mut subject = subject;
            if let Some(index) = &condition.group_index
                && filters.group_index.as_ref() != Some(index)
            {
                let kind = self.definitions.group_types.get(index);
                match kind.and_then(|kind| self.group(kind)) {
                    Some(group) => subject = group,
                    None => continue,
                }
            }
            let rollout =
                || condition.rollout.is_none_or(|share| is_in(flag, subject.bucket, share));
            match self.condition(flag, condition, subject) {
                Ok(Ended::Match) => {
                    found = Some(value(flag, filters, condition, subject.bucket));
                    break;
                }
                Ok(Ended::OutOfRollout) if filters.early_exit => {
                    return doubts.settle().map_or(Ok(FlagValue::Off), Err);
                }
                Ok(Ended::OutOfRollout | Ended::NoMatch) => {}
                Err(doubt) => {
                    doubts.add(doubt);
                    match doubt.doubt {
                        Doubt::Flag => {
                            let reason = doubts.reason.unwrap_or(doubt.reason);
                            return Err(Inconclusive { reason, doubt: Doubt::Flag });
                        }
                        Doubt::Regex if filters.early_exit && !rollout() => {
                            doubted.push(FlagValue::Off);
                        }
                        Doubt::Regex => {
                            doubted.push(value(flag, filters, condition, subject.bucket));
                        }
                        Doubt::Condition => {}
                    }
                }
            }
        }
        match (found, doubts.settle()) {
            (Some(value), _) if doubted.iter().all(|other| *other == value) => Ok(value),
            (_, Some(doubt)) => Err(doubt),
            (value, None) => Ok(value.unwrap_or(FlagValue::Off)),
        }
    }

    fn condition(
        &mut self,
        flag: &Flag,
        condition: &Condition,
        subject: Subject<'_>,
    ) -> Decision<Ended> {
        let mut doubts = Doubts::default();
        for property in &condition.properties {
            match self.property(property, subject) {
                // Certain, whatever the others are.
                Ok(false) => return Ok(Ended::NoMatch),
                Ok(true) => {}
                Err(doubt) => doubts.add(doubt),
            }
        }
        if let Some(doubt) = doubts.settle() {
            return Err(doubt);
        }
        let is_in = condition.rollout.is_none_or(|share| is_in(flag, subject.bucket, share));
        Ok(if is_in { Ended::Match } else { Ended::OutOfRollout })
    }

    fn property(&mut self, property: &Property, subject: Subject<'_>) -> Decision<bool> {
        match &property.kind {
            Kind::Filter { key, filter } => {
                let filter = filter.as_ref().ok_or(Inconclusive::UNSUPPORTED)?;
                filter.matches(key, subject.properties, self.context.now, &self.effort)
            }
            Kind::Cohort { cohort, not_in } => {
                let place = cohort.ok_or(Inconclusive::SERVER)?;
                Ok(self.cohort(place, subject)? != *not_in)
            }
            Kind::Flag(None) => Err(Inconclusive::UNSUPPORTED),
            Kind::Flag(Some(dependency)) => {
                for place in &dependency.chain {
                    let known = self.values.get(*place).and_then(Option::as_ref);
                    if let Some(Err(doubt)) = known {
                        let reason = Reason::UnresolvedDependency;
                        return Err(Inconclusive { reason, doubt: doubt.doubt });
                    }
                }
                match self.values.get(dependency.target) {
                    Some(Some(Ok(value))) => Ok(dependency.expected.is(value)),
                    // It depends on itself.
                    _ => Err(Inconclusive::UNSUPPORTED),
                }
            }
        }
    }

    /// Whether somebody is in a cohort; asked once, however often it is used.
    fn cohort(&mut self, place: usize, subject: Subject<'_>) -> Decision<bool> {
        let group = subject.group.and_then(|kind| self.context.groups.entry(kind));
        let group = group.map(|(kind, _)| kind);
        let known = self.cohorts.get(place).into_iter().flatten();
        if let Some((_, known)) = known.into_iter().find(|(known, _)| *known == group) {
            return *known;
        }
        let cohort = self.definitions.cohorts.get(place).filter(|cohort| !cohort.circular);
        let found = match cohort {
            None => Err(Inconclusive::UNSUPPORTED),
            Some(cohort) => self.members(&cohort.group, subject),
        };
        if let Some(known) = self.cohorts.get_mut(place) {
            known.push((group, found));
        }
        found
    }

    fn members(&mut self, group: &Group, subject: Subject<'_>) -> Decision<bool> {
        let (any, members) = match group {
            Group::All => return Ok(true),
            Group::Unknown => return Err(Inconclusive::SERVER),
            Group::Invalid => return Err(Inconclusive::UNSUPPORTED),
            Group::Members { any, members } => (*any, members),
        };
        let count = match members {
            Members::Groups(groups) => groups.len(),
            Members::Filters(filters) => filters.len(),
        };
        let mut doubts = Doubts::default();
        for at in 0..count {
            let is = match members {
                Members::Groups(groups) => {
                    groups.get(at).map_or(Ok(true), |group| self.members(group, subject))
                }
                Members::Filters(filters) => match filters.get(at) {
                    Some(Some(filter)) => {
                        self.property(filter, subject).map(|is| is != filter.negated)
                    }
                    _ => Err(Inconclusive::UNSUPPORTED),
                },
            };
            match is {
                Ok(is) if is == any => return Ok(any),
                Ok(_) => {}
                Err(doubt) if doubt.doubt == Doubt::Flag => return Err(doubt),
                Err(doubt) => doubts.add(doubt),
            }
        }
        doubts.settle().map_or(Ok(!any), Err)
    }
}

fn is_in(flag: &Flag, bucket: &str, share: f64) -> bool {
    is_within(hash(&[&flag.key, ".", bucket]), share)
}

/// The value of a condition that matches.
fn value(flag: &Flag, filters: &Filters, condition: &Condition, bucket: &str) -> FlagValue {
    let is_declared = |key: &&String| filters.variants.iter().any(|variant| variant.key == **key);
    if let Some(variant) = condition.variant.as_ref().filter(is_declared) {
        return if variant.is_empty() {
            FlagValue::On
        } else {
            FlagValue::Variant(variant.clone())
        };
    }
    if filters.variants.is_empty() {
        return FlagValue::On;
    }
    let hash = hash(&[&flag.key, ".", bucket, "variant"]);
    let mut lower = 0.0;
    for variant in &filters.variants {
        let upper = lower + variant.share / 100.0;
        if hash >= lower && hash < upper && !variant.key.is_empty() {
            return FlagValue::Variant(variant.key.clone());
        }
        lower = upper;
    }
    FlagValue::On
}

/// The device, where devices get a value.
fn device_id(person: &Properties) -> Option<String> {
    let device = person.get(names::DEVICE_ID).filter(|device| !matches!(device, Value::Null))?;
    let device = device.js_text()?.into_owned();
    (!device.is_empty()).then_some(device)
}
