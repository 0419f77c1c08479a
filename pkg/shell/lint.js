// What `posthog-wasm/lint` has: what would become of events that are not sent.
import { AnalyticsError } from "./error.js";
import { ignoreErrors } from "./ignore_errors.js";
import { line, lines, optionsText, tags } from "./input.js";
import { builders as module } from "./modules.js";

export { AnalyticsError } from "./error.js";

/** The method that each kind is given to. The others are `track`'s, which says of an unknown one that it is none. */
const METHODS = new Map(
  ["ai", "alias", "exception", "identify", "snapshot"].map((kind) => [kind, tags[kind]]),
);

export function lint(events, options) {
  const [settings, wall, text] = [pick(options), Date.now(), linesOf(events)];
  return answered((core) => core.lint(settings, wall, text));
}

export function estimate(events, options) {
  const [settings, wall, text] = [pick(options), Date.now(), linesOf(events)];
  const counted = answered((core) => core.estimate(settings, wall, text));
  if (counted.code) throw new AnalyticsError(counted);
  return counted;
}

/** What is longer is refused by Rust, which knows how much PostHog takes; all events together may have 8 MB. */
const MAX_LENGTHS = { [tags.ai]: 9_000_000, [tags.snapshot]: 9_000_000 };

const linesOf = (events) => lines(events, lineOf);

function lineOf(event) {
  const tag = METHODS.get(ignoreErrors(() => event.kind)) ?? tags.track;
  // What was thrown has no JSON.
  const given = tag === tags.exception
    ? ignoreErrors(() => ({ ...event, error: undefined })) ?? event
    : event;
  return line(tag, given, MAX_LENGTHS[tag]);
}

/** The options that decide what becomes of an event, as text; none if they cannot be read. */
function pick(options) {
  try {
    const { groupTypes, ip, privacy, protocol } = options ?? {};
    return optionsText({ groupTypes, ip, privacy, protocol });
  } catch {
    return "null";
  }
}

/** A fault of ours is an error with a code. */
function answered(ask) {
  try {
    return JSON.parse(module.compute(ask));
  } catch (error) {
    throw new AnalyticsError(error.mistake);
  }
}
