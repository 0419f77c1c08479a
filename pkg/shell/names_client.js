// What the main entry has.
import { client } from "./modules.js";
import { clientClass } from "./posthog.js";

export const PostHog = clientClass(client);
export * from "./names.js";
