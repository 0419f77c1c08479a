// The little that a suite needs which runs on every runtime from one source.

/** Fails unless both are the same JSON. */
export function same(actual, expected, what = "") {
  const [a, b] = [shown(actual), shown(expected)];
  if (a !== b) throw new Error(`${what}\n  actual   ${a}\n  expected ${b}`);
}

export function truthy(value, what) {
  if (!value) throw new Error(what);
}

/** Keys in one order, so that only content counts. */
function shown(value) {
  return JSON.stringify(
    value,
    (_, part) =>
      part && typeof part === "object" && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
  );
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A local PostHog's project of its own for one test. */
export class Project {
  constructor(receiver, name) {
    this.host = `${receiver}/p/${name}`;
    this.control = `${receiver}/_control/${name}`;
  }

  async state() {
    return await (await fetch(this.control)).json();
  }

  async arrived(events, ms = 15_000) {
    const state = await (await fetch(`${this.control}/wait?events=${events}&ms=${ms}`)).json();
    same(state.events.length, events, "events that arrived");
    return state;
  }

  async faults(...faults) {
    await (await fetch(`${this.control}/faults`, { method: "POST", body: JSON.stringify(faults) })).text();
  }
}

/**
 * A client of that project which says nothing on the console, and tries once unless told otherwise. Its budget is one
 * that a machine which does five other things keeps too.
 */
export function client(t, options = {}) {
  return new t.posthog.PostHog("phc_test", {
    host: t.project.host,
    logger: () => {},
    maxRetries: 0,
    budgetMs: 20_000,
    ...options,
  });
}

/** What calls come to that are made while the clock stands still (0), or moves by so many hours whenever it is read. */
export async function withMovedClock(hour, makeCalls) {
  const { setTimeout, clearTimeout, Date } = globalThis;
  const { now } = performance;
  const started = Date.now();
  let reads = 0;
  class Moved extends Date {
    static now() {
      return Date.now() + hour * 3_600_000 * reads++;
    }
  }
  Object.assign(globalThis, { setTimeout: () => 0, clearTimeout() {}, Date: Moved });
  performance.now = () => hour * 3_600_000 * reads++;
  const outcomes = await Promise.all(makeCalls()).finally(() => {
    Object.assign(globalThis, { setTimeout, clearTimeout, Date });
    performance.now = now;
  });
  const took = Date.now() - started;
  truthy(took < 3000, `${took} ms`);
  return outcomes;
}
