import { ByHand, trusted } from "../handwritten.js";
import { firstBody } from "./first.js";

export const client = (fetch) => new ByHand("phc_test", { host: "https://eu.i.posthog.com", fetch });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.capture(event);

export const first = () =>
  firstBody((fetch) => capture(client(fetch), { ...event, groups: [trusted("organization", "org_1")] }));

export default { fetch: async () => new Response((await first()).body) };
