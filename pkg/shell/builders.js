// The builders: synchronous, deterministic, and plain input for `fetch` as their result.
import { AnalyticsError } from "./error.js";
import { Fault, hasRoom, withInstance } from "./guard.js";
import { line, lines, optionsText, replayLine, tags } from "./input.js";

export const buildCapture = (config, input) => build(config, line(tags.capture, input));
export const buildGroupIdentify = (config, input) => build(config, line(tags.groupIdentify, input));
export const buildIdentify = (config, input) => build(config, line(tags.identify, input));
export const buildAlias = (config, input) => build(config, line(tags.alias, input));

export function buildSnapshot(config, input) {
  const [text, recording] = replayLine(input);
  return build(config, text, undefined, recording?.text);
}

export function buildException(config, input) {
  const [error, context] = apart(input);
  return build(config, line(tags.exception, context), [error]);
}

export const buildBatch = (config, events) => build(config, lines(events));

export function lint(events, config = {}) {
  const [options, text, wall] = [pick(config), lines(events), Date.now()];
  return JSON.parse(run((core) => core.lint(options, wall, text)));
}

function build(config, text, thrown, held) {
  const [options, now, wall] = [pick(config), nowText(config), Date.now()];
  // Thrown where the stack ran out, perhaps, and caught there.
  const [told, body, tail] = run(
    (core) => core.build(options, now, wall, text, thrown),
    thrown !== undefined,
  );
  if (body === undefined) throw new AnalyticsError(JSON.parse(told));
  return { ...JSON.parse(told), body: tail === undefined ? body : body + held + tail };
}

/** The time that a builder is given, as JSON text. */
function nowText(config) {
  try {
    const now = config?.now;
    return now === undefined ? undefined : optionsText(now);
  } catch {
    return "null";
  }
}

/** The options that builders know, as text; none if they cannot be read. */
function pick(config) {
  try {
    const { apiKey, host, allowHttp, groupTypes, ip, privacy } = config ?? {};
    return optionsText({ apiKey, host, allowHttp, groupTypes, ip, privacy });
  } catch {
    return "null";
  }
}

/** The error and its context; a context that cannot be read is refused by `line`. */
function apart(input) {
  try {
    const { error, ...context } = input ?? {};
    return [error, context];
  } catch {
    return [undefined, input];
  }
}

/** A fault of ours is an error with a code, like the caller's own mistakes. */
function run(work, needsRoom = false) {
  try {
    if (needsRoom && !hasRoom()) throw new Fault("the stack is full");
    return withInstance(work);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new AnalyticsError({
      code: "internal",
      message: "a fault of this package; the next call is not affected",
    });
  }
}
