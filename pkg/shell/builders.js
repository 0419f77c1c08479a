// What `posthog-wasm/builders` has: synchronous, deterministic, and plain input for `fetch` as their result.
import { AnalyticsError } from "./error.js";
import { Fault, hasRoom, stackIsFull } from "./guard.js";
import { line, lines, optionsText, replayLine, tags } from "./input.js";
import { builders as module } from "./modules.js";
import { thrownText } from "./thrown.js";

export { AnalyticsError } from "./error.js";
export { trusted, verify } from "./groups.js";
export { databaseSource, queueSource, stripeSource } from "./sources.js";

export const buildAlias = one(tags.alias);
export const buildBatch = (config, events) => build(config, lines(events));
export const buildCapture = one(tags.capture);
export const buildGroupIdentify = one(tags.groupIdentify);
export const buildIdentify = one(tags.identify);

export function buildException(config, input) {
  const [error, context] = apart(input);
  return build(config, line(tags.exception, context), thrownText(error));
}

export function buildSnapshot(config, input) {
  const [text, recording] = replayLine(module, input);
  return build(config, text, undefined, recording?.text);
}

function one(tag) {
  return (config, input) => build(config, line(tag, input));
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
function run(work, needsRoom) {
  try {
    if (needsRoom && !hasRoom()) throw stackIsFull();
    return module.enter(work);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new AnalyticsError(error.mistake);
  }
}
