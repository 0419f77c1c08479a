// Called by Stripe for the events of subscriptions.
import { background } from "posthog-wasm";
import { posthog } from "../_shared/analytics.ts";
import { allPlans, organizationOf } from "../_shared/database.ts";
import { fromStripe } from "../_shared/stripe_signature.ts";
import {
  readSubscriptionEvent,
  subscriptionChanged,
  type SubscriptionEvent,
} from "../_shared/subscriptions.ts";

Deno.serve(async (request) => {
  const body = await request.text();
  if (!await fromStripe(request, body)) return Response.json({ error: "invalid_signature" }, { status: 400 });
  let event: SubscriptionEvent | undefined;
  try {
    event = readSubscriptionEvent(body);
  } catch {
    return Response.json({ error: "invalid_body" }, { status: 400 });
  }

  // Of a customer nobody knows there is nothing to say; anything but 200 would make Stripe ask again.
  const organization = event && await organizationOf(event.data.object.customer);
  if (event && organization) {
    await background(posthog().track(subscriptionChanged(event, organization, await allPlans())));
  }
  return Response.json({ status: "ok" });
});
