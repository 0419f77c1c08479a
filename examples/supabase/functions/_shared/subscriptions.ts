import { type Tracked, trusted } from "posthog-wasm";
import type { Plan } from "./database.ts";

/** What happened to a subscription: how the events are called, and what the profile says afterwards. */
const CHANGES: Record<string, { event: string; status: string }> = {
  "customer.subscription.created": { event: "User subscribe", status: "created" },
  "customer.subscription.updated": { event: "User update subscribe", status: "updated" },
  "customer.subscription.deleted": { event: "User cancel", status: "canceled" },
};

/** What is read of Stripe's event. Nothing in it moved with API version 2025-03-31 (Basil). */
export interface SubscriptionEvent {
  id: string;
  type: string;
  created: number;
  data: { object: Subscription; previous_attributes?: Partial<Subscription> };
}

interface Subscription {
  customer: string;
  status: string;
  items?: { data?: Item[] };
  canceled_at?: number | null;
  ended_at?: number | null;
}

interface Item {
  price?: { id: string; product: string; recurring?: { usage_type?: string } | null };
  /** The older name of a price; some accounts' events have nothing else. */
  plan?: { id: string; product: string; usage_type?: string };
}

/** Stripe's event, undefined if it is about something else. Throws if it is no event at all. */
export function readSubscriptionEvent(body: string): SubscriptionEvent | undefined {
  const event = JSON.parse(body);
  if (typeof event?.id !== "string" || typeof event.type !== "string" || !Number.isInteger(event.created)) {
    throw new TypeError("no event of Stripe's");
  }
  if (!Object.hasOwn(CHANGES, event.type)) return undefined;
  if (typeof event.data?.object?.customer !== "string") {
    throw new TypeError("no subscription of a customer's");
  }
  return event;
}

/** The fact, and the organization's profile after it. Both are dated by Stripe, not by when we heard of it. */
export function subscriptionChanged(
  { id, type, created, data }: SubscriptionEvent,
  organizationId: string,
  plans: readonly Plan[],
): Tracked[] {
  const { object: subscription, previous_attributes: before } = data;
  // A payment that failed changes no plan; the retry's result comes as an event of its own.
  if (subscription.status === "past_due") return [];

  const organization = trusted("organization", organizationId, "owns the Stripe customer");
  const source = { system: "stripe", id, at: iso(created)! };
  const { event, status } = CHANGES[type];
  const plan = planOf(subscription.items, plans);
  const upgraded = plan.plan_type === "yearly" && planOf(before?.items, plans).plan_type === "monthly";
  return [
    {
      kind: "capture",
      event,
      distinctId: organizationId,
      groups: [organization],
      properties: { channel: "usage", ...plan },
      source,
    },
    {
      kind: "group_identify",
      group: organization,
      properties: {
        ...plan,
        plan_status: status,
        subscription_status_name: upgraded ? "upgraded" : status,
        // Null for a subscription nobody has canceled: it clears what an earlier one left behind.
        canceled_at: iso(subscription.canceled_at ?? subscription.ended_at),
      },
      source,
    },
  ];
}

/** Absent is what is not known: a price of neither kind is not "yearly". */
function planOf(items: Subscription["items"], plans: readonly Plan[]) {
  const all = items?.data ?? [];
  const usage = ({ price, plan }: Item) => price?.recurring?.usage_type ?? plan?.usage_type;
  // Metered items count usage; the licensed one is what was subscribed to.
  const item = all.find((item) => usage(item) === "licensed") ?? all[0];
  const sold = item?.price ?? item?.plan;
  const plan = plans.find(({ stripe_id }) => stripe_id === sold?.product);
  const type = sold && plan && { [plan.price_m_id]: "monthly", [plan.price_y_id]: "yearly" }[sold.id];
  return { plan_name: plan?.name, plan_type: type };
}

function iso(seconds: number | null | undefined): string | null {
  return typeof seconds === "number" ? new Date(seconds * 1000).toISOString() : null;
}
