// What `posthog-wasm/full` has: the same names as the main entry.
import { buildersOf } from "./builders.js";
import { extend } from "./extend.js";
import { full } from "./modules.js";
import * as outbox from "./outbox.js";
import { clientClass } from "./posthog.js";

export const PostHog = clientClass(full, outbox, extend);
export const {
  buildAlias,
  buildBatch,
  buildCapture,
  buildException,
  buildGroupIdentify,
  buildIdentify,
  buildSnapshot,
  lint,
} = buildersOf(full);
export * from "./names.js";
