// Stripe's webhooks alone.
import { stripeEvent } from "posthog-wasm/stripe";

export default { fetch: (webhook) => Response.json(stripeEvent(webhook, { plans: [] })) };
