// What a request's events say of it. What a call says itself wins. What cannot be read, or is no event, stays as it is:
// the client refuses it and says why.
import { found } from "./clients.js";
import { ignoreErrors } from "./ignore_errors.js";
import { methodOf, pathOf } from "./request_read.js";

/** It has a short form, which PostHog wants to stay short. */
const FLAG_CALLED = "$feature_flag_called";
/** What changes a profile, of an event's properties. */
const PROFILE = ["$set", "$set_once", "$unset"];
const NO_PROFILE =
  "is left out: a header's distinct id changes no profile, only setDistinctId's or the call's own";

const isMissing = (value) => value === undefined || value === null;
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const filled = (input, fill) => ignoreErrors(() => isRecord(input) ? fill() : input) ?? input;

/** An event, with all that is known. */
export function described(scope, input) {
  const warnings = [];
  return told(scope, input, describe(scope, input, warnings), warnings);
}

function describe(scope, input, warnings) {
  return filled(input, () => {
    const event = withRequest(scope, input);
    // A source's fact has one id, whoever reports it, and its person is part of that id.
    if (!isMissing(input.source)) return event;
    const known = ofPerson(scope, event, warnings);
    if (known) return known;
    const group = Array.isArray(event.groups) && event.groups.find((group) => !isMissing(group));
    if (group) return { ...event, distinctId: group.key };
    return { ...event, distinctId: scope.anonymousId, personless: input.personless ?? true };
  });
}

/** What `track` takes: profiles of groups are no events of the request. */
export function trackedOf(scope, events) {
  const warnings = [];
  const one = (event, path = "") => {
    if (ignoreErrors(() => event.kind) !== "capture") return event;
    const own = [];
    const known = describe(scope, event, own);
    warnings.push(...own.map((warning) => ({ ...warning, field: path + warning.field })));
    return known;
  };
  const isSeveral = ignoreErrors(() => events.length > 1);
  const given = ignoreErrors(() =>
    Array.isArray(events)
      ? Array.from(events, (event, at) => one(event, isSeveral ? `events[${at}].` : ""))
      : one(events)
  );
  return told(scope, events, given ?? events, warnings);
}

/** Of an exception of nobody the client makes what it always does. */
export function exceptionOf(scope, context) {
  const input = typeof context === "string" ? { distinctId: context } : context ?? {};
  const known = { $request_method: methodOf(scope.request), $request_path: pathOf(scope.request) };
  const warnings = [];
  const given = filled(input, () => {
    const event = withRequest(scope, input, known);
    return isMissing(input.source) ? ofPerson(scope, event, warnings) ?? event : event;
  });
  return told(scope, input, given, warnings);
}

/** What is given to the client; its outcome tells what was found. What could not be read tells nothing. */
function told(scope, input, given, warnings) {
  if (given !== input) {
    ignoreErrors(() => found.set(given, [...found.get(input) ?? [], ...warnings, ...scope.untold()]));
  }
  return given;
}

/** The event of whom the call names, else the application, else the header; of nobody else. */
function ofPerson(scope, event, warnings) {
  const distinctId = event.distinctId ?? scope.ownDistinctId;
  if (!isMissing(distinctId)) return { ...event, distinctId };
  const claimed = scope.tracing.distinctId;
  return claimed && { ...withoutProfile(event, warnings), distinctId: claimed };
}

/** Whoever sends a header may claim to be anybody: the event is sent, but without what changes a profile. */
function withoutProfile({ ...event }, warnings) {
  const leaveOut = (of, name, field) => {
    if (isMissing(of[name])) return;
    delete of[name];
    warnings.push({ code: "missing_distinct_id", field, message: NO_PROFILE });
  };
  for (const name of ["set", "setOnce"]) leaveOut(event, name, name);
  if (isRecord(event.properties)) {
    event.properties = { ...event.properties };
    for (const name of PROFILE) leaveOut(event.properties, name, `properties.${name}`);
  }
  return event;
}

/** A person is changed for whom the application vouches: nobody may do that to somebody else with a header. */
export function personOf(scope, input) {
  const known = () => ({ ...input, distinctId: input.distinctId ?? scope.ownDistinctId });
  return told(scope, input, filled(input, known), []);
}

export function snapshotOf(scope, input) {
  return filled(input, () => ({
    ...input,
    distinctId: input.distinctId ?? scope.distinctId,
    sessionId: input.sessionId ?? scope.tracing.sessionId,
  }));
}

function withRequest(scope, input, known) {
  const { groups, properties, event } = input;
  return {
    ...input,
    groups: groupsOf(scope.groups, groups),
    properties: propertiesOf(properties, {
      ...scope.properties,
      ...present({
        $session_id: scope.tracing.sessionId,
        $request_id: event === FLAG_CALLED ? undefined : scope.requestId,
        ...known,
      }),
    }),
  };
}

/** The event's own groups, and of other types the request's. */
export function groupsOf(known, own) {
  if (known.length === 0) return own;
  if (isMissing(own)) return known;
  if (!Array.isArray(own)) return own;
  const types = new Set(own.map((group) => group?.type));
  return [...own, ...known.filter(({ type }) => !types.has(type))];
}

const present = (properties) =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

function propertiesOf(given, known) {
  const own = typeof given?.toJSON === "function" ? given.toJSON() : given;
  return isMissing(own) || isRecord(own) ? { ...known, ...own } : given;
}
