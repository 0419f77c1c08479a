// A whole backend with the client that has everything: all that the entries export, so that a bundler can leave nothing out.
import * as posthog from "posthog-wasm/full";
import * as lifecycle from "posthog-wasm/lifecycle";
import * as postgres from "posthog-wasm/postgres";
import * as stripe from "posthog-wasm/stripe";

export default { fetch: () => Response.json([posthog, lifecycle, postgres, stripe].map(Object.keys)) };
