//! Answers as JSON text: one string crosses, and not one value after the other.

use crate::domain::Said;
use crate::domain::client::Claims;
use crate::error::Error;
use crate::event::writer::{Members, list, object};
use crate::request::Request;
use crate::transport::{Outcome, ProviderOutcome};

/// How a whole call went.
pub(super) fn outcome(outcome: &Outcome) -> String {
    object(|object| {
        provider_members(object, &outcome.worst);
        maybe_error(object, outcome.error.as_ref());
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
    })
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
    object(|object| error_members(object, mistake))
}

/// What came of something that went wrong.
pub(super) fn failed(mistake: &Error) -> String {
    object(|object| maybe_error(object, Some(mistake)))
}

/// All that is wrong.
pub(super) fn mistakes(mistakes: &[Error]) -> String {
    let mut text = String::new();
    list(&mut text, mistakes, error);
    text
}

/// A request but for its body.
pub(super) fn head(request: &Request) -> String {
    object(|object| {
        object.text("url", &request.url);
        object.text("method", request.method);
        let mut headers = Members::open(object.key("headers"));
        for (name, value) in request.headers.pairs() {
            headers.text(name, value);
        }
        headers.close();
    })
}

/// Events to track, and what could not be made out.
pub(super) fn said(said: &Said) -> String {
    object(|object| {
        object.raw("events", &said.events);
        list(object.key("warnings"), &said.warnings, error);
    })
}

/// What a request says of itself.
pub(super) fn claims(claims: &Claims) -> String {
    object(|object| {
        let texts = [("organization", &claims.organization), ("app", &claims.app)];
        for (name, claimed) in texts {
            if let Some(claimed) = claimed {
                object.text(name, claimed);
            }
        }
        object.flag("second", claims.second);
    })
}

fn error(to: &mut String, error: &Error) {
    let mut object = Members::open(to);
    error_members(&mut object, error);
    object.close();
}

fn error_members(object: &mut Members<'_>, error: &Error) {
    object.text("code", error.code.name());
    if !error.field.is_empty() {
        object.text("field", &error.field);
    }
    object.text("message", &error.message);
}
