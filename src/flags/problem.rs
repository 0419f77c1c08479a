//! What is wrong with definitions. None of it is an error of the caller's: definitions come from
//! anywhere.

/// A code that callers may match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    /// Not JSON: cut off, or something else.
    NotJson,
    /// Nested deeper than 100 levels.
    TooDeep,
    /// Over 8,000,000 bytes.
    TooLarge,
    /// JSON, but no object with a list `flags`.
    NotDefinitions,
    /// An entry of `flags` that is no object with a `key`.
    InvalidFlag,
    /// Two entries with one key: the last counts.
    DuplicateKey,
    /// A flag with a part of the wrong type: it is inconclusive.
    InvalidFilters,
    /// A flag or a cohort that depends on itself: it is inconclusive.
    Circular,
    /// A flag that depends on one that is not there, or does not say in which order: inconclusive
    /// where it matters.
    MissingDependency,
    /// An operator, a pattern or a feature that is not decided here: inconclusive where it matters.
    Unsupported,
}

impl ProblemCode {
    /// All of them, for the documentation's own test.
    pub const ALL: &'static [Self] = &[
        Self::NotJson,
        Self::TooDeep,
        Self::TooLarge,
        Self::NotDefinitions,
        Self::InvalidFlag,
        Self::DuplicateKey,
        Self::InvalidFilters,
        Self::Circular,
        Self::MissingDependency,
        Self::Unsupported,
    ];

    /// The name that callers see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::TooDeep => "too_deep",
            Self::TooLarge => "too_large",
            Self::NotDefinitions => "not_definitions",
            Self::InvalidFlag => "invalid_flag",
            Self::DuplicateKey => "duplicate_key",
            Self::InvalidFilters => "invalid_filters",
            Self::Circular => "circular",
            Self::MissingDependency => "missing_dependency",
            Self::Unsupported => "unsupported",
        }
    }

    /// For people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NotJson => "is no JSON: cut off, or something else",
            Self::TooDeep => "is nested deeper than 100 levels",
            Self::TooLarge => "is over 8 MB",
            Self::NotDefinitions => "is no object with a list `flags`",
            Self::InvalidFlag => "is no object with a key, and was left out",
            Self::DuplicateKey => "is there twice; the last one counts",
            Self::InvalidFilters => "has a part of the wrong type: it is inconclusive",
            Self::Circular => "depends on itself: it is inconclusive",
            Self::MissingDependency => "depends on a flag that is not there, or not in order",
            Self::Unsupported => "has something that only PostHog decides",
        }
    }
}

/// One problem, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub code: ProblemCode,
    /// The flag's key, or a place such as `flags[3]`. Empty for all of it.
    pub place: String,
}
