// How input crosses: a line for each event, with a tag, what only the shell may say, a tab, and the event's JSON text.
// What `JSON.stringify` does is what happens; it writes neither tabs nor line breaks.
import { found } from "./clients.js";
import { withFlags } from "./flag_properties.js";
import { wireText, wireTexts } from "./groups.js";
import { ignoreErrors } from "./ignore_errors.js";
import { Recording } from "./recording.js";
import { findUnserializable } from "./unserializable.js";

/** As it was when this was loaded: what it writes is not checked again. */
const { stringify } = JSON;

/** Over what any event may have; longer text is not even handed to Rust, whose memory only grows. */
const MAX_LENGTH = 1_500_000;
/** So much of an event's name is told; PostHog has no longer ones. */
const MAX_NAME_LENGTH = 200;
/** What one call may have. */
const MAX_CALL_LENGTH = 8_000_000;

/** The refusals that this package made; nobody else's word counts as one. */
const refusals = new WeakSet();

export const tags = {
  ai: "m",
  alias: "a",
  capture: "c",
  exception: "e",
  groupIdentify: "g",
  identify: "i",
  snapshot: "s",
  track: "t",
};

/** The events that each method sends; `capture` and `track` are told their names. */
const EVENTS = {
  a: "$create_alias",
  e: "$exception",
  g: "$groupidentify",
  i: "$identify",
  s: "$snapshot",
};

/** The name of an event, for whoever is told of it; what has none, or cannot be read, is nameless. */
export function nameOf(tag, input) {
  return EVENTS[tag] ?? ignoreErrors(() => {
    const { kind, event } = input;
    return kind === "group_identify" ? EVENTS.g : event.slice(0, MAX_NAME_LENGTH);
  }) ?? "";
}

/** The names of what one call is given, and what was found of it before. */
export const namesOfOne = (tag, input) => withFound([nameOf(tag, input)], input);

export function namesOf(events) {
  const named = (event) => nameOf(tags.track, event);
  const names = ignoreErrors(() => Array.from(Array.isArray(events) ? events : [events], named));
  return withFound(names ?? [], events);
}

function withFound(names, input) {
  const told = found.get(input);
  if (told) names.found = told;
  return names;
}

/** One event's line. Never throws: what cannot be text becomes the reason why. */
export function line(tag, input, most = MAX_LENGTH) {
  try {
    if (input === null || typeof input !== "object" || Array.isArray(input)) return `${tag}\tnull`;
    if (refusals.has(input)) return `!\t${stringify(input)}`;
    if (input.flags !== undefined && (tag === "c" || tag === "e" || input.kind === "capture")) {
      input = withFlags(input);
    }
    // Read before the text is made, so that nothing the text says of them counts.
    const { groups, group } = input;
    const beside = groups === undefined && group === undefined
      ? ""
      : `[${wireTexts(groups)},${wireText(group)}]`;
    const text = textOf(input);
    if (text.length > most) return tooLarge(largestField(input), TOO_LARGE);
    return `${tag}${beside}\t${text}`;
  } catch {
    return refusalLine(findUnserializable(input));
  }
}

/** An event's JSON. Its groups count for nothing there, so trouble with them is none; its own `toJSON` is not asked. */
function textOf(input) {
  const plain = input.toJSON === undefined ? input : { ...input, toJSON: undefined };
  try {
    return stringify(plain);
  } catch {
    return stringify({ ...plain, groups: undefined, group: undefined });
  }
}

const trackLine = (event) => line(tags.track, event);

/** The lines of several events: what is wrong with one takes nothing from the others. */
export function lines(events, lineOf = trackLine) {
  let length = 0;
  try {
    return Array.from(Array.isArray(events) ? events : [events], (event) => {
      const text = lineOf(event);
      length += text.length;
      return length <= MAX_CALL_LENGTH
        ? text
        : tooLarge("", "is behind the 8 MB that one call takes: send it with another call");
    }).join("\n");
  } catch {
    return refusalLine(findUnserializable(events));
  }
}

/** A replay's line, and the recording that is held. */
export function replayLine(module, input) {
  try {
    if (input === null || typeof input !== "object" || Array.isArray(input)) {
      return [line(tags.snapshot, input)];
    }
    const { events, ...rest } = input;
    if (!Array.isArray(events) || events.length === 0) {
      return [line(tags.snapshot, { ...rest, events: null })];
    }
    const recording = new Recording(module, stringify(events));
    if (recording.refusal) return [refusalLine(recording.refusal)];
    const text = stringify(rest);
    if (text.length > MAX_LENGTH) return [tooLarge(largestField(rest), TOO_LARGE)];
    return [`s${recording.bytes}${recording.mended ? "~" : ""}\t${text}`, recording];
  } catch {
    return [refusalLine(findUnserializable(input))];
  }
}

/** A line that Rust refuses with the reason in it. */
const refusalLine = (reason) => `!\t${stringify(reason)}`;

const TOO_LARGE = "makes the event larger than PostHog takes (about 1 MB)";

const tooLarge = (field, message) => refusalLine({ code: "too_large", field, message });

/** What to blame. */
function largestField(input) {
  let [largest, most] = ["", 0];
  for (const [name, value] of Object.entries(input)) {
    const { length } = stringify(value) ?? "";
    if (length > most) [largest, most] = [name, length];
  }
  return largest.slice(0, 80);
}

/** An event that `track` will refuse with the reason in it. */
export function asRefusal(event) {
  if (event.kind === "refused") refusals.add(event);
  return event;
}

/** Options as text; `null` if they are no options. */
export function optionsText(options) {
  try {
    return stringify(options) ?? "null";
  } catch {
    return "null";
  }
}
