// As it comes: it compresses every body.
import { PostHog } from "posthog-node";

/** To the first payload: there is no builder, so to the first `fetch`. */
export function first() {
  return new Promise((resolve) => {
    const fetch = async (_url, init) => {
      resolve(init.body);
      return new Response("{}");
    };
    const groups = { organization: "org_1" };
    client(fetch).captureImmediate({ event: "E", distinctId: "u", properties: { plan: "Maker" }, groups });
  });
}

export const client = (fetch) => new PostHog("phc_test", { fetch });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.captureImmediate(event);
