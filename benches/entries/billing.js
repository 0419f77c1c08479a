// A backend that captures, reads Stripe's webhooks and has an outbox.
import { PostHog, trusted } from "posthog-wasm/outbox";
import { postgresOutbox } from "posthog-wasm/postgres";
import { stripeEvent } from "posthog-wasm/stripe";

export default {
  fetch(webhook, sql) {
    const posthog = PostHog.fromEnv(undefined, {
      outbox: { store: postgresOutbox(sql), write: "before_send" },
    });
    const organization = trusted("organization", webhook.id, "a webhook");
    return posthog.track(stripeEvent(webhook, { organization, plans: [] }));
  },
};
