// The instance dies: under a call, and between two awaits of twenty. The trap is a real one: the
// module's memory is overwritten while it runs.
import { client, same, sleep, truthy } from "./check.js";

const memories = [];
const Instance = WebAssembly.Instance;

/** Sees the memory of every instance of ours; in place before the package makes its first. */
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  // Node's own fetch is made of such a module too.
  if ("resume" in instance.exports) memories.push(instance.exports.memory);
  return instance;
};

function corrupt() {
  new Uint8Array(memories.at(-1).buffer).fill(0xff);
}

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

  async "a builder under which the instance dies throws, and the next builds"(t) {
    t.posthog.lint([]);
    corrupt();
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
