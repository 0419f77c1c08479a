//! What happened in the product, said as events: one function per thing that happens, from the
//! row or webhook that says so. Names, channels, icons and properties are those that dashboards
//! already know; every one of them can be overridden.

use crate::error::{Code, Error, Warning};
use crate::json::RawObject;
use crate::json::writer::ObjectWriter;

pub mod client;
pub mod identity;
pub mod profiles;
pub mod stripe;

mod app;
mod build;
mod bundle;
mod organization;
mod row;
mod track_input;
mod usage;
mod user;

use row::Row;
use track_input::{Extra, TrackInput};

/// What a function says: a JSON array of tracked events, and what it could not make out.
#[derive(Debug, Default)]
pub struct DomainEvents {
    /// Input for `track`.
    pub events: String,
    /// What is missing or unknown; never a reason to say nothing else.
    pub warnings: Vec<Warning>,
}

type Domain = for<'r> fn(&Row<'r>, &mut Vec<Warning>) -> Result<Vec<TrackInput<'r>>, Error>;

/// The function of that name, as TypeScript knows it.
fn named(function: &str) -> Option<Domain> {
    Some(match function {
        "appCreated" => app::created,
        "buildStatusChanged" => build::status_changed,
        "bundleCreated" => bundle::created,
        "bundleDeployed" => bundle::deployed,
        "bundleUploadFailed" => bundle::upload_failed,
        "creditUsageAlert" => usage::credit_alert,
        "onboardingNeeded" => usage::onboarding_needed,
        "organizationCreated" => organization::created,
        "planUpgradeNeeded" => usage::upgrade_needed,
        "planUsageAlert" => usage::plan_alert,
        "uploadLinkCreated" => bundle::upload_link_created,
        "userCreated" => user::created,
        _ => return None,
    })
}

/// Says what a database row means. Never fails: a row that cannot be attributed becomes an event
/// that is refused when it is sent, so that its outcome is `invalid`.
///
/// ```
/// use posthog_wasm::domain::row_to_events;
///
/// let row = r#"{"id":"org_1","name":"Acme","created_at":"2026-01-02T03:04:05Z"}"#;
/// let said = row_to_events("organizationCreated", row, r#"{"event":"Team Created"}"#);
/// assert!(said.warnings.is_empty());
/// assert!(said.events.contains(r#""event":"Team Created""#));
/// ```
pub fn row_to_events(function: &str, row: &str, extra: &str) -> DomainEvents {
    collect_events(|warnings| {
        let Some(function) = named(function) else {
            return Err(Error::new(Code::InvalidEvent, "", "is no domain function"));
        };
        let row = RawObject::read(row, "row")?;
        let mut events = function(&Row::new(row), warnings)?;
        Extra::read(extra)?.apply(&mut events)?;
        Ok(track_input::write(&events))
    })
}

/// Runs a function and turns its failure into the event that says so.
fn collect_events(work: impl FnOnce(&mut Vec<Warning>) -> Result<String, Error>) -> DomainEvents {
    let mut warnings = Vec::new();
    let events = work(&mut warnings).unwrap_or_else(|error| refused(&error));
    DomainEvents { events, warnings }
}

fn refused(error: &Error) -> String {
    let mut text = String::from("[");
    let mut object = ObjectWriter::open(&mut text);
    object.string("kind", "refused");
    object.string("code", error.code.name());
    object.string("field", &error.field);
    object.string("message", &error.message);
    object.close();
    text.push(']');
    text
}

#[cfg(test)]
mod tests;
