// What `posthog-wasm/lifecycle` has: the product's rows, and what clients report. None of them throws but `fromClient`,
// whose caller answers a client.
import { allFromWire, extraText, requestText, said, text } from "./domain.js";
import { AnalyticsError } from "./error.js";
import { allToWire } from "./groups.js";
import { lifecycle } from "./modules.js";

export { AnalyticsError } from "./error.js";
export { resolveTrackingIdentity } from "./identity.js";

const rows = (name) => (row, extra) =>
  said(lifecycle, extra, () => {
    const [columns, more] = [text(row), extraText(extra)];
    return (core) => core.row_to_events(name, columns, more);
  });

export const appCreated = rows("appCreated");
export const buildStatusChanged = rows("buildStatusChanged");
export const bundleCreated = rows("bundleCreated");
export const bundleDeployed = rows("bundleDeployed");
export const bundleUploadFailed = rows("bundleUploadFailed");
export const creditUsageAlert = rows("creditUsageAlert");
export const onboardingNeeded = rows("onboardingNeeded");
export const organizationCreated = rows("organizationCreated");
export const planUpgradeNeeded = rows("planUpgradeNeeded");
export const planUsageAlert = rows("planUsageAlert");
export const uploadLinkCreated = rows("uploadLinkCreated");
export const userCreated = rows("userCreated");

export function fromClient(request, identity) {
  const whose = text({ distinctId: identity?.distinctId, groups: allToWire(identity?.groups) });
  const asked = requestText(request);
  const { events, warnings, error } = answered((core) => core.client_to_event(asked, whose));
  if (error) throw new AnalyticsError(error);
  const [event] = allFromWire(events);
  if (warnings.length > 0) event.warnings = warnings;
  return event;
}

/** What the module says, or an error with a code if it cannot. */
function answered(ask) {
  try {
    return JSON.parse(lifecycle.compute(ask));
  } catch (error) {
    throw new AnalyticsError(error.mistake);
  }
}
