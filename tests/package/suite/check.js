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

  async arrived(events, ms = 3000) {
    const state = await (await fetch(`${this.control}/wait?events=${events}&ms=${ms}`)).json();
    same(state.events.length, events, "events that arrived");
    return state;
  }

  async faults(...faults) {
    await (await fetch(`${this.control}/faults`, { method: "POST", body: JSON.stringify(faults) })).text();
  }
}

/** A client of that project which says nothing on the console, and tries once unless told otherwise. */
export function client(t, options = {}) {
  return new t.posthog.PostHog("phc_test", {
    host: t.project.host,
    logger: () => {},
    maxRetries: 0,
    ...options,
  });
}
