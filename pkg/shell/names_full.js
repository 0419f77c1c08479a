// What `posthog-wasm/full` has: the same names as the main entry.
import { drain } from "./drain.js";
import { extend } from "./extend.js";
import { full } from "./modules.js";
import { askOutbox, outboxSetting, storeFlag } from "./outbox.js";
import { clientClass } from "./posthog.js";

export const PostHog = clientClass(full, { askOutbox, drain, outboxSetting, storeFlag }, extend);
export * from "./names.js";
