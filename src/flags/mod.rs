//! Feature flags, decided here: which of PostHog's definitions match whom. Pure: the time is given,
//! nothing is fetched, and no input makes it panic, hang or recurse without end.
//!
//! [`Definitions`](definitions::Definitions) are read once from PostHog's text. A
//! [`Context`](context::Context) says who is asked about. [`evaluate`](evaluate::evaluate) gives each
//! flag a value, or a [`Reason`] why only PostHog can say.

pub mod cohort;
pub mod condition;
pub mod context;
pub mod dates;
pub mod definitions;
pub mod evaluate;
pub mod graph;
pub mod hash;
pub mod named;
pub mod number;
pub mod operators;
pub mod problem;
pub mod property;
pub mod regex;
mod regex_scan;
pub mod semver;
pub mod snapshot;
pub mod value;

/// Why a flag has no value here. The order is by weight: of several reasons the first is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// PostHog keeps a person's value over a login, and only PostHog knows which.
    ExperienceContinuity,
    /// The definition has something that is not decided here, or is no valid definition.
    UnsupportedDefinition,
    /// A flag that it depends on has no value here.
    UnresolvedDependency,
    /// A property that was not given.
    MissingContext,
}

impl Reason {
    /// The name that callers see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExperienceContinuity => "experience_continuity",
            Self::UnsupportedDefinition => "unsupported_definition",
            Self::UnresolvedDependency => "unresolved_dependency",
            Self::MissingContext => "missing_context",
        }
    }
}

/// Something that could not be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inconclusive {
    /// Why.
    pub reason: Reason,
    /// How far the doubt goes.
    pub doubt: Doubt,
}

/// How far a doubt goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A later condition that matches settles it.
    Condition,
    /// From a regular expression: a later condition settles it only with the same value.
    Regex,
    /// Nothing settles it: only PostHog has what is asked for.
    Flag,
}

impl Inconclusive {
    /// Not decided, unless a later condition matches.
    pub const fn because(reason: Reason) -> Self {
        Self { reason, doubt: Doubt::Condition }
    }

    /// The definition cannot be decided here.
    pub const UNSUPPORTED: Self = Self::because(Reason::UnsupportedDefinition);
    /// A property is missing.
    pub const MISSING: Self = Self::because(Reason::MissingContext);
    /// A regular expression that could mean something else to PostHog.
    pub const REGEX: Self = Self { reason: Reason::UnsupportedDefinition, doubt: Doubt::Regex };
    /// Only PostHog has it: a static cohort, say.
    pub const SERVER: Self = Self { reason: Reason::UnsupportedDefinition, doubt: Doubt::Flag };
}

/// What several doubts come to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doubts {
    reason: Option<Reason>,
    regex: bool,
    /// Only PostHog could say, and that was the first doubt.
    server: Option<Reason>,
}

impl Doubts {
    /// One more.
    pub(crate) fn add(&mut self, doubt: Inconclusive) {
        if doubt.doubt == Doubt::Flag && self.reason.is_none() {
            self.server = Some(doubt.reason);
        }
        self.regex |= doubt.doubt == Doubt::Regex;
        self.reason = Some(self.reason.map_or(doubt.reason, |reason| reason.min(doubt.reason)));
    }

    /// All of them as one; `None` if there was none.
    pub(crate) fn settle(self) -> Option<Inconclusive> {
        if let Some(reason) = self.server {
            return Some(Inconclusive { reason, doubt: Doubt::Flag });
        }
        let doubt = if self.regex { Doubt::Regex } else { Doubt::Condition };
        self.reason.map(|reason| Inconclusive { reason, doubt })
    }
}

/// The value of one flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagValue {
    /// Off.
    Off,
    /// On.
    On,
    /// On, with this variant.
    Variant(String),
}

/// A value, or why there is none.
pub type Decision<T> = Result<T, Inconclusive>;

#[cfg(test)]
mod tests;
