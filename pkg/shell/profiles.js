// Profiles that cannot go backwards, across isolates: the caller's store holds what is newest, and
// a profile is sent only as the store has it.
import { withInstance } from "./guard.js";

/** What no store holds: asked for it, a store says what it does hold, and changes nothing. */
export const UNKNOWN = "?";

/** Enough for a year of one organization's webhooks arriving at once. */
const MAX_TRIES = 50;

/**
 * Puts every ordered profile among `events` through the store. Returns the events to send, and
 * what the store holds: should it know better once they have arrived, that is sent too.
 */
export async function throughStore(store, events) {
  const marks = new Map();
  const through = [];
  for (const event of events) {
    let [key, mark, input] = withInstance((core) => core.merge_profile("", event));
    if (key === undefined) {
      through.push(event);
      continue;
    }
    let stored;
    for (let tries = 0;; tries++) {
      if (tries === MAX_TRIES) throw new Error("the store never agreed");
      const now = await store.compareAndSet(key, stored, mark);
      if (now === mark) break;
      stored = now ?? undefined;
      [key, mark, input] = withInstance((core) => core.merge_profile(stored ?? "", event));
    }
    marks.set(key, mark);
    through.push(input);
  }
  return { events: through, marks };
}

/** The profiles that have become newer since `marks`, which then are what the store holds. */
export async function newer(store, marks) {
  const events = [];
  for (const [key, mark] of marks) {
    const now = await store.compareAndSet(key, mark, mark);
    if (now === mark || typeof now !== "string") continue;
    marks.set(key, now);
    const event = withInstance((core) => core.latest_profile(now));
    if (event) events.push(event);
  }
  return events;
}
