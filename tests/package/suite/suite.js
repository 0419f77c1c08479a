// Runs every test of the suite on whatever runtime this is, and says how it went.
import { Project } from "./check.js";
import { tests as batch } from "./batch.js";
import { tests as client } from "./client.js";
import { tests as compat } from "./compat.js";
import { tests as compress } from "./compress.js";
import { tests as delivery } from "./delivery.js";
import { tests as domain } from "./domain.js";
import { tests as drainTests } from "./drains.js";
import { tests as events } from "./events.js";
import { tests as flags } from "./flags.js";
import { tests as guard } from "./guard.js";
import { tests as hostile } from "./hostile.js";
import { tests as identity } from "./identity.js";
import { tests as kept } from "./kept.js";
import { tests as keptFlags } from "./kept_flags.js";
import { tests as keptTold } from "./kept_told.js";
import { tests as lint } from "./lint.js";
import { tests as logsnag } from "./logsnag.js";
import { tests as outbox } from "./outbox.js";
import { tests as privacy } from "./privacy.js";
import { tests as profiles } from "./profiles.js";
import { tests as replays } from "./replays.js";
import { tests as requestTests } from "./request.js";
import { tests as pseudonyms } from "./pseudonyms.js";
import { tests as retry } from "./retry.js";
import { tests as sources } from "./sources.js";
import { tests as stripe } from "./stripe.js";
import { tests as testing } from "./testing.js";
import { tests as times } from "./times.js";
import { tests as unchanged } from "./unchanged.js";
import { tests as v1 } from "./v1.js";
import { tests as words } from "./words.js";

const groups = {
  events,
  sources,
  domain,
  stripe,
  profiles,
  unchanged,
  identity,
  privacy,
  pseudonyms,
  replays,
  delivery,
  retry,
  compress,
  times,
  v1,
  batch,
  outbox,
  drains: drainTests,
  hostile,
  guard,
  client,
  lint,
  logsnag,
  compat,
  kept,
  keptFlags,
  keptTold,
  testing,
  words,
  flags,
  request: requestTests,
};

/** What the main entry's client has too is tried on it as well. */
const lean = { events, sources, privacy, delivery, retry, compress, times, words, flags };

/** A client whose drains are those of `posthog-wasm/drain`, with the client's own options. */
function drainingWith({ drainOutbox }, PostHog) {
  return class extends PostHog {
    #given;

    constructor(apiKey, options) {
      super(apiKey, options);
      this.#given = { apiKey, ...options };
    }

    drain(store = this.#given.outbox?.store, call) {
      return drainOutbox(store, { ...this.#given, ...call });
    }
  };
}

/** Nothing that a test does may leave this machine: what would is refused, as if there were no network. */
function stayAtHome() {
  const fetch = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    new URL(input?.url ?? input).hostname === "127.0.0.1"
      ? fetch(input, init)
      : Promise.reject(new TypeError("fetch failed: no network here"));
}

/** `uncaught` is filled by the runner with what reached the runtime's own handlers. */
export async function runSuite(
  {
    client,
    posthog,
    compat,
    drains,
    exceptions,
    flags,
    lints,
    outboxes,
    requests,
    testing,
    receiver,
    runtime,
    minified = false,
    uncaught = [],
  },
) {
  stayAtHome();
  const failures = [];
  let passed = 0;
  const passes = [
    ["", posthog, groups],
    ["lean: ", { ...posthog, ...client }, lean],
    ["outbox alone: ", {
      ...posthog,
      ...outboxes,
      PostHog: drainingWith(drains, outboxes.PostHog),
    }, { outbox, delivery, retry }],
    ["drain alone: ", { ...posthog, PostHog: drainingWith(drains, posthog.PostHog) }, { drains: drainTests }],
  ];
  const all = passes.flatMap(([prefix, posthog, groups]) =>
    Object.entries(groups).flatMap(([group, tests]) =>
      Object.entries(tests).map(([name, test]) => [`${prefix}${group}: ${name}`, posthog, test])
    )
  );
  for (const [name, posthog, test] of all) {
    const projectName = `${runtime}-${passed + failures.length}`;
    const project = new Project(receiver, projectName);
    try {
      await test({
        client,
        posthog,
        compat,
        drains,
        exceptions,
        flags,
        lints,
        outboxes,
        requests,
        testing,
        project,
        minified,
        receiver,
        name: projectName,
      });
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (uncaught.length > 0) {
        throw new Error(`reached the host's uncaught handlers: ${uncaught.splice(0).join("; ")}`);
      }
      passed++;
    } catch (error) {
      failures.push(`${name}\n  ${error?.stack ?? error}`);
    }
  }
  return { runtime, passed, failures };
}
