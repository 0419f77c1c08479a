//! Answers as JSON text: one string crosses, and not one value after the other.

use crate::domain::Said;
use crate::domain::client::Claims;
use crate::error::Error;
use crate::event::writer::Members;
use crate::request::Request;
use crate::transport::{Outcome, ProviderOutcome};

/// How a whole call went.
pub(super) fn outcome(outcome: &Outcome) -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text);
    provider_members(&mut object, &outcome.worst);
    maybe_error(&mut object, outcome.error.as_ref());
    object.whole("elapsedMs", outcome.elapsed_ms);
    list(object.key("events"), &outcome.events, |to, event| {
        let mut object = Members::open(to);
        object.text("uuid", &event.uuid);
        object.text("status", event.status.name());
        maybe_error(&mut object, event.error.as_ref());
        object.close();
    });
    list(object.key("warnings"), &outcome.warnings, error);
    let mut providers = Members::open(object.key("providers"));
    provider(providers.key("posthog"), &outcome.providers.posthog);
    if let Some(logsnag) = &outcome.providers.logsnag {
        provider(providers.key("logsnag"), logsnag);
    }
    providers.close();
    object.close();
    text
}

/// How one provider fared.
pub(super) fn provider(to: &mut String, outcome: &ProviderOutcome) {
    let mut object = Members::open(to);
    provider_members(&mut object, outcome);
    object.close();
}

/// The members of a provider's outcome, which the whole's has too.
pub(super) fn provider_members(object: &mut Members<'_>, outcome: &ProviderOutcome) {
    object.flag("ok", outcome.ok);
    object.text("status", outcome.status.name());
    object.whole("attempts", outcome.attempts);
    if let Some(status) = outcome.http_status {
        object.whole("httpStatus", status);
    }
    let texts = [("message", outcome.message.as_deref()), ("reason", outcome.reason)];
    for (name, text) in texts {
        if let Some(text) = text {
            object.text(name, text);
        }
    }
}

/// A mistake, if there is one.
pub(super) fn maybe_error(object: &mut Members<'_>, mistake: Option<&Error>) {
    if let Some(mistake) = mistake {
        error(object.key("error"), mistake);
    }
}

/// A mistake on its own.
pub(super) fn mistake(mistake: &Error) -> String {
    let mut text = String::new();
    error(&mut text, mistake);
    text
}

/// All that is wrong.
pub(super) fn mistakes(mistakes: &[Error]) -> String {
    let mut text = String::new();
    list(&mut text, mistakes, error);
    text
}

/// A request but for its body.
pub(super) fn head(request: &Request) -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text);
    object.text("url", &request.url);
    object.text("method", request.method);
    let mut headers = Members::open(object.key("headers"));
    for (name, value) in request.headers.pairs() {
        headers.text(name, value);
    }
    headers.close();
    object.close();
    text
}

/// Events to track, and what could not be made out.
pub(super) fn said(said: &Said) -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text);
    object.raw("events", &said.events);
    list(object.key("warnings"), &said.warnings, error);
    object.close();
    text
}

/// What a request says of itself.
pub(super) fn claims(claims: &Claims) -> String {
    let mut text = String::new();
    let mut object = Members::open(&mut text);
    let texts = [("organization", &claims.organization), ("app", &claims.app)];
    for (name, claimed) in texts {
        if let Some(claimed) = claimed {
            object.text(name, claimed);
        }
    }
    object.flag("second", claims.second);
    object.close();
    text
}

fn error(to: &mut String, error: &Error) {
    let mut object = Members::open(to);
    object.text("code", error.code.name());
    if !error.field.is_empty() {
        object.text("field", &error.field);
    }
    object.text("message", &error.message);
    object.close();
}

/// An array, each element written by `write`.
pub(super) fn list<T>(to: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    to.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            to.push(',');
        }
        write(to, item);
    }
    to.push(']');
}
