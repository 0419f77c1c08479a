//! The options of a client and of one call, read once.

use crate::delivery::retry::{self, Retry};
#[cfg(feature = "stores")]
use crate::delivery::unchanged::{self, Unchanged};
use crate::error::{Code, Error, Warning};
use crate::json::fields::{self, Fields};
use crate::json::{RawObject, text};
#[cfg(feature = "client")]
use crate::policy::Policy;
use crate::request::Project;
use crate::request::entry::{Target, Write};
use crate::request::logsnag::Account;

/// How often an entry is tried before it is set aside: with the waits between, for days.
const MAX_TRIES: u32 = 100;
/// Less than this of a key at the end of a text says nothing.
const SHORTEST_PART: usize = 6;

/// The options of a client.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Where events go. `None`: there is no key.
    pub project: Option<Project>,
    /// Who is told beside PostHog. What is wrong with it is its own outcome.
    pub logsnag: Result<Option<Account>, Error>,
    /// What may leave.
    #[cfg(feature = "client")]
    pub policy: Policy,
    /// Nothing is to be sent.
    pub disabled: bool,
    /// How far a call goes.
    pub retry: Retry,
    /// When a call writes into the outbox.
    pub outbox: Option<Write>,
    /// Groups' profiles that PostHog has are not sent again.
    #[cfg(feature = "stores")]
    pub unchanged: Option<Unchanged>,
}

/// What a client may be given, to tell what a misspelt option was meant to be.
const OF_CLIENT: &str = "host allowHttp budgetMs maxRetries groupTypes ip disabled privacy fetch logger \
    onWarning before_send debug compress outbox profileStore logsnag protocol historicalMigration skipUnchangedGroups \
    privacy.allow privacy.erase privacy.pseudonymKey privacy.persons logsnag.token logsnag.project logsnag.host";
/// What a call may be given.
const OF_CALL: &str = "context budgetMs signal";
/// What a drain may be given: a client's, which has its options already, or one that has no client.
#[cfg(feature = "drain")]
const OF_DRAIN: &str = if cfg!(feature = "client") {
    "context budgetMs signal maxTries"
} else {
    "context budgetMs signal maxTries env apiKey host allowHttp maxRetries disabled compress historicalMigration \
    logsnag fetch logger debug logsnag.token logsnag.project logsnag.host"
};

/// Warns about names that are no options: one a line, a call's with a tab before it.
#[cold]
pub fn warn_of_unknown(names: &str, warnings: &mut Vec<Warning>) {
    warn_of(names, (OF_CALL, "option of a call"), warnings);
}

/// The same where what is called is a drain.
#[cold]
#[cfg(feature = "drain")]
pub fn warn_of_unknown_in_drain(names: &str, warnings: &mut Vec<Warning>) {
    warn_of(names, (OF_DRAIN, "option of a drain"), warnings);
}

fn warn_of(names: &str, of_call: (&str, &str), warnings: &mut Vec<Warning>) {
    for name in names.split('\n') {
        let (name, (known, what)) = match name.strip_prefix('\t') {
            Some(name) => (name, of_call),
            None => (name, (OF_CLIENT, "option of a client")),
        };
        let message = fields::unknown(name, known, what);
        warnings.push(Warning::with(Code::UnknownOption, name.to_owned(), message));
    }
}

/// What one call asks for.
#[derive(Clone, Copy, Debug)]
pub struct CallOptions {
    /// How far it goes.
    pub retry: Retry,
    /// When it writes into the outbox.
    pub outbox: Option<Write>,
    /// Whether profiles pass through a store.
    pub profile_store: bool,
    /// How many drains may try an entry.
    pub max_tries: u32,
}

impl ClientOptions {
    /// Reads the options' JSON text.
    pub fn read(options: &str) -> Result<Self, Error> {
        let mut fields = Fields::of(RawObject::read(options, "options")?);
        if let Some(name) = fields.take_str("noFunction")? {
            return Err(Error::with(Code::InvalidType, name.into_owned(), "must be a function"));
        }
        let allow_http = fields.take_bool("allowHttp")?.unwrap_or(false);
        #[cfg(not(feature = "v1"))]
        none_of(&mut fields, "protocol")?;
        #[cfg(not(feature = "drain"))]
        none_of(&mut fields, "historicalMigration")?;
        #[cfg(not(feature = "drain"))]
        none_of(&mut fields, "skipUnchangedGroups")?;
        Ok(Self {
            retry: Retry::read(&mut fields)?,
            #[cfg(feature = "client")]
            policy: Policy::read(&mut fields)?,
            disabled: fields.take_bool("disabled")?.unwrap_or(false),
            project: Project::read(&mut fields, allow_http)?,
            #[cfg(feature = "drain")]
            logsnag: Account::read(&mut fields, allow_http),
            #[cfg(not(feature = "drain"))]
            logsnag: none_of(&mut fields, "logsnag").map(|()| Ok(None))?,
            #[cfg(feature = "outbox")]
            outbox: Write::read(&mut fields)?,
            #[cfg(not(feature = "outbox"))]
            outbox: none_of(&mut fields, "outbox").map(|()| None)?,
            #[cfg(feature = "stores")]
            unchanged: fields
                .take_bool("skipUnchangedGroups")?
                .unwrap_or(false)
                .then(Unchanged::default),
        })
    }

    /// What of a call's stores does not go with the client's options.
    #[cfg(feature = "stores")]
    pub fn conflict(&self, call: &CallOptions) -> Option<Error> {
        let waits = call.outbox.is_some() || call.profile_store;
        (self.unchanged.is_some() && waits).then(unchanged::conflict)
    }

    /// LogSnag's account, if there is one that can be used.
    pub fn account(&self) -> Option<&Account> {
        self.logsnag.as_ref().ok().and_then(Option::as_ref)
    }

    /// Whether what goes there is configured.
    pub const fn has(&self, target: Target) -> bool {
        match target {
            Target::Ai | Target::Posthog | Target::Replay => self.project.is_some(),
            Target::Logsnag => matches!(self.logsnag, Ok(Some(_))),
            Target::Unknown => false,
        }
    }

    /// Whether there is anybody to send to.
    pub const fn is_configured(&self) -> bool {
        self.has(Target::Posthog) || self.has(Target::Logsnag)
    }

    /// What no text of a server's may hold.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets([
            self.project.as_ref().map(|project| project.api_key.as_str()),
            self.account().map(Account::token),
        ])
    }
}

/// The key and the token that go out with a request.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'s>(pub [Option<&'s str>; 2]);

impl Secrets<'_> {
    /// A foreign text without control characters, and without a key that it quotes. The characters
    /// go first: a key with one in it would be a key again without it.
    pub fn hide(self, foreign: &str) -> String {
        let printable: String = foreign.chars().filter(|char| !char.is_control()).collect();
        self.0.into_iter().flatten().fold(printable, |text, secret| {
            let mut text = text::replace(&text, secret, "…");
            // Whoever cut the text may have cut a key.
            let part = (SHORTEST_PART..secret.len()).rev().filter_map(|at| secret.get(..at));
            if let Some(part) = part.into_iter().find(|part| text.ends_with(part)) {
                text.truncate(text.len().saturating_sub(part.len()));
                text.push('…');
            }
            text
        })
    }
}

/// Refuses an option that this module does not have.
#[cfg(not(all(feature = "drain", feature = "v1")))]
fn none_of(options: &mut Fields<'_>, name: &'static str) -> Result<(), Error> {
    match options.take_raw(name) {
        None => Ok(()),
        Some(_) => Err(needs_stores(name)),
    }
}

/// What is said of an option that a module does not have.
pub fn needs_stores(name: &'static str) -> Error {
    let message = match name {
        "outbox" => {
            "is for the PostHog of posthog-wasm/full, or of posthog-wasm/outbox: import one of them"
        }
        _ => "is for the PostHog of posthog-wasm/full: import that one",
    };
    Error::new(Code::InvalidConfig, name, message)
}

impl CallOptions {
    /// As the client's options say.
    pub const fn new(options: &ClientOptions) -> Self {
        Self {
            retry: options.retry,
            outbox: options.outbox,
            profile_store: false,
            max_tries: MAX_TRIES,
        }
    }

    /// With the JSON of the call's own `budgetMs` and `maxTries`.
    pub fn with(self, budget: Option<&str>, max_tries: Option<&str>) -> Result<Self, Error> {
        let budget_ms = budget.map_or(Ok(self.retry.budget_ms), retry::budget_ms)?;
        let max_tries = match max_tries.filter(|raw| *raw != "null") {
            None => self.max_tries,
            Some(raw) => text::number(raw).filter(|tries| *tries > 0).ok_or_else(|| {
                Error::new(Code::InvalidConfig, "maxTries", "must be a whole number from 1")
            })?,
        };
        Ok(Self { retry: self.retry.ending(budget_ms), max_tries, ..self })
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn no_text_of_a_servers_holds_a_key() {
        let options = r#"{"apiKey":"phc_secret","logsnag":{"token":"ls_secret","project":"p"}}"#;
        let options = ClientOptions::read(options).unwrap();
        for (said, shown) in [
            ("bad key phc_secret, ls_secret!", "bad key …, …!"),
            ("phc_\u{0}sec\nret", "…"),
            ("harmless", "harmless"),
            ("cut in phc_secr", "cut in …"),
            ("cut in ls_", "cut in ls_"),
        ] {
            assert_eq!(options.secrets().hide(said), shown);
        }
    }

    #[test]
    fn an_option_that_there_is_not_is_named() {
        let mut warnings = Vec::new();
        warn_of_unknown("budgetms\nflushAt\nprivacy.alow\n\tbudget", &mut warnings);
        let told: Vec<_> =
            warnings.iter().map(|found| (found.field.as_ref(), found.message.as_ref())).collect();
        let client = "is no option of a client and was left out";
        assert_eq!(
            told,
            [
                ("budgetms", [client, ": did you mean `budgetMs`?"].concat().as_str()),
                ("flushAt", client),
                ("privacy.alow", [client, ": did you mean `privacy.allow`?"].concat().as_str()),
                ("budget", "is no option of a call and was left out: did you mean `budgetMs`?"),
            ]
        );
    }

    #[test]
    fn a_call_may_have_its_own_budget() {
        let options = ClientOptions::read(r#"{"apiKey":"phc_k","budgetMs":1500.7}"#).unwrap();
        let call = CallOptions::new(&options);
        assert_eq!(call.retry.budget_ms, 1500);
        assert_eq!(call.with(Some("20"), None).unwrap().retry.budget_ms, 20);
        for (budget, tries, field) in [
            (Some("0"), None, "budgetMs"),
            (Some("\"5\""), None, "budgetMs"),
            (Some("1e21"), None, "budgetMs"),
            (Some("null"), None, "budgetMs"),
            (None, Some("0"), "maxTries"),
            (None, Some("1.5"), "maxTries"),
        ] {
            assert_eq!(call.with(budget, tries).unwrap_err().field, field, "{budget:?} {tries:?}");
        }
    }
}
