//! What Stripe says, as events and as the organization's profile. Pure: the same webhook gives
//! the same events, whenever and however often it is delivered.
//!
//! | Stripe's event | events | profile |
//! |---|---|---|
//! | `customer.subscription.created` | `User subscribe` | all of it |
//! | `customer.subscription.updated` | `User update subscribe`; before it `User Upgraded` or `User Plan Changed` if it is another plan | all of it |
//! | either, while `past_due` or for a product that is in no plan | | |
//! | `customer.subscription.deleted` | `User cancel` | all of it |
//! | `invoice.upcoming` | `Invoice Upcoming` | |
//! | `invoice.payment_failed`, `charge.failed` | `Payment Failed` | |
//! | `payment_method.attached`, `customer.source.created` | `Credit Card Added` | |
//! | `customer.source.expiring` | `Credit Card Expiring` | |
//! | `checkout.session.completed` | `Checkout Completed` | |
//!
//! What another plan is, and what an upgrade: `by_product`, or `by_price` where that is asked
//! for. Every event's time is the webhook's `created`. A profile is always written whole, with null
//! for what does not hold: otherwise what is left of it would depend on the order of arrival.

use crate::domain::track_input::{Extra, LogSnagStyle, Notification, Origin, TrackInput, write};
use crate::domain::{DomainEvents, collect_events};
use crate::error::{Code, Error, Warning};
use crate::event::group::Group;
use crate::event::time::Timestamp;
use crate::json::writer::JsonMap;
use crate::json::{self, RawObject};

mod billing;
mod by_price;
mod by_product;
mod item;
mod plans;
mod subscription;

pub(super) use item::price_of;

use plans::Plans;

const USAGE: LogSnagStyle = LogSnagStyle { channel: "usage", icon: "💰", notify: Some(true) };

/// A webhook, and whose it is.
struct Webhook<'s> {
    id: String,
    at: Timestamp,
    kind: String,
    organization: String,
    organization_name: Option<String>,
    plans: Plans,
    /// Whether another price is another plan.
    by_price: bool,
    /// Whether the caller makes messages of its own, of what is known.
    with_facts: bool,
    object: RawObject<'s>,
    previous: Option<RawObject<'s>>,
}

/// A message about an event that members may be told.
struct Message<'m> {
    /// Its name among the caller's `notifications`.
    about: &'static str,
    event: &'m str,
    uniq_id: &'m str,
    data: JsonMap<'m>,
}

impl<'m> Message<'m> {
    /// One without data. Its name tells it from others.
    fn new(about: &'static str, event: &'m str) -> Self {
        Self { about, event, uniq_id: event, data: JsonMap::default() }
    }
}

/// Says what a webhook means: `event` as Stripe sent it, `context` with `organization` and
/// `plans`, and `organizationName`, `planChanges` and `facts` where they are given.
pub fn to_events(event: &str, context: &str) -> DomainEvents {
    collect_events(|warnings| {
        let webhook = Webhook::read(event, context)?;
        let mut events = webhook.events(warnings);
        Extra::read(context)?.apply(&mut events)?;
        Ok(write(&events))
    })
}

/// Whether `planChanges` asks for it.
fn by_price(given: Option<&str>) -> Result<bool, Error> {
    match given {
        None | Some("null" | "\"product\"") => Ok(false),
        Some("\"price\"") => Ok(true),
        Some(_) => {
            let message = "must be \"product\" or \"price\"";
            Err(Error::new(Code::InvalidConfig, "planChanges", message))
        }
    }
}

impl<'s> Webhook<'s> {
    fn read(event: &'s str, context: &'s str) -> Result<Self, Error> {
        let missing = |field: &'static str| Error::new(Code::InvalidEvent, field, "is missing");
        let event = RawObject::read(event, "event")?;
        let context = RawObject::read(context, "context")?;
        let text = |name: &str| {
            event.get(name).and_then(json::unquote_string).filter(|text| !text.is_empty())
        };
        let organization = context.get("organization").unwrap_or("false");
        let seconds = |raw: &str| raw.parse().ok().and_then(Timestamp::from_seconds);
        let at = match event.get("created") {
            None => Err(missing("event.created")),
            Some(raw) => seconds(raw).ok_or_else(|| {
                Error::new(
                    Code::InvalidEvent,
                    "event.created",
                    "must be Stripe's time: a number of seconds",
                )
            }),
        };
        let data = event.get("data").and_then(json::object);
        Ok(Self {
            id: text("id").ok_or_else(|| missing("event.id"))?,
            at: at?,
            kind: text("type").ok_or_else(|| missing("event.type"))?,
            organization: Group::read(organization, "organization")?.key.into_owned(),
            organization_name: context.get("organizationName").and_then(json::unquote_string),
            plans: Plans::read(context.get("plans").ok_or_else(|| missing("plans"))?)?,
            by_price: by_price(context.get("planChanges"))?,
            with_facts: context.get("facts") == Some("true"),
            object: data
                .and_then(|data| data.get("object"))
                .and_then(json::object)
                .ok_or_else(|| missing("event.data.object"))?,
            previous: data.and_then(|data| data.get("previous_attributes")).and_then(json::object),
        })
    }

    fn events(&self, warnings: &mut Vec<Warning>) -> Vec<TrackInput<'s>> {
        vec![match self.kind.as_str() {
            "customer.subscription.created"
            | "customer.subscription.deleted"
            | "customer.subscription.updated" => return subscription::events(self, warnings),
            "invoice.upcoming" => billing::invoice_upcoming(self, warnings),
            "charge.failed" | "invoice.payment_failed" => billing::payment_failed(self),
            "customer.source.created" | "payment_method.attached" => billing::card_added(self),
            "customer.source.expiring" => billing::card_expiring(self),
            "checkout.session.completed" => billing::checkout_completed(self),
            _ => {
                warnings.push(Warning::new(Code::UnknownEvent, "event.type", "means nothing here"));
                return Vec::new();
            }
        }]
    }

    /// A subscription's own status.
    fn status(&self) -> Option<String> {
        let status = self.object.get("status").and_then(json::unquote_string);
        status.filter(|status| !status.is_empty())
    }

    /// An event of the organization's. No person acts in a webhook.
    fn capture(&self, event: &str, style: LogSnagStyle, seq: usize) -> TrackInput<'s> {
        TrackInput::capture(event, &self.organization, style)
            .within(&self.organization, None)
            .from(Some(&self.origin()), seq)
    }

    fn origin(&self) -> Origin<'_> {
        Origin { system: "stripe", id: &self.id, at: self.at }
    }

    /// Adds what billing contacts may be told, and of what the caller may make a message instead.
    fn tell(
        &self,
        tracked: TrackInput<'s>,
        message: &Message<'_>,
        mut facts: JsonMap<'_>,
    ) -> TrackInput<'s> {
        let notification = Notification {
            event: message.event,
            preference: "credit_usage",
            uniq_id: message.uniq_id,
            cron: Some("* * * * *"),
            once: false,
            audience: Some("billing"),
        };
        let tracked = tracked.notifying(&notification, &message.data);
        if !self.with_facts {
            return tracked;
        }
        facts.set_string("about", message.about);
        tracked.knowing(&facts)
    }
}
