import { Hono } from "hono";
import { background, PostHog, trusted } from "posthog-wasm/full";
import { type StripeEvent, stripeEvent } from "posthog-wasm/stripe";
import * as database from "../_shared/database.ts";
import { notifyMembers } from "../_shared/members.ts";
import { stripeSignature } from "../_shared/stripe_signature.ts";

export const stripe = new Hono();

/** Stripe delivers in any order, several at a time, and twice: a profile must not go back in time. */
const inOrder = { profileStore: database.profileStore };

stripe.post("/stripe_event", stripeSignature, async (c) => {
  const event = c.get("stripeEvent");
  const owner = await database.organizationOfCustomer(customerOf(event));
  // Of a customer nobody knows there is nothing to say; anything but 200 would make Stripe ask again.
  if (!owner) return c.json({ status: "ok" });

  const organization = trusted("organization", owner.id, "owns the Stripe customer");
  c.set("organization", organization);
  const plans = (await database.allPlans()).map(({ name, stripe_id, price_m_id, price_y_id }) => {
    return { name, product: stripe_id, monthlyPriceId: price_m_id, yearlyPriceId: price_y_id };
  });
  const events = stripeEvent(event, { organization, organizationName: owner.name, plans });
  // Of a payment that is past due, and of what is in no plan, there is nothing to say.
  if (events.length === 0) return c.json({ status: "ok" });
  await background(PostHog.fromEnv(c, inOrder).track(events), c);
  await background(notifyMembers(events), c);
  return c.json({ status: "ok" });
});

/** Stripe sends ids, or whole objects where an endpoint asks for them. */
function customerOf({ data }: StripeEvent): string {
  const { customer } = (data?.object ?? {}) as { customer?: string | { id: string } | null };
  return typeof customer === "string" ? customer : customer?.id ?? "";
}
