// How input crosses: as JSON text. What `JSON.stringify` does is what happens.
import { withInstance } from "./guard.js";
import { allToWire, toWire } from "./groups.js";

/** As it was when this was loaded: what it writes is not checked again. */
const { stringify } = JSON;

/** Far over what any event may have; longer text is not even handed to Rust, whose memory only grows. */
const MAX_LENGTH = 12_000_000;
const MAX_REPLAY_LENGTH = 25_000_000;

/** The refusals that this package made; nobody else's word counts as one. */
const refusals = new WeakSet();

/** One event's text. Never throws: what cannot be text becomes the reason why. */
export function eventText(kind, input) {
  try {
    if (input === null || typeof input !== "object" || Array.isArray(input)) return "null";
    const crossing = kind === undefined ? { ...input } : { ...input, kind };
    if (crossing.kind === "refused" && !refusals.has(input)) crossing.kind = "";
    // An input's own idea of its JSON could name groups that nobody verified.
    if ("toJSON" in crossing) crossing.toJSON = undefined;
    if ("groups" in crossing) crossing.groups = allToWire(crossing.groups);
    if ("group" in crossing) crossing.group = toWire(crossing.group) ?? undefined;
    const text = stringify(crossing);
    const long = text.length > (kind === "snapshot" ? MAX_REPLAY_LENGTH : MAX_LENGTH);
    return long ? refusalText({ code: "too_large", field: "", message: "larger than PostHog takes" }) : text;
  } catch {
    return refused(input);
  }
}

/** Several events' text: what is wrong with one takes nothing from the others. */
export function eventTexts(events) {
  try {
    return Array.from(Array.isArray(events) ? events : [events], (event) => eventText(undefined, event));
  } catch {
    return [refused(events)];
  }
}

/** How events cross together: one a line. `JSON.stringify` breaks none. */
export const lines = (texts) => texts.join("\n");

/** The reason why something has no text, as an event that Rust refuses with it. */
export function refused(input) {
  let reason = { code: "unreadable", field: "", message: "could not be read" };
  try {
    reason = JSON.parse(withInstance((core) => core.locate(input)));
  } catch {
    // The instance died looking for it; the next call has a new one.
  }
  return refusalText(reason);
}

function refusalText(reason) {
  return stringify({ ...reason, kind: "refused" });
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
