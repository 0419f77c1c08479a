// The chaos's own process: see chaos.ts.
import { strict as assert } from "node:assert";
import { PostHog, trusted } from "posthog-wasm/full";
import { stripeEvent } from "posthog-wasm/stripe";
import { startFlaky } from "./flaky.js";
import { memoryStore } from "./suite/store.js";

const SECONDS = Number(process.argv[2]);
const CONCURRENT = 32;

const uncaught = [];
const listen = (reason) => uncaught.push(String(reason?.stack ?? reason));
process.on("uncaughtException", listen).on("unhandledRejection", listen);

const chance = (share) => Math.random() < share;
const pick = (values) => values[Math.floor(Math.random() * values.length)];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const never = () => new Promise(() => {});
const fail = () => {
  throw new Error("the host's own code failed");
};

const troubles = [fail, never, () => Promise.reject(new Error("no"))];

/** Somebody's function that works most of the time. */
const moody = (work, besides = []) => (...given) =>
  chance(0.15) ? pick([...troubles, ...besides])() : work(...given);

const server = await startFlaky();
const organization = trusted("organization", "o1", "chaos");
const store = memoryStore();
// It fails, but it does not lie: what it acknowledges, it has.
const moodyStore = Object.fromEntries(
  ["put", "claim", "delete", "retry", "deadLetter"].map((name) => [name, moody(store[name])]),
);
const looping = {};
looping.self = looping;

/** What a handler may hand over, good and bad. */
const inputs = [
  () => ({ event: "Fine", distinctId: "u", groups: [organization], properties: { at: Date.now() } }),
  () => ({ event: "Large", distinctId: "u", properties: { text: "x".repeat(200_000) } }),
  () => ({ event: "Looping", distinctId: "u", properties: looping }),
  () => ({ event: "Forged", distinctId: "u", groups: [{ type: "organization", key: "victim" }] }),
  () => ({
    event: "Getter",
    distinctId: "u",
    get properties() {
      return fail();
    },
  }),
  () => ({ event: "Half", distinctId: "u", properties: { text: "\ud800" } }),
  () => ({ event: 5n, distinctId: Symbol("u") }),
  () => undefined,
  () => new Proxy({}, { get: fail, ownKeys: fail }),
];
const calls = [
  (client, call) => client.capture(pick(inputs)(), call),
  (client, call) =>
    client.track(
      Array.from({ length: 1 + Math.random() * 30 }, () => ({ kind: "capture", ...inputs[0]() })),
      call,
    ),
  (client, call) =>
    client.captureException(
      pick([new Error("boom"), fail, 5n, looping, null]),
      pick(["u", undefined, {}]),
      call,
    ),
  (client, call) => client.groupIdentify({ group: organization, properties: { seats: 3 } }, call),
  (client, call) =>
    client.track(
      stripeEvent(pick([{}, { id: "evt_1", type: "x", created: 1, data: { object: looping } }]), {
        organization,
        plans: [],
      }),
      call,
    ),
  (client, call) => client.enqueue([{ kind: "capture", ...inputs[0]() }], undefined, call),
  (client, call) => client.drain(undefined, call),
];

function client() {
  return new PostHog(pick(["phc_test", "phc_test", "phc_test", undefined, "phx_wrong"]), {
    host: pick([server.url, server.url, server.url, "nonsense", "http://127.0.0.1:1"]),
    outbox: pick([undefined, { store: moodyStore, write: "before_send" }, {
      store: moodyStore,
      write: "on_failure",
    }]),
    fetch: pick([undefined, moody((...given) => fetch(...given), [() => 5])]),
    logger: pick([() => {}, fail, () => Promise.reject(new Error("no"))]),
    onWarning: pick([undefined, fail]),
    before_send: pick([undefined, moody((event) => event, [() => 5]), () => null]),
    budgetMs: pick([20, 200, 800, undefined, -1]),
    maxRetries: pick([0, 1, 3]),
  });
}

const counts = {};
const queued = new Set();
let ended = 0;
const until = Date.now() + SECONDS * 1000;

async function live() {
  while (Date.now() < until) {
    const controller = new AbortController();
    if (chance(0.1)) setTimeout(() => controller.abort(), Math.random() * 300);
    const { status, events } = await pick(calls)(client(), { signal: pick([undefined, controller.signal]) });
    counts[status] = (counts[status] ?? 0) + 1;
    for (const event of events ?? []) if (event.status === "queued") queued.add(event.uuid);
    ended++;
    if (chance(0.3)) await sleep(1);
  }
}
await Promise.all(Array.from({ length: CONCURRENT }, live));

// The weather clears: what was queued arrives, and the next good call does.
await server.mood("calm");
const calm = new PostHog("phc_test", { host: server.url, logger: () => {} });
// A store that failed may have kept entries it did not acknowledge; those are extra.
for (const row of store.rows.values()) Object.assign(row, { due: 0, dead: false });
const drained = await calm.drain(store, { budgetMs: 60_000 });
const next = await calm.capture({ event: "After", distinctId: "u" });
const lost = await server.missing([...queued]);

console.log(`${ended} calls in ${SECONDS} s: ${JSON.stringify(counts)}`);
console.log(
  `queued ${queued.size}, of which lost ${lost.length}; the last drain delivered ${drained.accepted}`,
);
console.log(`uncaught: ${uncaught.length}; the next call was ${next.status}`);
process.removeAllListeners("uncaughtException").removeAllListeners("unhandledRejection");
await server.stop();
assert.deepEqual(uncaught, []);
assert.deepEqual(lost, []);
assert.equal(next.status, "accepted");
assert.ok(ended > 100);
