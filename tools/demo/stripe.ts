// The other end of Stripe's webhook.
import { createHmac, randomBytes } from "node:crypto";
import type { Plan } from "../../examples/supabase/functions/_shared/database.ts";

export const secret = `whsec_${randomBytes(24).toString("hex")}`;

/** Two signatures, as in the hours after a secret was rolled: one of them is enough. */
export function headers(body: string, at = Date.now()): Record<string, string> {
  const time = Math.floor(at / 1000);
  const sign = (key: string) => createHmac("sha256", key).update(`${time}.${body}`).digest("hex");
  return {
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": `t=${time},v1=${sign("whsec_old")},v1=${sign(secret)}`,
  };
}

/** The body of an event. `previous` is what the attributes that changed were before. */
export function event(id: string, type: string, at: string, object: object, previous?: object): string {
  return JSON.stringify({
    id,
    object: "event",
    api_version: isBasil(at) ? "2025-03-31.basil" : "2024-06-20",
    created: seconds(at),
    type,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: { object, ...previous && { previous_attributes: previous } },
  });
}

/** With version 2025-03-31 periods moved from the subscription to its items; this account followed in June. */
const isBasil = (at: string) => at >= "2025-06-01";

/** What was bought. */
export interface Terms {
  plan: Plan;
  interval: "month" | "year";
  /** One that the plan does not have: a special price. */
  price?: string;
}

export interface Subscription {
  id: string;
  customer: string;
  terms: Terms;
  status: "trialing" | "active" | "past_due" | "canceled";
  cancelAtPeriodEnd?: boolean;
  canceledAt?: string;
  endedAt?: string;
  trialEnd?: string;
}

/** A subscription as it is at that moment. */
export function subscription(subscription: Subscription, at: string): object {
  const { id, customer, terms, status } = subscription;
  const basil = isBasil(at);
  return {
    id,
    object: "subscription",
    customer,
    status,
    collection_method: "charge_automatically",
    currency: "eur",
    start_date: seconds(at),
    ...(basil ? {} : period(at)),
    cancel_at: null,
    cancel_at_period_end: subscription.cancelAtPeriodEnd ?? false,
    canceled_at: seconds(subscription.canceledAt),
    ended_at: seconds(subscription.endedAt),
    default_payment_method: null,
    ...(basil ? { discounts: [] } : { discount: null }),
    items: items(terms, at),
    metadata: {},
    trial_end: seconds(subscription.trialEnd),
  };
}

/** What was bought, behind a metered item as usage-based plans have it. */
export function items({ plan, interval, price }: Terms, at: string): object {
  const fixed = price ?? (interval === "month" ? plan.price_m_id : plan.price_y_id);
  const times = isBasil(at) ? period(at) : {};
  return {
    object: "list",
    data: [
      item("prod_Traffic", "price_Traffic", interval, "metered", 0, times),
      item(plan.stripe_id, fixed, interval, "licensed", AMOUNTS[plan.name][interval], times),
    ],
    has_more: false,
  };
}

const AMOUNTS: Record<string, Record<Terms["interval"], number>> = {
  Solo: { month: 1_400, year: 14_000 },
  Maker: { month: 4_900, year: 49_000 },
};

function item(
  product: string,
  price: string,
  interval: string,
  usage_type: "licensed" | "metered",
  amount: number,
  times: object,
) {
  const terms = { id: price, active: true, currency: "eur", livemode: false, metadata: {}, product };
  const recurring = { interval, interval_count: 1, usage_type };
  return {
    id: `si_${price.slice(6)}`,
    object: "subscription_item",
    metadata: {},
    ...(usage_type === "licensed" && { quantity: 1 }),
    ...times,
    plan: { ...terms, object: "plan", amount, ...recurring },
    price: { ...terms, object: "price", type: "recurring", unit_amount: amount, recurring },
  };
}

/** A bill for what was bought: due, or not paid. */
export function invoice(customer: string, { plan, interval }: Terms, at: string): object {
  const price = interval === "month" ? plan.price_m_id : plan.price_y_id;
  const basil = isBasil(at);
  return {
    object: "invoice",
    customer,
    currency: "eur",
    total: AMOUNTS[plan.name][interval],
    lines: {
      object: "list",
      data: [
        basil
          ? { pricing: { type: "price_details", price_details: { price, product: plan.stripe_id } } }
          : { price: { id: price, product: plan.stripe_id } },
      ],
    },
  };
}

function period(at: string) {
  const start = seconds(at)!;
  return { current_period_start: start, current_period_end: start + 30 * 86_400 };
}

function seconds(at: string | undefined): number | null {
  return at === undefined ? null : Math.floor(Date.parse(at) / 1000);
}
