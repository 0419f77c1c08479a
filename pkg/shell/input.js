// How input crosses: as JSON text. What `JSON.stringify` does is what happens.
import { enter } from "./guard.js";
import { seal, sealAll } from "./groups.js";

/** One event's text. Never throws: what cannot be text becomes the reason why. */
export function eventText(kind, input) {
  try {
    if (input === null || typeof input !== "object" || Array.isArray(input)) {
      return "null";
    }
    const crossing = kind === undefined ? { ...input } : { ...input, kind };
    if ("groups" in crossing) crossing.groups = sealAll(crossing.groups);
    if ("group" in crossing) crossing.group = seal(crossing.group) ?? undefined;
    return JSON.stringify(crossing);
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

export function eventsText(events) {
  return `[${eventTexts(events).join()}]`;
}

/** The reason why something has no text, as an event that Rust refuses with it. */
export function refused(input) {
  let reason = { code: "unreadable", field: "", message: "could not be read" };
  try {
    reason = enter((core) => core.locate(input));
  } catch {
    // The instance died looking for it; the next call has a new one.
  }
  return JSON.stringify({ ...reason, kind: "refused" });
}

/** Options as text; `null` if they are no options. */
export function optionsText(options) {
  try {
    return JSON.stringify(options) ?? "null";
  } catch {
    return "null";
  }
}
