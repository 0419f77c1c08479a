// However a call ends, it leaves nothing behind in the module's memory: twenty thousand more of them need no more of it.
// `node leak.js`, where the package is installed.
import { PostHog } from "posthog-wasm/full";
import { memory } from "./module_memory.js";

const never = () => new Promise(() => {});
const answer = (status, body = "{}") => async () => new Response(body, { status });
const store = (work) => ({ put: work, delete: work, retry: work, deadLetter: work, claim: async () => [] });
const outbox = (write, work = async () => {}) => ({ store: store(work), write });
const ends = {
  "accepted": { fetch: answer(200) },
  "refused": { fetch: answer(400, "no") },
  "unavailable": { fetch: answer(503) },
  "unreachable": { fetch: () => Promise.reject(new TypeError("reset", { cause: new Error("ECONNRESET") })) },
  "rejected with nothing": { fetch: () => Promise.reject() },
  "rejected with text": { fetch: () => Promise.reject("no") },
  "thrown": {
    fetch() {
      throw new Error("no fetch");
    },
  },
  "hanging": { fetch: never, budgetMs: 2 },
  "stalling": { fetch: async () => new Response(new ReadableStream({})), budgetMs: 2 },
  "invalid": { host: "nonsense" },
  "written and sent": { fetch: answer(200), outbox: outbox("before_send") },
  "queued": { fetch: answer(503), outbox: outbox("on_failure") },
  "with a store that hangs": { fetch: answer(200), outbox: outbox("before_send", never), budgetMs: 4 },
  "with a store that throws": {
    fetch: answer(503),
    outbox: outbox("on_failure", () => Promise.reject("no")),
  },
};

const CALLS = 20_000;
const AT_ONCE = 50;
const failures = [];
for (const [name, options] of Object.entries(ends)) {
  const posthog = new PostHog("phc_test", { logger: () => {}, maxRetries: 0, ...options });
  const call = (at) =>
    at % 10 ? posthog.capture({ event: "E", distinctId: "u" }) : posthog.drain(store(async () => {}));
  const run = async (calls) => {
    for (let at = 0; at < calls; at += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => call(at)));
    }
  };
  await run(CALLS / 10);
  const before = memory.buffer.byteLength;
  await run(CALLS);
  const grown = (memory.buffer.byteLength - before) / 65536;
  if (grown > 0) failures.push(`${name}: ${grown} pages more`);
}
console.log(`${Object.keys(ends).length} ends of a call, ${CALLS} times each: ${failures.length} leak`);
for (const failure of failures) console.log(failure);
process.exit(failures.length === 0 ? 0 : 1);
