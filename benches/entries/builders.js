// The builders, alone: a payload without a client.
import { buildCapture, trusted } from "posthog-wasm/builders";

export function first() {
  const groups = [trusted("organization", "org_1", "bench")];
  const event = { event: "E", distinctId: "u", properties: { plan: "Maker" }, groups };
  const { body } = buildCapture({ apiKey: "phc_test" }, event);
  return { body, at: performance.now() };
}

export default { fetch: () => new Response(first().body) };
