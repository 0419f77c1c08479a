// How input crosses: as JSON text. What `JSON.stringify` does is what happens.
import { enter, Fault } from "./guard.js";
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
    return JSON.stringify({ ...reason(input), kind: "refused" });
  }
}

/** Several events' text: what is wrong with one takes nothing from the others. */
export function eventsText(events) {
  return `[${events.map((event) => eventText(undefined, event)).join()}]`;
}

function reason(input) {
  try {
    return enter((core) => core.locate(input));
  } catch (error) {
    if (error instanceof Fault) {
      return { code: "unreadable", field: "", message: "could not be read" };
    }
    throw error;
  }
}

/** Options as text; `null` if they are no options. */
export function optionsText(options) {
  try {
    return JSON.stringify(options) ?? "null";
  } catch {
    return "null";
  }
}
