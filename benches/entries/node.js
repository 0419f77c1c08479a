import { PostHog } from "posthog-node";
import { firstBody } from "./first.js";

export const client = (fetch) => new PostHog("phc_test", { fetch, disableCompression: true });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.captureImmediate(event);

export const first = () =>
  firstBody((fetch) => capture(client(fetch), { ...event, groups: { organization: "org_1" } }));

export default { fetch: async () => new Response((await first()).body) };
