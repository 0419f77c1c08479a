//! Answers as JSON text: one string crosses, and not one value after the other.

use std::borrow::Cow;

#[cfg(any(feature = "client", feature = "drain", feature = "exceptions"))]
use crate::delivery::outcome::ProviderOutcome;
use crate::error::Mistake;
#[cfg(any(feature = "client", feature = "drain", feature = "lifecycle", feature = "stripe"))]
use crate::error::Warning;
use crate::json::writer::ObjectWriter;
#[cfg(any(feature = "client", feature = "drain", feature = "lifecycle", feature = "stripe"))]
use crate::json::writer::list;
#[cfg(any(feature = "builders", feature = "flags", feature = "lifecycle", feature = "lint"))]
use crate::json::writer::object;
#[cfg(any(feature = "builders", feature = "client", feature = "lint"))]
use crate::policy::identifiers::{Scope, scrub_text};

/// How one provider fared.
#[cfg(any(feature = "client", feature = "exceptions"))]
pub(super) fn provider(to: &mut String, outcome: &ProviderOutcome) {
    let mut object = ObjectWriter::open(to);
    provider_members(&mut object, outcome);
    object.close();
}

/// The members of a provider's outcome, which the whole's has too.
#[cfg(any(feature = "client", feature = "drain", feature = "exceptions"))]
pub(super) fn provider_members(object: &mut ObjectWriter<'_>, outcome: &ProviderOutcome) {
    object.boolean("ok", outcome.ok);
    object.string("status", outcome.status.name());
    object.number("attempts", outcome.attempts);
    if let Some(status) = outcome.http_status {
        object.number("httpStatus", status);
    }
    let texts = [("message", outcome.message.as_deref()), ("reason", outcome.reason)];
    for (name, text) in texts {
        if let Some(text) = text {
            object.string(name, text);
        }
    }
}

/// A mistake, if there is one.
#[cfg(any(feature = "client", feature = "drain", feature = "exceptions"))]
pub(super) fn optional_error(object: &mut ObjectWriter<'_>, mistake: Option<&crate::error::Error>) {
    if let Some(mistake) = mistake {
        error(object.key("error"), mistake);
    }
}

#[cfg(feature = "lifecycle")]
/// What came of something that went wrong.
pub(super) fn failed(mistake: &Mistake) -> String {
    object(|object| error(object.key("error"), mistake))
}

/// A mistake on its own.
#[cfg(any(feature = "builders", feature = "flags", feature = "lint"))]
pub(super) fn mistake(mistake: &Mistake) -> String {
    object(|object| error_members(object, mistake))
}

#[cfg(any(feature = "client", feature = "drain", feature = "lifecycle", feature = "stripe"))]
pub(super) fn warnings(to: &mut String, list_of: &[Warning]) {
    list(to, list_of, |to, warning| error(to, warning));
}

#[cfg(any(
    feature = "client",
    feature = "drain",
    feature = "exceptions",
    feature = "lifecycle",
    feature = "stripe"
))]
fn error(to: &mut String, error: &Mistake) {
    let mut object = ObjectWriter::open(to);
    error_members(&mut object, error);
    object.close();
}

/// A field may have a name of the caller's in it, and a message may quote one.
#[cfg(any(feature = "builders", feature = "client", feature = "lint"))]
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    scrub_text(text, Scope::Addresses, None).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Fields and messages of the other modules are their own words, and what they report passes the client.
#[cfg(not(any(feature = "builders", feature = "client", feature = "lint")))]
const fn clean(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn error_members(object: &mut ObjectWriter<'_>, error: &Mistake) {
    object.string("code", error.code.name());
    if !error.field.is_empty() {
        object.string("field", &clean(&error.field));
    }
    object.string("message", &clean(&error.message));
}
