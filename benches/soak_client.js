// The soak's own process: see soak.ts.
import { strict as assert } from "node:assert";
import { PostHog, trusted } from "posthog-wasm/full";
import { startFlaky } from "./flaky.js";
import { memory } from "./module_memory.js";
import { memoryStore } from "./suite/store.js";

const TOTAL = Number(process.argv[2]);
const FIRST = Math.min(10_000, TOTAL / 2);
const CONCURRENT = 48;

const uncaught = [];
const listen = (reason) => uncaught.push(String(reason?.stack ?? reason));
process.on("uncaughtException", listen).on("unhandledRejection", listen);

const server = await startFlaky();
const organization = trusted("organization", "o1", "soak");
const store = memoryStore();
const options = { host: server.url, logger: () => {}, budgetMs: 1500, maxRetries: 2 };
const clients = [
  undefined,
  { store, write: "on_failure" },
  { store, write: "before_send" },
].map((outbox) => new PostHog("phc_test", { ...options, outbox }));

const counts = {};
let made = 0;
let turns = 0;
let calls = 0;

/** One call: an exception now and then, else one to forty events, some with a mistake. */
async function call(turn, size) {
  const client = clients[turn % clients.length];
  const thrown = () => client.captureException(new Error(`boom ${turn}`), "u");
  const outcome = await (size === 1 ? thrown() : client.track(events(turn, size)));
  calls++;
  assert.equal(outcome.events.length, size, "as many outcomes as events");
  for (const { status } of outcome.events) counts[status] = (counts[status] ?? 0) + 1;
}

function events(turn, size) {
  return Array.from({ length: size }, (_, at) => ({
    kind: "capture",
    event: turn % 97 === 0 && at === 0 ? "" : "Soaked",
    distinctId: `user-${turn}`,
    groups: [organization],
    properties: { turn, at, text: "ü".repeat(at) },
  }));
}

async function run(until) {
  const worker = async () => {
    while (made < until) {
      const turn = ++turns;
      const size = Math.min(1 + (turn * 7) % 40, until - made);
      made += size;
      await call(turn, size);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
}

/** Everything that waits is delivered, and what is garbage is collected. */
async function settled() {
  await server.mood("calm");
  for (const row of store.rows.values()) row.due = 0;
  const { ok, status } = await clients[0].drain(store, { budgetMs: 60_000 });
  assert.ok(ok, status);
  assert.equal(store.rows.size, 0);
  store.calls.length = 0;
  await server.mood("flaky");
  // Sockets close, and their buffers with them.
  for (let round = 0; round < 5; round++) {
    await new Promise((done) => setTimeout(done, 500));
    globalThis.gc();
  }
  return { events: made, heap: process.memoryUsage().heapUsed, pages: memory.buffer.byteLength / 65536 };
}

const started = Date.now();
// As much in flight as there will ever be: memory that was once needed stays with the module.
await server.mood("hanging");
made += CONCURRENT * 40;
await Promise.all(Array.from({ length: CONCURRENT }, (_, turn) => call(turn, 40)));
await server.mood("flaky");
await run(FIRST);
const first = await settled();
await run(TOTAL);
const last = await settled();

const { distinct, arrivals, requests, faults } = await server.counts();
const sum = Object.values(counts).reduce((total, count) => total + count, 0);
const { accepted = 0, queued = 0 } = counts;
console.log(`${TOTAL} events in ${calls} calls, ${CONCURRENT} at a time, ${(Date.now() - started) / 1000} s`);
console.log(`requests ${requests}, of which failed ${JSON.stringify(faults)}`);
console.log(`told: ${JSON.stringify(counts)}; together ${sum}`);
console.log(`arrived: ${distinct} events, ${arrivals - distinct} of them more than once`);
for (const { events, heap, pages } of [first, last]) {
  console.log(`after ${events} events: V8 heap ${(heap / 1024).toFixed(0)} kB, ${pages} wasm pages`);
}
const growth = (last.heap / first.heap - 1) * 100;
console.log(`growth: heap ${growth.toFixed(2)} %, wasm ${last.pages - first.pages} pages`);

// Handlers for uncaught errors would swallow what is asserted.
process.removeAllListeners("uncaughtException").removeAllListeners("unhandledRejection");
await server.stop();
assert.deepEqual(uncaught, []);
assert.equal(sum, TOTAL, "every event was told of");
assert.ok(distinct >= accepted + queued, "what was accepted or queued has arrived");
assert.ok(distinct <= TOTAL - (counts.invalid ?? 0));
assert.ok(growth < 2, `the heap grew by ${growth} %, and ${last.pages - first.pages} pages`);
assert.equal(last.pages, first.pages, "the module's memory grows");
