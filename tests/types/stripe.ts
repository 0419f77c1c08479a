// Stripe's webhooks: what must compile, and what must not. Checked, never run.
import { type MemberNotification, type Tracked, trusted } from "posthog-wasm";
import { organizationCreated } from "posthog-wasm/lifecycle";
import {
  type CanceledFacts,
  type CardFacts,
  type InvoiceUpcomingFacts,
  type PaymentFailedFacts,
  type PlanChangedFacts,
  type StripeContext,
  type StripeEvent,
  stripeEvent,
  type StripeNotifications,
  type StripePlanType,
  type SubscribedFacts,
} from "posthog-wasm/stripe";
import type { Equal, Expect } from "./expect.ts";

declare const event: StripeEvent;
const organization = trusted("organization", "o", "owns the Stripe customer");
const own: MemberNotification = { event: "e", preferenceKey: "p", uniqId: "u", data: {} };

/** What each callback is given. */
type Given<Name extends keyof StripeNotifications> = Parameters<NonNullable<StripeNotifications[Name]>>[0];

export type Facts = [
  Expect<Equal<Given<"subscribed">, SubscribedFacts>>,
  Expect<Equal<Given<"planChanged">, PlanChangedFacts>>,
  Expect<Equal<Given<"canceled">, CanceledFacts>>,
  Expect<Equal<Given<"invoiceUpcoming">, InvoiceUpcomingFacts>>,
  Expect<Equal<Given<"paymentFailed">, PaymentFailedFacts>>,
  Expect<Equal<Given<"cardAdded">, CardFacts>>,
  Expect<Equal<Given<"cardExpiring">, CardFacts>>,
  Expect<Equal<SubscribedFacts["planType"], StripePlanType | null>>,
  Expect<Equal<InvoiceUpcomingFacts["price"], number>>,
];

export function everyOption(): Tracked[] {
  const context: StripeContext = {
    organization,
    organizationName: "Acme",
    plans: [{ name: "Solo", product: "prod_1", monthlyPriceId: "price_1", yearlyPriceId: null }],
    planChanges: "price",
    notifications: {
      subscribed: ({ notification, plan, previousPlan, change }) =>
        change === "upgraded" ? { ...notification, data: { plan, previousPlan } } : notification,
      planChanged: null,
      canceled: ({ canceledAt, endedAt }) => endedAt ? null : { ...own, data: { canceledAt } },
      invoiceUpcoming: ({ price, notification, organizationName }) =>
        price > 0 ? { ...notification, data: { price: price.toFixed(2), organizationName } } : null,
      paymentFailed: ({ amount, stripeEvent }) => amount ? { ...own, uniqId: stripeEvent.id } : null,
      cardAdded: undefined,
    },
    channel: "billing",
    onWarning: (warning) => console.warn(warning.code === "notification_failed"),
  };
  const without = { organization, plans: [], notification: null };
  return [...stripeEvent(event, context), ...stripeEvent(event, without), {
    kind: "capture",
    event: "e",
    distinctId: "u",
    notification: null,
  }, ...organizationCreated({ id: "o" }, { notification: null })];
}

export function refused() {
  // @ts-expect-error whose it is
  stripeEvent(event, { plans: [] });
  // @ts-expect-error there are plans
  stripeEvent(event, { organization });
  // @ts-expect-error a verified group
  stripeEvent(event, { organization: "o", plans: [] });
  // @ts-expect-error product or price
  stripeEvent(event, { organization, plans: [], planChanges: "amount" });
  // @ts-expect-error a notification or null, which a callback must say
  stripeEvent(event, { organization, plans: [], notifications: { canceled: () => {} } });
  // @ts-expect-error it is not waited for
  stripeEvent(event, { organization, plans: [], notifications: { canceled: async () => null } });
  // @ts-expect-error a whole notification
  stripeEvent(event, { organization, plans: [], notifications: { canceled: () => ({ event: "e" }) } });
  // @ts-expect-error of which there is none
  stripeEvent(event, { organization, plans: [], notifications: { refunded: null } });
  // @ts-expect-error nobody pays when a card is added
  stripeEvent(event, { organization, plans: [], notifications: { cardAdded: ({ price }) => price } });
}
