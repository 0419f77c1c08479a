// As it comes: it compresses every body.
import { PostHog } from "posthog-node";
import { firstBody } from "./first.js";

export const client = (fetch) => new PostHog("phc_test", { fetch });
export const event = { event: "E", distinctId: "u", properties: { plan: "Maker" } };
export const capture = (client, event) => client.captureImmediate(event);

export const first = () =>
  firstBody((fetch) => capture(client(fetch), { ...event, groups: { organization: "org_1" } }));
