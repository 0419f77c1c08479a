// The instance dies: under a call, and between two awaits of twenty. The trap is a real one: the
// module's memory is overwritten while it runs.
import { client, same, sleep, truthy } from "./check.js";

const memories = [];
/** The newest of each module, by one of its exports. */
const modules = { estimate: undefined, row_to_events: undefined, stripe_to_events: undefined };
const Instance = WebAssembly.Instance;

/** Sees the memory of every instance; in place before the package makes its first. */
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  const { exports } = instance;
  // The full client's.
  if ("drain" in exports && "deliver" in exports) memories.push(exports.memory);
  for (const name of Object.keys(modules)) if (name in exports) modules[name] = exports.memory;
  return instance;
};

const corrupt = (memory = memories.at(-1)) => new Uint8Array(memory.buffer).fill(0xff);

const EVENT = { event: "Ping", distinctId: "u" };

export const tests = {
  async "a trap under a call fails that call, and the next is sent"(t) {
    const before = memories.length;
    const fetch = () => {
      corrupt();
      return Promise.resolve(new Response("{}"));
    };
    const outcome = await client(t, { fetch }).capture(EVENT);
    same([outcome.status, outcome.error?.code], ["failed", "internal"]);
    same((await client(t).capture(EVENT)).status, "accepted");
    truthy(memories.length > before, "replaced");
  },

  async "a trap after an await settles all twenty calls in flight"(t) {
    const answers = [];
    const fetch = () => new Promise((resolve) => answers.push(resolve));
    const posthog = client(t, { fetch, budgetMs: 2000 });
    const calls = Array.from({ length: 20 }, () => posthog.capture(EVENT));
    same(answers.length, 20, "in flight");
    corrupt();
    for (const answer of answers) answer(new Response('{"status":"Ok"}'));
    const outcomes = await Promise.all(calls);
    same(outcomes.map(({ status }) => status), Array(20).fill("failed"));
    same((await client(t).capture(EVENT)).status, "accepted");
  },

  async "calls that wait for a dead instance end with their budget"(t) {
    const posthog = client(t, { fetch: () => new Promise(() => {}), budgetMs: 100 });
    const calls = [posthog.capture(EVENT), posthog.capture(EVENT)];
    corrupt();
    same((await Promise.all(calls)).map(({ status }) => status), ["failed", "failed"]);
    same((await client(t).capture(EVENT)).status, "accepted");
  },

  async "a call that nobody outside has heard of begins again on the new instance"(t) {
    const waiting = [];
    const held = [];
    const profileStore = {
      compareAndSet: (_key, _expected, mark) => new Promise((resolve) => waiting.push(() => resolve(mark))),
    };
    const organization = t.posthog.trusted("organization", "org_again", "a test");
    const webhook = {
      id: "evt_again",
      type: "customer.subscription.created",
      created: 1767323045,
      data: {
        object: { id: "sub_1", status: "active", items: { data: [{ price: { id: "p", product: "q" } }] } },
      },
    };
    const events = t.posthog.stripeEvent(webhook, { organization, plans: [{ name: "Solo", product: "q" }] });
    const innocent = client(t, { profileStore, budgetMs: 3000 }).track(events);
    same(waiting.length, 1, "asked of the profile store");
    // One whose request is on its way cannot be begun again: it may have arrived.
    const begun = client(t, { fetch: () => new Promise((resolve) => held.push(resolve)), budgetMs: 300 })
      .capture(EVENT);
    corrupt();
    same((await client(t).capture(EVENT)).status, "failed");
    waiting.shift()();
    for (let tries = 0; waiting.length === 0 && tries < 100; tries++) await sleep(5);
    for (const answer of waiting.splice(0)) answer();
    const more = setInterval(() => waiting.splice(0).forEach((answer) => answer()), 5);
    const outcome = await innocent;
    clearInterval(more);
    same([outcome.status, outcome.events.length], ["accepted", events.length]);
    same([(await begun).status, (await begun).error.code], ["failed", "internal"]);
  },

  async "nothing but a trap costs the instance"(t) {
    const answers = [];
    const slow = client(t, { fetch: () => new Promise((resolve) => answers.push(resolve)), budgetMs: 5000 });
    const innocent = Array.from({ length: 20 }, () => slow.capture(EVENT));
    const before = memories.length;
    const quiet = t.compat.createTracking({
      getEnv: (_, name) => ({ POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: t.project.host })[name],
      log() {},
      logError() {},
    });
    const trap = () => {
      throw new WebAssembly.RuntimeError("somebody else's");
    };
    const strange = [1, true, [], [1], "text", { id: 7 }, new Map(), Symbol("s"), 5n];
    const profile = { compareAndSet: async () => strange[Math.floor(Math.random() * strange.length)] };
    await Promise.all([
      ...strange.map((answer) => {
        const store = Object.fromEntries(
          ["put", "claim", "delete", "retry", "deadLetter"].map((name) => [name, async () => answer]),
        );
        return client(t, { outbox: { store, write: "before_send" }, profileStore: profile }).drain();
      }),
      ...[
        "trackPosthogEvent",
        "groupIdentifyPosthog",
        "capturePosthogException",
        "capturePosthogReplaySnapshot",
      ]
        .flatMap((name) => [undefined, null, 5, "x", []].map((payload) => quiet[name]({}, payload))),
      client(t, { fetch: trap, before_send: trap, logger: trap }).capture(EVENT),
      client(t, { fetch: trap }).capture(EVENT),
    ]);
    same(memories.length - before, 0, "instances that were replaced");
    for (const answer of answers) answer(new Response('{"status":"Ok"}'));
    same((await Promise.all(innocent)).map(({ status }) => status), Array(20).fill("accepted"));
  },

  async "what throws while an exception is read harms nobody else's call"(t) {
    const answers = [];
    const slow = client(t, { fetch: () => new Promise((resolve) => answers.push(resolve)), budgetMs: 5000 });
    const innocent = Array.from({ length: 20 }, () => slow.capture(EVENT));
    const posthog = client(t, { fetch: () => Promise.resolve(new Response('{"status":"Ok"}')) });
    const revoked = () => {
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      return proxy;
    };
    const before = memories.length;
    const own = [];
    // Each would leave a little of the module's stack behind; some 700 of them all of it.
    for (let count = 0; count < 1000; count++) {
      own.push(posthog.captureException(Object.assign(new Error("x"), { errors: revoked() }), "u"));
    }
    globalThis._posthogChunkIds = new Proxy({}, {
      ownKeys() {
        throw new Error("hostile");
      },
    });
    for (let count = 0; count < 1000; count++) own.push(posthog.captureException(new Error("x"), "u"));
    delete globalThis._posthogChunkIds;
    same([...new Set((await Promise.all(own)).map(({ status }) => status))], ["accepted"]);
    same(memories.length - before, 0, "instances that were replaced");
    for (const answer of answers) answer(new Response('{"status":"Ok"}'));
    same((await Promise.all(innocent)).map(({ status }) => status), Array(20).fill("accepted"));
  },

  async "a stack that is full harms nobody else's call"(t) {
    const answers = [];
    const slow = client(t, { fetch: () => new Promise((resolve) => answers.push(resolve)), budgetMs: 5000 });
    const innocent = Array.from({ length: 20 }, () => slow.capture(EVENT));
    const posthog = client(t, { fetch: () => Promise.resolve(new Response('{"status":"Ok"}')) });
    const compat = t.compat.createTracking({
      getEnv: (_, name) => ({ POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: "http://127.0.0.1:9" })[name],
      log() {},
      logError() {},
    });
    const replay = { sessionId: "s", distinctId: "u", events: [{ type: 2 }] };
    const doings = [
      (error) => posthog.captureException(error, { distinctId: "u" }),
      () => posthog.captureSnapshot(replay),
      () => posthog.drain(),
      () => posthog.capture({ ...EVENT, properties: { big: 1n } }),
      () => posthog.capture(EVENT),
      () => posthog.track([{ kind: "capture", ...EVENT }]),
      () => compat.trackPosthogEvent({}, EVENT),
      () => compat.sendEventToTracking({}, { channel: "c", event: "E", user_id: "u" }),
      (error) => {
        try {
          t.posthog.buildException({ apiKey: "phc_test" }, { error, distinctId: "u" });
        } catch {
          // A builder throws by design.
        }
      },
    ];
    for (const doing of doings) {
      const own = [];
      let depth = 0;
      const dive = () => {
        depth++;
        try {
          dive();
        } catch (error) {
          // As deep as a handler can be, and a little less deep each time.
          if (own.length < 500) own.push(doing(error));
          throw error;
        }
      };
      try {
        dive();
      } catch {
        // What nobody can promise is that a full stack has room to make a promise.
      }
      truthy(depth > 100 && own.length > 0, `${depth} levels`);
      const rejected = (await Promise.allSettled(own)).filter(({ status }) => status === "rejected");
      same(rejected.map(({ reason }) => String(reason)), [], String(doing));
    }
    for (const answer of answers) answer(new Response('{"status":"Ok"}'));
    same((await Promise.all(innocent)).map(({ status }) => status), Array(20).fill("accepted"));
  },

  async "what only computes is computed again on the next instance"(t) {
    const { organizationCreated, stripeEvent, trusted } = t.posthog;
    const context = {
      organization: trusted("organization", "org_1", "row"),
      plans: [{ name: "Solo", product: "q" }],
    };
    const webhook = {
      id: "evt_1",
      type: "customer.subscription.created",
      created: 1767323045,
      data: {
        object: { id: "sub_1", status: "active", items: { data: [{ price: { id: "p", product: "q" } }] } },
      },
    };
    const computed = {
      row_to_events: () =>
        organizationCreated({ id: "org_1", name: "Acme", created_at: "2026-01-02T03:04:05Z" }),
      stripe_to_events: () => stripeEvent(webhook, context),
      estimate: () => t.lints.lint([{ kind: "alias", distinctId: "u", alias: "null" }]),
    };
    for (const [name, compute] of Object.entries(computed)) {
      const events = compute();
      truthy(events.length > 0 && events.every(({ kind }) => kind !== "refused"), name);
      const memory = modules[name];
      corrupt(memory);
      same(compute(), events, name);
      truthy(modules[name] !== memory, "replaced");
    }
    corrupt();
    const replay = { sessionId: "s", distinctId: "u", events: [{ type: 2, timestamp: 1, data: {} }] };
    same((await client(t).captureSnapshot(replay)).status, "accepted");
  },

  async "a builder under which the instance dies throws, and the next builds"(t) {
    t.posthog.buildCapture({ apiKey: "phc_test" }, EVENT);
    corrupt(modules.estimate);
    try {
      t.posthog.buildCapture({ apiKey: "phc_test" }, EVENT);
      truthy(false, "built");
    } catch (error) {
      same([error.name, error.code], ["AnalyticsError", "internal"]);
    }
    truthy(t.posthog.buildCapture({ apiKey: "phc_test" }, EVENT).body.includes("Ping"), "built");
    await sleep(0);
  },
};
