//! One error, one code, one door: everything a caller can do wrong, and everything we warn about.

use std::borrow::Cow;

/// A mistake of the caller's. Boxed, because it is passed on at hundreds of places, each of which
/// would otherwise copy all of it: 10 kB of module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Mistake>);

/// What is wrong, named so that it can be found: a stable `code`, the `field` it is in (a path such
/// as `groups[0]`; empty when it is the input as a whole) and a `message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Stable and documented: handlers may match on it.
    pub code: Code,
    /// Where it is, as a path into the input.
    pub field: Cow<'static, str>,
    /// For people. Never holds a key, a token or a property's value.
    pub message: Cow<'static, str>,
}

/// Something worth knowing about an event that was sent all the same. Described like a mistake, but
/// none: no function fails with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(Error);

impl Warning {
    /// A warning about a field.
    #[inline(never)]
    pub fn new(code: Code, field: &'static str, message: &'static str) -> Self {
        Self(Error::new(code, field, message))
    }

    /// A warning whose field or message is made up on the way.
    pub fn with(
        code: Code,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Error::with(code, field, message))
    }

    /// The same warning, seen from one level further out.
    #[must_use]
    pub fn inside(self, outer: &str) -> Self {
        Self(self.0.inside(outer))
    }
}

impl From<Error> for Warning {
    /// A mistake that keeps nothing from being sent.
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::ops::Deref for Warning {
    type Target = Mistake;

    fn deref(&self) -> &Mistake {
        &self.0
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(to)
    }
}

impl Error {
    /// An error at a field.
    #[inline(never)]
    pub fn new(code: Code, field: &'static str, message: &'static str) -> Self {
        Self::with(code, field, message)
    }

    /// An error whose field or message is made up on the way.
    pub fn with(
        code: Code,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Mistake { code, field: field.into(), message: message.into() }))
    }

    /// The same error, seen from one level further out: `distinctId` becomes `events[2].distinctId`.
    pub fn inside(mut self, outer: &str) -> Self {
        self.field = if self.field.is_empty() {
            Cow::Owned(outer.to_owned())
        } else {
            Cow::Owned([outer, ".", &self.field].concat())
        };
        self
    }
}

impl std::ops::Deref for Error {
    type Target = Mistake;

    fn deref(&self) -> &Mistake {
        &self.0
    }
}

impl std::ops::DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Mistake {
        &mut self.0
    }
}

macro_rules! codes {
    ($($variant:ident => $name:literal, $doc:literal;)*) => {
        /// Every code, in one list; the table of docs/errors.md is this list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $doc] $variant),* }

        impl Code {
            /// All of them, for the documentation's own test.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name that callers see.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The code of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

codes! {
    BeforeSend => "before_send_failed", "`before_send` threw or returned something that is no event";
    Bigint => "bigint", "A BigInt: JSON has none";
    Circular => "circular", "A value that contains itself";
    ConflictingProperty => "conflicting_property", "A property that the package sets itself was given by the caller too";
    DistinctIdTooLong => "distinct_id_too_long", "PostHog cuts distinct ids at 200 characters";
    EventNameTooLong => "event_name_too_long", "PostHog's newer endpoint drops event names over 200 bytes";
    IdentifierDropped => "identifier_dropped", "A property that holds an e-mail, a customer's id, a secret or an address was left out";
    IllegalDistinctId => "illegal_distinct_id", "An id that PostHog refuses to merge, or pools all callers under";
    InvalidApiKey => "invalid_api_key", "Not a project API key";
    InvalidConfig => "invalid_config", "An option of the wrong type";
    InvalidEvent => "invalid_event", "No event name, or the input is no event at all";
    InvalidGroup => "invalid_group", "A group PostHog would drop: empty or over-long type or key, or two of one type";
    InvalidHost => "invalid_host", "A host that cannot be sent to";
    InvalidSession => "invalid_session_id", "Not 1 to 70 characters of A-Z a-z 0-9 and -";
    InvalidSource => "invalid_source", "A source without system, id or time";
    InvalidTimestamp => "invalid_timestamp", "Neither a Date nor an ISO 8601 string";
    InvalidType => "invalid_type", "A field of another type than documented";
    InvalidUuid => "invalid_uuid", "Not a UUID; PostHog answers 400 to a whole batch for one";
    IpDropped => "ip_dropped", "An IP address was left out, as `ip: \"drop\"` asks";
    LoneSurrogate => "lone_surrogate", "Half a UTF-16 pair was replaced with U+FFFD";
    MissingColumn => "missing_column", "A row without the column that says whose it is";
    MissingDistinctId => "missing_distinct_id", "Nobody to attribute the event to";
    NotAllowed => "not_allowed", "A property of a group's profile that `privacy.allow` does not name was left out";
    NotConfigured => "not_configured", "Entries of the outbox were left there, because the drain has no `apiKey` or no `logsnag`";
    Notification => "notification_failed", "One of the caller's `notifications` threw, or returned no notification";
    Outbox => "outbox_failed", "The outbox threw, or did not answer in time";
    PersonlessWithGroups => "personless_with_groups", "PostHog links no personless event to groups, so it was sent identified";
    PinnedBySource => "pinned_by_source", "A source gives both uuid and timestamp; another one was given";
    ProfileStore => "profile_store_failed", "The profile store threw, or did not answer within the budget";
    ReservedName => "reserved_name", "A name that has a method of its own";
    ReservedProperty => "reserved_property", "A property that PostHog or this package owns was left out";
    TimestampInFuture => "timestamp_in_future", "More than 23 hours ahead: PostHog replaces it with now";
    TooDeep => "too_deep", "Nested deeper than 100 levels";
    TooLarge => "too_large", "Larger than PostHog takes";
    UnknownEvent => "unknown_event", "A Stripe event that means nothing here";
    UnknownField => "unknown_field", "A field that this method does not have";
    UnknownGroupType => "unknown_group_type", "Not in `groupTypes`; PostHog has five slots for ever";
    UnknownOption => "unknown_option", "An option that a client, a call or a drain does not have";
    UnknownPlan => "unknown_plan", "A Stripe product that is none of the plans";
    UnknownPrice => "unknown_price", "A Stripe price that is none of its plan's";
    UnknownStatus => "unknown_status", "A status that says nothing to report";
    Unreadable => "unreadable", "A getter, proxy trap or toJSON threw";
    UnverifiedGroup => "unverified_group", "Not made by `trusted` or `verify`";
    WasmUnavailable => "wasm_unavailable", "WebAssembly cannot be compiled where this runs";
}

impl std::fmt::Display for Error {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(self.code.name())?;
        if !self.field.is_empty() {
            to.write_str(" (")?;
            to.write_str(&self.field)?;
            to.write_str(")")?;
        }
        to.write_str(": ")?;
        to.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
