// The domain functions: a row or a webhook in, events for `track` out. None of them throws but
// `fromClient`, whose caller answers a client.
import { ignoreErrors } from "./ignore_errors.js";
import { AnalyticsError } from "./error.js";
import { allToWire, fromWire, toWire } from "./groups.js";
import { withInstance } from "./guard.js";
import { asRefusal, lines, reasonOf } from "./input.js";
import { decideNotifications } from "./notifications.js";

const rows = (name) => (row, extra) =>
  said(extra, () => {
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

export function stripeEvent(event, context) {
  let decide;
  return said(context, () => {
    const { organization, organizationName, notifications, notification } = context;
    // Facts are for callbacks; one notification for all events leaves none to decide on.
    const facts = notification === undefined && typeof notifications === "object" && notifications !== null;
    if (facts) {
      const known = { stripeEvent: event, organization, organizationName };
      decide = (events, warnings) => decideNotifications(events, notifications, known, warnings);
    }
    const more = { organization: toWire(organization) || false, facts, notifications: undefined };
    const [webhook, whose] = [text(event), extraText(context, more)];
    return (core) => core.stripe_to_events(webhook, whose);
  }, (events, warnings) => {
    decide?.(events, warnings);
    if (events.length === 0 && warnings.some(({ code }) => code === "unknown_plan")) {
      logUnknownPlan(event, context);
    }
  });
}

/** Where nothing is sent, no outcome says why. */
function logUnknownPlan({ type }, { onWarning }) {
  if (typeof onWarning === "function") return;
  const record = { event: type, warnings: ["unknown_plan: nothing is sent of a product that is in no plan"] };
  ignoreErrors(() => console.warn("posthog-wasm", JSON.stringify(record)));
}

export function foldProfiles(events) {
  const inputs = lines(events);
  return allFromWire(JSON.parse(withInstance((core) => core.fold(inputs))));
}

export function fromClient(request, identity) {
  const whose = text({ distinctId: identity?.distinctId, groups: allToWire(identity?.groups) });
  const asked = requestText(request);
  const { events, warnings, error } = JSON.parse(withInstance((core) => core.client_to_event(asked, whose)));
  if (error) throw new AnalyticsError(error);
  const [event] = allFromWire(events);
  if (warnings.length > 0) event.warnings = warnings;
  return event;
}

/** Runs a domain function. What it could not make out is told, or goes along to the outcome. */
function said(extra, prepare, finish) {
  try {
    const { events, warnings } = JSON.parse(withInstance(prepare()));
    const made = allFromWire(events);
    finish?.(made, warnings);
    if (typeof extra?.onWarning === "function") {
      for (const warning of warnings) ignoreErrors(() => extra.onWarning(warning));
    } else if (warnings.length > 0 && made.length > 0) {
      made[0].warnings = warnings;
    }
    return made;
  } catch (error) {
    // Input that has no JSON, or a fault of ours: `track` will say which.
    const reason = error instanceof Unreadable ? error.reason : reasonOf(undefined);
    return [asRefusal({ ...reason, kind: "refused" })];
  }
}

class Unreadable extends Error {
  constructor(reason) {
    super(reason.message);
    this.reason = reason;
  }
}

/** A row, a webhook or what a caller adds; none that is longer enters the module, whose memory only grows. */
const MAX_LENGTH = 2_000_000;
/** An honest client's request is a few hundred bytes. */
export const MAX_REQUEST_LENGTH = 64_000;

function text(input, most = MAX_LENGTH) {
  let made;
  try {
    made = JSON.stringify(input) ?? "null";
  } catch {
    throw new Unreadable(reasonOf(input));
  }
  if (made.length > most) {
    const message = `is over ${most / 1000} kB`;
    throw new Unreadable({ code: "too_large", field: "", message });
  }
  return made;
}

function requestText(request) {
  try {
    return text(request, MAX_REQUEST_LENGTH);
  } catch (error) {
    throw new AnalyticsError(error.reason);
  }
}

/** What a caller adds or overrides, as text. Rust picks what it knows. */
function extraText(extra, more) {
  if (extra === undefined || extra === null) return "null";
  return text({ ...extra, groups: allToWire(extra.groups), ...more, toJSON: undefined });
}

/** Groups that Rust took from a trusted row or a verified one are verified groups again. */
function allFromWire(events) {
  for (const event of events) {
    asRefusal(event);
    if (Array.isArray(event.groups)) event.groups = event.groups.map(fromWire);
    if (event.group) event.group = fromWire(event.group);
  }
  return events;
}
