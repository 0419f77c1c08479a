// What `posthog-wasm/outbox` has: the same names as the main entry; its client writes into an outbox.
import { outbox } from "./modules.js";
import { askOutbox, outboxSetting, storeFlag } from "./outbox.js";
import { clientClass } from "./posthog.js";

export const PostHog = clientClass(outbox, { askOutbox, outboxSetting, storeFlag });
export * from "./names.js";
