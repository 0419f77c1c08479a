import { buildCapture, PostHog, trusted } from "posthog-wasm";

/** To the first payload. */
export function first() {
  const groups = [trusted("organization", "org_1", "bench")];
  return buildCapture({ apiKey: "phc_test" }, {
    event: "E",
    distinctId: "u",
    properties: { plan: "Maker" },
    groups,
  }).body;
}

export const client = (fetch) => new PostHog("phc_test", { fetch, logger: () => {} });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.capture(event);

export default { fetch: () => new Response(first()) };
