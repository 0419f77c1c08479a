/**
 * Stripe's webhooks as events and profiles, and the order of profiles. Sends nothing: what comes back is for `track`.
 *
 * ```ts
 * import { PostHog, trusted } from "posthog-wasm";
 * import { stripeEvent } from "posthog-wasm/stripe";
 *
 * const organization = trusted("organization", row.owner_org, "owns the Stripe customer");
 * await PostHog.fromEnv(env).track(stripeEvent(event, { organization, plans }));
 * ```
 *
 * @module
 */
import type { DomainEvent, Extra, MemberNotification, Tracked, VerifiedGroup } from "./types.d.ts";

export {}; // Only what says `export` is public.

/** One of the host's plans, with Stripe's ids for it. */
export interface StripePlan {
  name: string;

  /** `prod_…` */
  product: string;

  /** `price_…` */
  monthlyPriceId?: string | null | undefined;
  yearlyPriceId?: string | null | undefined;
}

/** A webhook's body. Check its signature first. */
export interface StripeEvent {
  id: string;
  type: string;

  /** In seconds, as Stripe counts. */
  created: number;
  data: { object: object; previous_attributes?: object | undefined };
}

/** How often a plan is paid. */
export type StripePlanType = "monthly" | "yearly";

/** What all {@link StripeNotifications} know. */
export interface StripeFacts {
  /** The notification that is made unless you say otherwise. A copy: change it and return it, if you like. */
  notification: MemberNotification;

  /** As it was given to {@link stripeEvent}. */
  organization: VerifiedGroup<"organization">;
  organizationName: string | null | undefined;

  /** The webhook's body. */
  stripeEvent: StripeEvent;
}

/** What is known of a plan. */
export interface StripePlanFacts extends StripeFacts {
  /** Its name. Null: the product is in no plan. */
  plan: string | null;

  /** Null: the price is none of the plan's. */
  planType: StripePlanType | null;
}

/** What is known of a plan and of the one before it. */
export interface StripePlanChangeFacts extends StripePlanFacts {
  /** Null: there was none before, or it is unknown. */
  previousPlan: string | null;
  previousPlanType: StripePlanType | null;
}

/** A subscription began or changed. */
export interface SubscribedFacts extends StripePlanChangeFacts {
  /** `upgraded`: from a month to a year. `downgraded` is known with `planChanges: "price"` only. */
  change: "created" | "updated" | "upgraded" | "downgraded";

  /** Stripe's own status: `active`, `trialing`, … */
  status: string | null;
}

/** The plan became another one: `upgraded` where the event is `User Upgraded`. */
export interface PlanChangedFacts extends StripePlanChangeFacts {
  change: "upgraded" | "changed";
}

/** A subscription ended. */
export interface CanceledFacts extends StripePlanFacts {
  /** When it was canceled, in ISO 8601. */
  canceledAt: string;

  /** When it ended. */
  endedAt: string | null;
}

/** An invoice will be sent. */
export interface InvoiceUpcomingFacts extends StripePlanFacts {
  /** `monthly` where it is not the plan's yearly price. */
  planType: StripePlanType;

  /** The total by 100: `14.5`. 0 without a total. */
  price: number;

  /** Three letters, as Stripe writes them: `eur`. */
  currency: string | null;
}

/** A card was added, or will expire. */
export interface CardFacts extends StripeFacts {
  /** `7/2027`, or `unknown`. */
  expirationDate: string;
}

/** An invoice or a charge was not paid. */
export interface PaymentFailedFacts extends StripeFacts {
  /** In the currency's smallest unit. */
  amount: number | null;

  /** Three letters, as Stripe writes them: `eur`. */
  currency: string | null;
}

/**
 * Decides on a notification: called once for each, with what is known. Returns the notification that the event is to
 * carry, or null for none. `null` in its place switches the notification off.
 *
 * What throws, returns a promise, returns something else, or is neither of them leaves the default, with the warning
 * `notification_failed`; the event is never lost. What is returned is taken as JSON.
 */
export type StripeNotification<Facts> = ((facts: Facts) => MemberNotification | null) | null | undefined;

/** One for each notification of {@link stripeEvent}, by what it is about. What is not given stays as it is. */
export interface StripeNotifications {
  /** `user:subscribe_created:monthly` and the like, with `User subscribe` and `User update subscribe`. */
  subscribed?: StripeNotification<SubscribedFacts>;

  /** `user:plan_change`, with `User Upgraded` and `User Plan Changed`. */
  planChanged?: StripeNotification<PlanChangedFacts>;

  /** `user:cancel`, with `User cancel`. */
  canceled?: StripeNotification<CanceledFacts>;

  /** `org:invoice_upcoming`, with `Invoice Upcoming`. */
  invoiceUpcoming?: StripeNotification<InvoiceUpcomingFacts>;

  /** `org:failed_payment`, with `Payment Failed`. */
  paymentFailed?: StripeNotification<PaymentFailedFacts>;

  /** `org:card_added`, with `Credit Card Added`. */
  cardAdded?: StripeNotification<CardFacts>;

  /** `org:card_expiring`, with `Credit Card Expiring`. */
  cardExpiring?: StripeNotification<CardFacts>;
}

/** What {@link stripeEvent} must know, and what it lets you decide. */
export interface StripeContext extends Extra {
  /** Whose subscription it is: the organization stored for the Stripe customer. */
  organization: VerifiedGroup<"organization">;

  /** All plans that are sold. */
  plans: readonly StripePlan[];

  /** The organization's name: the data `org_name` of the notification `org:invoice_upcoming`. */
  organizationName?: string | null | undefined;

  /**
   * What counts as another plan. `"product"`, the default: another product; an upgrade is an interval that went from
   * month to year. `"price"`: any other price; an upgrade is more money over a year, or the same product by the year
   * instead of by the month. With `"price"`, unknown products are sent too, and profiles while `past_due`.
   * Another value is an error: `invalid_config`.
   */
  planChanges?: "product" | "price" | undefined;

  /** Renames, fills or switches off each notification. Not asked where `notification` is given. */
  notifications?: StripeNotifications | null | undefined;
}

/**
 * What a Stripe webhook means: events of the organization, stamped with Stripe's `created`, and for a
 * subscription the organization's profile.
 *
 * | Stripe's event | event | profile |
 * |---|---|---|
 * | `customer.subscription.created` | `User subscribe` | yes |
 * | `customer.subscription.updated` | `User update subscribe`, and before it `User Upgraded` or `User Plan Changed` if the product changed | yes |
 * | either, while `past_due` or for a product that is in no plan | | |
 * | `customer.subscription.deleted` | `User cancel` | yes |
 * | `invoice.upcoming` | `Invoice Upcoming` | |
 * | `invoice.payment_failed`, `charge.failed` | `Payment Failed` | |
 * | `payment_method.attached`, `customer.source.created` | `Credit Card Added` | |
 * | `customer.source.expiring` | `Credit Card Expiring` | |
 * | `checkout.session.completed` | `Checkout Completed` | |
 *
 * Its plan is that of the first item that is `licensed`, else of the first. Events of subscriptions have the properties
 * `plan_name`, `plan_type`, `previous_plan_name` and `previous_plan_type`, without those that are not known.
 *
 * The profile has `plan_name`, `plan_type` (`monthly`, `yearly`), `plan_status` (`created`, `updated`, `canceled`),
 * `subscription_status_name` (`created`, `updated`, `upgraded`), and beside them `subscription_status` (Stripe's own),
 * `canceled_at`, `ended_at` and `cancel_at` (ISO 8601). It is written whole: what does not hold, or is not known, is
 * `null`.
 *
 * Shapes before and after API version 2025-03-31. What is in no plan comes with the warning `unknown_plan`, which is
 * logged where nothing is sent and nobody listens (`onWarning`). Other events give nothing but the warning
 * `unknown_event`. Does not throw.
 *
 * ```ts
 * const organization = trusted("organization", customer.org_id, "owns the Stripe customer");
 * await posthog.track(stripeEvent(webhook, { organization, plans }));
 * ```
 *
 * @returns What is for `track` of a client.
 */
export function stripeEvent(event: StripeEvent, context: StripeContext): DomainEvent[];

/**
 * Leaves of each group's ordered profiles only the newest: by time, then created before updated before
 * deleted, then by what each says was before it, then by id. Everything else stays in its place. For the events of
 * several webhooks at once, such as a queue's messages.
 *
 * ```ts
 * const events = messages.flatMap(({ webhook, context }) => stripeEvent(webhook, context));
 * await posthog.track(foldProfiles(events));
 * ```
 *
 * @returns Those that are left, in their order. Does not throw.
 */
export function foldProfiles<E extends Tracked>(events: readonly E[]): E[];
