import { buildEvent, ByHand, trusted } from "../handwritten.js";

export function first() {
  const groups = [trusted("organization", "org_1")];
  const event = buildEvent({ event: "E", distinctId: "u", properties: { plan: "Maker" }, groups });
  return JSON.stringify({ api_key: "phc_test", batch: [event] });
}

export const client = (fetch) => new ByHand("phc_test", { host: "https://eu.i.posthog.com", fetch });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.capture(event);

export default { fetch: () => new Response(first()) };
