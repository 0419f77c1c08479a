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
export {
  appCreated,
  buildStatusChanged,
  bundleCreated,
  bundleDeployed,
  bundleUploadFailed,
  creditUsageAlert,
  foldProfiles,
  fromClient,
  onboardingNeeded,
  organizationCreated,
  planUpgradeNeeded,
  planUsageAlert,
  stripeEvent,
  uploadLinkCreated,
  userCreated,
} from "./domain.js";
export { resolveTrackingIdentity } from "./identity.js";
export { PostHog } from "./posthog.js";
export { databaseSource, queueSource, stripeSource } from "./sources.js";
export { trusted, verify } from "./groups.js";
