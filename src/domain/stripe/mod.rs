//! What Stripe says, as events and as the organization's profile. Pure: the same webhook gives
//! the same events, whenever and however often it is delivered.
//!
//! | Stripe's event | events | profile |
//! |---|---|---|
//! | `customer.subscription.created` | `User subscribe` | all of it |
//! | `customer.subscription.updated` | `User update subscribe`; before it `User Upgraded` or `User Plan Changed` if the price changed; none while `past_due` or `unpaid` | all of it |
//! | `customer.subscription.deleted` | `User cancel` | all of it |
//! | `invoice.upcoming` | `Invoice Upcoming` | |
//! | `invoice.payment_failed`, `charge.failed` | `Payment Failed` | |
//! | `payment_method.attached`, `customer.source.created` | `Credit Card Added` | |
//! | `customer.source.expiring` | `Credit Card Expiring` | |
//! | `checkout.session.completed` | `Checkout Completed` | |
//!
//! Every event's time is the webhook's `created`. The profile is always written whole, with null
//! for what does not hold: otherwise what is left of it would depend on the order of arrival.

use crate::domain::track_input::{
    Extra, LogSnagStyle, Notification, Origin, TrackInput, data, write,
};
use crate::domain::{DomainEvents, collect_events};
use crate::error::{Code, Error, Warning};
use crate::event::group::Group;
use crate::event::time::Timestamp;
use crate::json::writer::{JsonMap, format_u64};
use crate::json::{self, RawObject};

mod plans;
mod subscription;

pub(super) use subscription::price_of;

use plans::Plans;

const USAGE: LogSnagStyle = LogSnagStyle { channel: "usage", icon: "💰", notify: Some(true) };

/// A webhook, and whose it is.
struct Webhook<'s> {
    id: String,
    at: Timestamp,
    kind: String,
    organization: String,
    plans: Plans,
    object: RawObject<'s>,
    previous: Option<RawObject<'s>>,
}

/// Says what a webhook means: `event` as Stripe sent it, `context` with `organization` and
/// `plans`.
pub fn to_events(event: &str, context: &str) -> DomainEvents {
    collect_events(|warnings| {
        let webhook = Webhook::read(event, context)?;
        let mut events = webhook.events(warnings);
        Extra::read(context)?.apply(&mut events)?;
        Ok(write(&events))
    })
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
        let created = event.get("created").and_then(|raw| raw.parse().ok());
        let data = event.get("data").and_then(json::object);
        Ok(Self {
            id: text("id").ok_or_else(|| missing("event.id"))?,
            at: created
                .and_then(Timestamp::from_seconds)
                .ok_or_else(|| missing("event.created"))?,
            kind: text("type").ok_or_else(|| missing("event.type"))?,
            organization: Group::read(organization, "organization")?.key.into_owned(),
            plans: Plans::read(context.get("plans").unwrap_or("[]"))?,
            object: data
                .and_then(|data| data.get("object"))
                .and_then(json::object)
                .ok_or_else(|| missing("event.data.object"))?,
            previous: data.and_then(|data| data.get("previous_attributes")).and_then(json::object),
        })
    }

    fn events(&self, warnings: &mut Vec<Warning>) -> Vec<TrackInput<'s>> {
        let one = |event, style, notification: Option<(&str, JsonMap<'_>)>| {
            let tracked = self.capture(event, style, 0);
            vec![match notification {
                Some((name, told)) => tracked.notifying(&self.notification(name), &told),
                None => tracked,
            }]
        };
        let quiet = |icon| LogSnagStyle { icon, notify: Some(false), ..USAGE };
        match self.kind.as_str() {
            "customer.subscription.created"
            | "customer.subscription.deleted"
            | "customer.subscription.updated" => subscription::events(self, warnings),
            "invoice.upcoming" => {
                let told = self.invoice(warnings);
                one("Invoice Upcoming", quiet("📄"), Some(("org:invoice_upcoming", told)))
            }
            "charge.failed" | "invoice.payment_failed" => {
                one("Payment Failed", quiet("⚠️"), Some(("org:failed_payment", JsonMap::default())))
            }
            "customer.source.created" | "payment_method.attached" => {
                let told = data(&[("expiration_date", Some(self.expiration()))]);
                one("Credit Card Added", quiet("💳"), Some(("org:card_added", told)))
            }
            "customer.source.expiring" => one(
                "Credit Card Expiring",
                quiet("⚠️"),
                Some(("org:card_expiring", JsonMap::default())),
            ),
            "checkout.session.completed" => {
                let shown = |name| self.object.get(name).and_then(json::unquote);
                let tracked = self
                    .capture("Checkout Completed", quiet("💰"), 0)
                    .with("mode", shown("mode").as_deref())
                    .with("payment_status", shown("payment_status").as_deref());
                vec![tracked]
            }
            _ => {
                warnings.push(Warning::new(Code::UnknownEvent, "event.type", "means nothing here"));
                Vec::new()
            }
        }
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

    /// What billing contacts may be told.
    fn notification<'n>(&self, event: &'n str) -> Notification<'n> {
        Notification {
            event,
            preference: "credit_usage",
            uniq_id: event,
            cron: Some("* * * * *"),
            once: false,
            audience: Some("billing"),
        }
    }

    /// What an invoice is for: before and after API version 2025-03-31.
    fn invoice(&self, warnings: &mut Vec<Warning>) -> JsonMap<'static> {
        let line = self
            .object
            .get("lines")
            .and_then(json::object)
            .and_then(|lines| json::elements(lines.get("data")?)?.find_map(json::object));
        let (price, product) = line.map_or((None, None), plans::bought);
        let plan = self.plans.find(price.as_deref(), product.as_deref(), warnings);
        let cents = self.object.get("total").and_then(|total| total.parse::<i64>().ok());
        data(&[
            ("plan_name", plan.name),
            ("plan_type", plan.interval.map(Into::into)),
            ("price", cents.map(hundredths)),
        ])
    }

    /// `7/2027`, as the card says.
    fn expiration(&self) -> String {
        let card = self.object.get("card").and_then(json::object).unwrap_or(self.object);
        match (card.get("exp_month"), card.get("exp_year")) {
            (Some(month), Some(year)) if month != "null" && year != "null" => {
                [month, "/", year].concat()
            }
            _ => "unknown".to_owned(),
        }
    }
}

/// Cents as a decimal number.
fn hundredths(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    let rest = cents % 100;
    let tail = if rest < 10 { ".0" } else { "." };
    [sign, &format_u64(cents / 100), tail, &format_u64(rest)].concat()
}
