//! What the domain made of something, as JSON text.

use super::serialize;
use crate::domain::DomainEvents;
use crate::json::writer::object;

/// Events to track, and what could not be made out.
pub(super) fn domain_events(said: &DomainEvents) -> String {
    object(|object| {
        object.raw("events", &said.events);
        serialize::warnings(object.key("warnings"), &said.warnings);
    })
}
