// Fernweh Bikes, as Stripe tells of it: a trial, a larger plan, a payment that fails, a cancellation, and back.
import { organizations, plans } from "../../examples/supabase/functions/_shared/database.ts";
import { type Call, fromStripe } from "./senders.ts";
import * as stripe from "./stripe.ts";

export const [fernweh] = organizations;

const [solo, maker] = plans;
const customer = fernweh.customer_id;
const small: stripe.Terms = { plan: solo, interval: "month" };
const large: stripe.Terms = { plan: maker, interval: "month" };

const trial: stripe.Subscription = {
  id: "sub_Fernweh",
  customer,
  terms: small,
  status: "trialing",
  trialEnd: "2025-02-03T08:00:01Z",
};
const paying: stripe.Subscription = { ...trial, status: "active" };
const larger: stripe.Subscription = { ...paying, terms: large };
const leaving = { ...larger, cancelAtPeriodEnd: true, canceledAt: "2025-09-01T16:20:00Z" };
const gone: stripe.Subscription = {
  ...leaving,
  status: "canceled",
  cancelAtPeriodEnd: false,
  endedAt: "2025-09-12T09:00:00Z",
};
const back: stripe.Subscription = {
  id: "sub_FernwehAgain",
  customer,
  terms: { plan: maker, interval: "year" },
  status: "active",
};

export const fernwehPays: readonly Call[] = [
  about("checks out", "checkout.session.completed", "2025-01-20T08:00:00Z", 1, {
    object: "checkout.session",
    customer,
    mode: "subscription",
    payment_status: "no_payment_required",
  }),
  about("adds a card", "payment_method.attached", "2025-01-20T08:00:00Z", 1, {
    object: "payment_method",
    customer,
    card: { exp_month: 7, exp_year: 2028 },
  }),
  subscription("begins a trial", "created", "2025-01-20T08:00:01Z", 2, trial),
  subscription("starts to pay", "updated", "2025-02-03T08:00:01Z", 2, paying, { status: "trialing" }),
  subscription("takes a larger plan", "updated", "2025-05-12T10:31:12Z", 3, larger, {
    items: stripe.items(small, "2025-05-12T10:31:12Z"),
  }),
  about("is about to be billed", "invoice.upcoming", "2025-06-05T00:00:00Z", 1, {
    ...stripe.invoice(customer, large, "2025-06-05T00:00:00Z"),
  }),
  about("fails to pay", "invoice.payment_failed", "2025-08-12T09:00:00Z", 1, {
    ...stripe.invoice(customer, large, "2025-08-12T09:00:00Z"),
  }),
  // In the same second: `Payment Failed` has said it.
  subscription("is past due", "updated", "2025-08-12T09:00:00Z", 0, { ...larger, status: "past_due" }, {
    status: "active",
  }),
  subscription("has paid", "updated", "2025-08-15T07:10:00Z", 2, larger, { status: "past_due" }),
  subscription("asks to leave", "updated", "2025-09-01T16:20:00Z", 2, leaving, {
    cancel_at_period_end: false,
    canceled_at: null,
  }),
  subscription("has left", "deleted", "2025-09-12T09:00:00Z", 2, gone),
  subscription("is back", "created", "2025-11-18T10:00:00Z", 2, back),
];

function subscription(
  what: string,
  change: "created" | "updated" | "deleted",
  at: string,
  events: number,
  now: stripe.Subscription,
  previous?: object,
): Call {
  return about(what, `customer.subscription.${change}`, at, events, stripe.subscription(now, at), previous);
}

function about(
  what: string,
  type: string,
  at: string,
  events: number,
  object: object,
  previous?: object,
): Call {
  // An id of Stripe's says nothing, so this one may.
  const id = `evt_Fernweh_${what.replaceAll(" ", "_")}`;
  return fromStripe(what, stripe.event(id, type, at, object, previous), events);
}
