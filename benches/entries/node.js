import { PostHog } from "posthog-node";

/** To the first payload: there is no builder, so to the first `fetch`. */
export function first() {
  return new Promise((resolve) => {
    const fetch = async (_url, init) => {
      resolve(init.body);
      return { status: 200, text: async () => "{}", json: async () => ({}) };
    };
    const groups = { organization: "org_1" };
    client(fetch).captureImmediate({ event: "E", distinctId: "u", properties: { plan: "Maker" }, groups });
  });
}

export const client = (fetch) => new PostHog("phc_test", { fetch, disableCompression: true });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.captureImmediate(event);

export default { fetch: async () => new Response(await first()) };
