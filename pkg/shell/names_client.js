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
} = buildersOf(client);
export * from "./names.js";
