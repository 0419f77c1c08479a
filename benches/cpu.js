// CPU per call, in one process, the contenders taking turns. `cpu.js [rounds] [few]`, on Node and Deno; prints JSON.
// `few`: a capture and a hundred events alone. See bench.ts.
import { strict as assert } from "node:assert";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { PostHog as PostHogNode } from "posthog-node";
import { PostHog, trusted } from "posthog-wasm";
import { buildCapture } from "posthog-wasm/builders";
import { stripeEvent } from "posthog-wasm/stripe";
import { buildEvent, ByHand, trusted as trustedByHand } from "./handwritten.js";
import { ratios, spread } from "./spread.js";

const [rounds = 15, few] = globalThis.Deno?.args ?? process.argv.slice(2);
const ROUNDS = Number(rounds);
const TURN_MS = 60;

const host = "https://eu.i.posthog.com";
const init = { status: 200, headers: { "Content-Type": "application/json" } };
const answers = {
  real: () => new Response('{"status":"Ok"}', init),
  /** Costs next to nothing: what is left is the client's own. */
  bodiless: () => standIn,
};
const standIn = {
  ok: true,
  status: 200,
  text: async () => '{"status":"Ok"}',
  json: async () => ({ status: "Ok" }),
};
let answer = answers.real;
/** The bodies, while it is looked at what is sent. */
let sent;
const fetch = async (_url, { body }) => {
  sent?.push(body);
  return answer();
};

const properties = (count) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`property_${at}`, at % 3 ? `value number ${at}` : at]),
  );
const six = {
  plan: "Maker",
  seats: 12,
  trial: false,
  version: "7.4.2",
  app_id: "com.acme.app",
  channel: "production",
};

const ours = new PostHog("phc_test", { host, fetch, logger: () => {}, compress: "off" });
/** One request for whatever is in the queue, and only when it is told to. */
const queue = { flushAt: 1e9, flushInterval: 1e9, maxQueueSize: 1e9, maxBatchSize: 1e5 };
const plain = new PostHogNode("phc_test", { host, fetch, disableCompression: true, ...queue });
const gzip = new PostHogNode("phc_test", { host, fetch, ...queue });
const byHand = new ByHand("phc_test", { host, fetch });
const [org, orgByHand] = [trusted("organization", "org_1", "bench"), trustedByHand("organization", "org_1")];

/** So deep that a stack has its fifty frames. */
function deep(levels) {
  return levels > 0 ? deep(levels - 1) : new Error("boom");
}
Error.stackTraceLimit = 50;
const thrown = deep(60);

const webhook = {
  id: "evt_1",
  type: "customer.subscription.updated",
  created: 1767323045,
  data: {
    object: {
      id: "sub_1",
      object: "subscription",
      customer: "cus_1",
      status: "active",
      cancel_at_period_end: false,
      items: {
        data: [{
          price: {
            id: "price_2",
            product: "prod_2",
            unit_amount: 4900,
            currency: "eur",
            recurring: { interval: "month" },
          },
        }],
      },
    },
    previous_attributes: {
      items: {
        data: [{
          price: {
            id: "price_1",
            product: "prod_1",
            unit_amount: 1200,
            currency: "eur",
            recurring: { interval: "month" },
          },
        }],
      },
    },
  },
};
const plans = [{ name: "Solo", product: "prod_1" }, { name: "Maker", product: "prod_2" }];

const rows = [];
for (const count of [5, 50, 500]) {
  const given = properties(count);
  rows.push({
    row: `a payload of ${count} properties`,
    "posthog-wasm": () =>
      buildCapture({ apiKey: "phc_test" }, { event: "E", distinctId: "u", properties: given, groups: [org] })
        .body,
    "by hand": () =>
      JSON.stringify({
        api_key: "phc_test",
        batch: [buildEvent({ event: "E", distinctId: "u", properties: given, groups: [orgByHand] })],
      }),
  });
}
const captured = { event: "E", distinctId: "u", properties: six, groups: { organization: "org_1" } };
for (
  const [row, answer] of [
    ["capture, six properties, one group; fetch resolves to a real Response", answers.real],
    ["capture, the same; to a stand-in without a body", answers.bodiless],
  ]
) {
  rows.push({
    row,
    answer,
    events: 1,
    isOneOfFew: true,
    "posthog-wasm": () => ours.capture({ event: "E", distinctId: "u", properties: six, groups: [org] }),
    "posthog-node": () => plain.captureImmediate(captured),
    "posthog-node, gzip": () => gzip.captureImmediate(captured),
    "by hand": () => byHand.capture({ event: "E", distinctId: "u", properties: six, groups: [orgByHand] }),
  });
}
for (const count of [1, 10, 100, 1000, 10_000]) {
  const batch = (group) =>
    Array.from(
      { length: count },
      () => ({ kind: "capture", event: "E", distinctId: "u", properties: six, groups: [group] }),
    );
  const [mine, hand] = [batch(org), batch(orgByHand)];
  const queued = (client) => async () => {
    for (let at = 0; at < count; at++) client.capture({ ...captured });
    await client.flush();
  };
  rows.push({
    row: `${count} event${count > 1 ? "s" : ""} at once, for each`,
    events: count,
    per: count,
    isOneOfFew: count === 100,
    "posthog-wasm": () => ours.track(mine),
    "posthog-node": queued(plain),
    "posthog-node, gzip": queued(gzip),
    "by hand": () => byHand.track(hand),
  });
}
rows.push({
  row: "an exception of fifty frames",
  events: 1,
  "posthog-wasm": () => ours.captureException(thrown, { distinctId: "u", groups: [org] }),
  "posthog-node": () => plain.captureExceptionImmediate(thrown, "u"),
  "posthog-node, gzip": () => gzip.captureExceptionImmediate(thrown, "u"),
});
rows.push({
  row: "a Stripe webhook to its events",
  "posthog-wasm": () => stripeEvent(webhook, { organization: org, plans }),
});

/** Whoever sends less than all of the events does not win by it. */
async function check(work, events) {
  sent = [];
  await work();
  const bodies = await Promise.all(sent.map(async (body) => {
    if (typeof body === "string") return body;
    return gunzipSync(await new Response(body).arrayBuffer()).toString();
  }));
  sent = undefined;
  const arrived = bodies.reduce((sum, body) => sum + JSON.parse(body).batch.length, 0);
  assert.equal(arrived, events);
}

/** Microseconds for one, over at least a turn: of CPU, and by the clock. */
async function turn(work, per = 1) {
  let calls = 0;
  const started = performance.now();
  const before = process.cpuUsage();
  do {
    await work();
    calls++;
  } while (performance.now() - started < TURN_MS);
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - started) * 1000;
  return [(user + system) / calls / per, wall / calls / per];
}

const names = ["posthog-wasm", "posthog-node", "posthog-node, gzip", "by hand"];
const results = [];
for (const { row, per, events, answer: given = answers.real, isOneOfFew, ...contenders } of rows) {
  if (few && !isOneOfFew) continue;
  answer = given;
  const present = names.filter((name) => contenders[name]);
  if (events) {
    for (const name of present) await check(contenders[name], events);
  }
  const taken = { CPU: {}, wall: {} };
  for (let round = -3; round < ROUNDS; round++) {
    // Nobody always follows the same one.
    for (let at = 0; at < present.length; at++) {
      const name = present[(at + round + 3) % present.length];
      const [cpu, wall] = await turn(contenders[name], per);
      if (round < 0) continue;
      (taken.CPU[name] ??= []).push(cpu);
      (taken.wall[name] ??= []).push(wall);
    }
  }
  for (const [kind, by] of Object.entries(taken)) {
    // On Deno, CPU too is what the process took; the clock is what its users see.
    if (kind === "wall" && !globalThis.Deno) continue;
    results.push({
      row: globalThis.Deno ? `${row} (${kind})` : row,
      unit: "µs",
      values: Object.fromEntries(present.map((name) => [name, spread(by[name])])),
      ratios: Object.fromEntries(
        present.slice(1).map((name) => [name, ratios(by["posthog-wasm"], by[name])]),
      ),
    });
  }
}
console.log(JSON.stringify(results));
process.exit();
