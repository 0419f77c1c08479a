// Every public name of the main entry. What is not here is not public.
export { AnalyticsError } from "./error.js";
export { background } from "./background.js";
export {
  buildAlias,
  buildBatch,
  buildCapture,
  buildException,
  buildGroupIdentify,
  buildIdentify,
  buildSnapshot,
  lint,
} from "./builders.js";
export { PostHog } from "./posthog.js";
export { trusted, verify } from "./groups.js";
