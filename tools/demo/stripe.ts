// The other end of Stripe's webhook.
import { createHmac, randomBytes } from "node:crypto";

export const secret = `whsec_${randomBytes(24).toString("hex")}`;

/** Two signatures, as in the hours after a secret was rolled: one of them is enough. */
export function headers(body: string): Record<string, string> {
  const time = Math.floor(Date.now() / 1000);
  const sign = (key: string) => createHmac("sha256", key).update(`${time}.${body}`).digest("hex");
  return {
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": `t=${time},v1=${sign("whsec_old")},v1=${sign(secret)}`,
  };
}

export interface Change {
  id: string;
  type: "created" | "updated" | "deleted";
  at: string;
  customer: string;
  item: Sold;
  before?: Sold;
  canceledAt?: string;
  endedAt?: string;
}

interface Sold {
  product: string;
  price: string;
  interval: "month" | "year";
}

/** With this version periods moved from the subscription to its items; this account followed in June. */
const BASIL = { version: "2025-03-31.basil", since: "2025-06-01" };

/** The body of an event of a subscription's. */
export function subscription({ id, type, at, customer, item, before, canceledAt, endedAt }: Change): string {
  const created = seconds(at)!;
  const basil = at >= BASIL.since;
  const period = { current_period_start: created, current_period_end: created + 30 * 86_400 };
  return JSON.stringify({
    id,
    object: "event",
    api_version: basil ? BASIL.version : "2024-06-20",
    created,
    type: `customer.subscription.${type}`,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: {
      object: {
        id: `sub_${customer.slice(4)}`,
        object: "subscription",
        customer,
        status: type === "deleted" ? "canceled" : "active",
        collection_method: "charge_automatically",
        currency: "eur",
        created,
        start_date: created,
        ...(basil ? {} : period),
        cancel_at: null,
        cancel_at_period_end: false,
        canceled_at: seconds(canceledAt),
        ended_at: seconds(endedAt),
        default_payment_method: null,
        ...(basil ? { discounts: [] } : { discount: null }),
        items: list(item, basil ? period : {}),
        latest_invoice: `in_${id.slice(4)}`,
        metadata: {},
        trial_start: null,
        trial_end: null,
      },
      ...(before && { previous_attributes: { items: list(before, basil ? period : {}) } }),
    },
  });
}

/** What was bought, behind a metered item as usage-based plans have it. */
function list(sold: Sold, period: object) {
  const metered = { product: "prod_Traffic", price: "price_Traffic", interval: sold.interval };
  return {
    object: "list",
    data: [entry(metered, "metered", period), entry(sold, "licensed", period)],
    has_more: false,
  };
}

function entry({ product, price, interval }: Sold, usage: "licensed" | "metered", period: object) {
  const terms = { id: price, active: true, currency: "eur", livemode: false, metadata: {}, product };
  return {
    id: `si_${price.slice(6)}`,
    object: "subscription_item",
    metadata: {},
    ...(usage === "licensed" && { quantity: 1 }),
    ...period,
    plan: { ...terms, object: "plan", interval, interval_count: 1, usage_type: usage },
    price: {
      ...terms,
      object: "price",
      type: "recurring",
      recurring: { interval, interval_count: 1, usage_type: usage },
    },
  };
}

function seconds(at: string | undefined): number | null {
  return at === undefined ? null : Date.parse(at) / 1000;
}
