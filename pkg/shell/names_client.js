// What the main entry has.
import { buildersOf } from "./builders.js";
import { client } from "./modules.js";
import { clientClass } from "./posthog.js";

export const PostHog = clientClass(client);
export const {
  buildAlias,
  buildBatch,
  buildCapture,
  buildException,
  buildGroupIdentify,
  buildIdentify,
  buildSnapshot,
  lint,
} = buildersOf(client);
export { AnalyticsError } from "./error.js";
export { background } from "./background.js";
export { databaseSource, queueSource, stripeSource } from "./sources.js";
export { trusted, verify } from "./groups.js";
