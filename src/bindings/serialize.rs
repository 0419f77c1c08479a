//! Answers as JSON text: one string crosses, and not one value after the other.

use crate::delivery::drain::Drained;
use crate::delivery::outcome::{Outcome, ProviderOutcome};
use crate::domain::DomainEvents;
use crate::domain::identity::{Refusal, RequestedIdentity};
use crate::error::{Error, Mistake, Warning};
use crate::json::writer::{ObjectWriter, list, object};
use crate::policy::identifiers::scrub_text;
use crate::request::Request;

/// How a whole call went.
pub(super) fn outcome(outcome: &Outcome) -> String {
    object(|object| {
        provider_members(object, &outcome.worst);
        optional_error(object, outcome.error.as_ref());
        object.number("elapsedMs", outcome.elapsed_ms);
        list(object.key("events"), &outcome.events, |to, event| {
            let mut object = ObjectWriter::open(to);
            object.string("uuid", &event.uuid);
            object.string("status", event.status.name());
            optional_error(&mut object, event.error.as_ref());
            object.close();
        });
        warnings(object.key("warnings"), &outcome.warnings);
        let mut providers = ObjectWriter::open(object.key("providers"));
        provider(providers.key("posthog"), &outcome.providers.posthog);
        if let Some(logsnag) = &outcome.providers.logsnag {
            provider(providers.key("logsnag"), logsnag);
        }
        providers.close();
    })
}

/// How a drain went.
pub(super) fn drained(drained: &Drained) -> String {
    let settled = &drained.settled;
    object(|object| {
        provider_members(object, &drained.worst);
        optional_error(object, drained.error.as_ref());
        object.number("elapsedMs", drained.elapsed_ms);
        object.number("accepted", settled.accepted);
        object.number("retried", settled.retried);
        object.number("deadLettered", settled.dead_lettered);
        object.boolean("more", drained.more);
    })
}

/// How a stand-in's event fared, or what was wrong with it; and the distinct id for the log.
pub(super) fn single(
    error: Option<&Error>,
    outcome: Option<&ProviderOutcome>,
    distinct_id: &str,
) -> String {
    object(|object| {
        optional_error(object, error);
        if let Some(outcome) = outcome {
            provider(object.key("outcome"), outcome);
        }
        object.string("distinctId", distinct_id);
    })
}

/// How one provider fared.
fn provider(to: &mut String, outcome: &ProviderOutcome) {
    let mut object = ObjectWriter::open(to);
    provider_members(&mut object, outcome);
    object.close();
}

/// The members of a provider's outcome, which the whole's has too.
fn provider_members(object: &mut ObjectWriter<'_>, outcome: &ProviderOutcome) {
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
fn optional_error(object: &mut ObjectWriter<'_>, mistake: Option<&Error>) {
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
    object(|object| optional_error(object, Some(mistake)))
}

/// All that is worth knowing.
pub(super) fn findings(findings: &[Warning]) -> String {
    let mut text = String::new();
    warnings(&mut text, findings);
    text
}

fn warnings(to: &mut String, list_of: &[Warning]) {
    list(to, list_of, |to, warning| error(to, warning));
}

/// A request but for its body.
pub(super) fn head(request: &Request) -> String {
    object(|object| {
        object.string("url", &request.url);
        object.string("method", request.method);
        let mut headers = ObjectWriter::open(object.key("headers"));
        for (name, value) in request.headers.pairs() {
            headers.string(name, value);
        }
        headers.close();
    })
}

/// Events to track, and what could not be made out.
pub(super) fn domain_events(said: &DomainEvents) -> String {
    object(|object| {
        object.raw("events", &said.events);
        warnings(object.key("warnings"), &said.warnings);
    })
}

/// Whose event a request asks to be, and what must be checked for it.
pub(super) fn requested_identity(requested: &Result<RequestedIdentity, Refusal>) -> String {
    object(|object| match requested {
        Err(refusal) => object.string("refused", refusal.name()),
        Ok(requested) => {
            object.string("actor", &requested.actor);
            let texts = [("organization", &requested.organization), ("app", &requested.app)];
            for (name, id) in texts {
                if let Some(id) = id {
                    object.string(name, id);
                }
            }
            object.boolean("notifiable", requested.notifiable);
        }
    })
}

fn error(to: &mut String, error: &Mistake) {
    let mut object = ObjectWriter::open(to);
    error_members(&mut object, error);
    object.close();
}

fn error_members(object: &mut ObjectWriter<'_>, error: &Mistake) {
    object.string("code", error.code.name());
    // A field may have a name of the caller's in it, and a message may quote one.
    let clean = |text: &str| scrub_text(text, true, None).unwrap_or_else(|| text.to_owned());
    if !error.field.is_empty() {
        object.string("field", &clean(&error.field));
    }
    object.string("message", &clean(&error.message));
}
