import { PostHog, trusted } from "posthog-wasm";
import { firstBody } from "./first.js";

export const client = (fetch) => new PostHog("phc_test", { fetch, logger: () => {} });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.capture(event);

export const first = () =>
  firstBody((fetch) => {
    const groups = [trusted("organization", "org_1", "bench")];
    return capture(client(fetch), { ...event, groups });
  });

export default { fetch: async () => new Response((await first()).body) };
