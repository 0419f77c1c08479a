// A backend that captures, reads Stripe's webhooks and has an outbox.
import { PostHog, trusted } from "posthog-wasm/full";
import { postgresOutbox, postgresProfiles } from "posthog-wasm/postgres";
import { stripeEvent } from "posthog-wasm/stripe";

export default {
  fetch(webhook, sql) {
    const options = { outbox: { store: postgresOutbox(sql), write: "before_send" } };
    const posthog = PostHog.fromEnv(undefined, { ...options, profileStore: postgresProfiles(sql) });
    const organization = trusted("organization", webhook.id, "a webhook");
    return posthog.track(stripeEvent(webhook, { organization, plans: [] }));
  },
};
