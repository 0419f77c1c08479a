// The builders: synchronous, deterministic, and plain input for `fetch` as their result.
import { AnalyticsError } from "./error.js";
import { Fault, withInstance } from "./guard.js";
import { eventText, eventTexts, lines, optionsText } from "./input.js";

export const buildCapture = (config, input) => build(config, eventText("capture", input));
export const buildGroupIdentify = (config, input) => build(config, eventText("group_identify", input));
export const buildIdentify = (config, input) => build(config, eventText("identify", input));
export const buildAlias = (config, input) => build(config, eventText("alias", input));
export const buildSnapshot = (config, input) => build(config, eventText("snapshot", input));

export function buildException(config, input) {
  const [error, context] = apart(input);
  return build(config, eventText("exception", context), [error]);
}

export function buildBatch(config, events) {
  return build(config, lines(eventTexts(events)), undefined, true);
}

export function lint(events, config = {}) {
  const [options, inputs] = [pick(config), lines(eventTexts(events))];
  return JSON.parse(run((core) => core.lint(options, inputs)));
}

function build(config, events, thrown, track = false) {
  const options = pick(config);
  const [told, body] = run((core) => core.build(options, events, track, thrown));
  if (body === undefined) throw new AnalyticsError(JSON.parse(told));
  return { ...JSON.parse(told), body };
}

/** The options that builders know, as text; none if they cannot be read. */
function pick(config) {
  try {
    const { apiKey, host, allowHttp, now, groupTypes, ip, privacy } = config ?? {};
    return optionsText({ apiKey, host, allowHttp, now, groupTypes, ip, privacy });
  } catch {
    return "null";
  }
}

/** The error and its context; a context that cannot be read is refused by `eventText`. */
function apart(input) {
  try {
    const { error, ...context } = input ?? {};
    return [error, context];
  } catch {
    return [undefined, input];
  }
}

/** A fault of ours is an error with a code, like the caller's own mistakes. */
function run(work) {
  try {
    return withInstance(work);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new AnalyticsError({
      code: "internal",
      message: "a fault of this package; the next call is not affected",
    });
  }
}
