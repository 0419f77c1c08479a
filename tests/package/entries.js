// Every entry, as the suite uses them: most of it is about the client that has everything.
import * as builders from "posthog-wasm/builders";
import * as full from "posthog-wasm/full";
import * as lifecycle from "posthog-wasm/lifecycle";
import * as stripe from "posthog-wasm/stripe";

export * as client from "posthog-wasm";
export * as compat from "posthog-wasm/compat";
export * as drains from "posthog-wasm/drain";
export * as exceptions from "posthog-wasm/exceptions";
export * as flags from "posthog-wasm/flags";
export * as outboxes from "posthog-wasm/outbox";
export * as lints from "posthog-wasm/lint";
export * as hono from "posthog-wasm/hono";
export * as requests from "posthog-wasm/request";
export * as testing from "posthog-wasm/testing";
export const posthog = { ...full, ...builders, ...lifecycle, ...stripe };
