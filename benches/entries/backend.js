// A backend that captures, reads Stripe's webhooks and its own rows, and has an outbox that a cron job drains.
import * as posthog from "posthog-wasm/outbox";
import * as lifecycle from "posthog-wasm/lifecycle";
import * as postgres from "posthog-wasm/postgres";
import * as stripe from "posthog-wasm/stripe";

export default { fetch: () => Response.json([posthog, lifecycle, postgres, stripe].map(Object.keys)) };
