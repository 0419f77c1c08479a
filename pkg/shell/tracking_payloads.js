// What crosses into the module of each function's payload. Picked by name, and objects spread here: what is undefined
// or no object follows JavaScript's rules, and JSON text would not know it.
import { compat } from "./modules.js";
import { Recording } from "./recording.js";
import { fingerprintAsItWas, framesAsTheyWere } from "./tracking_kept.js";

/** Over what PostHog takes of one event, whose tags cross twice; longer text does not enter the module, whose memory only grows. */
const MAX_LENGTH = 2_000_000;
/** The same where it is to be PostHog's to refuse. No flag takes it away: docs/replacing-your-own-tracking.md says so. */
const MAX_KEPT_LENGTH = 8_000_000;

const TOO_LARGE = { code: "too_large", field: "payload", message: "is larger than PostHog takes" };

/** A payload's text, unless it is too long, and why. */
export function crossing(payload, kept) {
  const text = JSON.stringify(payload);
  const most = kept("keepInvalid") ? MAX_KEPT_LENGTH : MAX_LENGTH;
  return text.length > most ? { refusal: TOO_LARGE } : { text };
}

export function capturePayload(payload, kept) {
  const { event, user_id, distinct_id, channel, description, ip, tags, nonPersonTags, timestamp } = payload;
  // What is no object is refused, under its name.
  const spread = (value) => isObject(value) || kept("keepInvalid") ? value : undefined;
  const set = payload.setPersonProperties !== false;
  const groups = groupsOf(payload.groups, kept);
  const properties = { ...spread(nonPersonTags), ...spread(tags) };
  // A member that JSON leaves out has its place all the same, which the payload's own takes.
  const own = { channel, description, $set: set ? tags : undefined, $groups: groups };
  for (const [name, value] of Object.entries(own)) {
    const isLeftOut = Object.hasOwn(properties, name) && JSON.stringify(properties[name]) === undefined;
    if (isLeftOut) properties[name] = value;
  }
  return {
    event,
    id: user_id || distinct_id || undefined,
    channel,
    description,
    properties,
    tags,
    set,
    groups,
    ip,
    timestamp,
  };
}

/** Why an event is refused that Rust does not see whole. */
export function captureRefusal({ nonPersonTags }, kept) {
  if (kept("keepInvalid") || nonPersonTags === undefined || nonPersonTags === null) return undefined;
  if (isObject(nonPersonTags)) return undefined;
  return { code: "invalid_type", field: "nonPersonTags", message: "must be an object" };
}

/** Only an object with something in it counts. What is none, Rust refuses, unless that is kept. */
function groupsOf(groups, kept) {
  if (groups === undefined || groups === null) return undefined;
  if (typeof groups !== "object") return kept("keepInvalid") ? undefined : groups;
  return Object.keys(groups).length > 0 ? groups : undefined;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export function groupIdentifyPayload({ groupType, groupKey, properties }, kept) {
  const distinctId = kept("keepGroups") ? `$${groupType}_${groupKey}` : undefined;
  return { groupType, groupKey, distinctId, properties };
}

/** `thrown` is the error as the host describes it, `about` what the context and the environment say. */
export function exceptionPayload({ functionName, kind, status }, { name, message, stack }, about, kept) {
  const distinctId = `backend:${about.environment}:${functionName}`;
  const [keepFrames, keepFingerprint] = [kept("keepFrames"), kept("keepFingerprint")];
  const frames = keepFrames || keepFingerprint ? framesAsTheyWere(stack, functionName) : undefined;
  return {
    distinctId,
    functionName,
    kind,
    status,
    method: about.method,
    requestId: about.requestId,
    urlPath: about.urlPath,
    name,
    message,
    stack: keepFrames && keepFingerprint ? undefined : stack,
    frames: keepFrames ? frames : undefined,
    fingerprint: keepFingerprint ? fingerprintAsItWas(distinctId, kind, name, frames, status) : undefined,
  };
}

export function snapshotPayload(payload) {
  const { currentUrl, distinctId, lib, libVersion, sessionId, timestamp, userId, windowId } = payload;
  return {
    currentUrl,
    distinctId,
    lib,
    libVersion,
    sessionId,
    timestamp,
    userId,
    windowId,
    email: payload.userEmail || undefined,
    snapshotBytes: payload.snapshotBytes ?? undefined,
  };
}

/** A replay's events, which do not cross. */
export function heldEvents({ events }, kept) {
  const text = JSON.stringify(events);
  if (text === undefined) return undefined;
  return kept("keepInvalid")
    ? { text, bytes: new TextEncoder().encode(text).length }
    : new Recording(compat, text);
}
