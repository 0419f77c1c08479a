// CPU per call, in one process, the contenders taking turns. `node cpu.js [how long]`; prints JSON. See bench.ts.
import { PostHog as PostHogNode } from "posthog-node";
import { buildCapture, PostHog, stripeEvent, trusted } from "posthog-wasm";
import { buildEvent, ByHand, trusted as trustedByHand } from "./handwritten.js";
import { spread } from "./spread.js";

const ROUNDS = Number(process.argv[2] ?? 15);
const TURN_MS = 60;

const host = "https://eu.i.posthog.com";
/** Costs next to nothing, and the same for everybody. */
const answer = {
  ok: true,
  status: 200,
  text: async () => '{"status":"Ok"}',
  json: async () => ({ status: "Ok" }),
};
const fetch = async () => answer;

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

const ours = new PostHog("phc_test", { host, fetch, logger: () => {} });
const theirs = new PostHogNode("phc_test", {
  host,
  fetch,
  flushAt: 1e9,
  flushInterval: 1e9,
  maxQueueSize: 1e9,
  maxBatchSize: 1e5,
});
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
rows.push({
  row: "capture, six properties, one group",
  "posthog-wasm": () => ours.capture({ event: "E", distinctId: "u", properties: six, groups: [org] }),
  "posthog-node": () =>
    theirs.captureImmediate({
      event: "E",
      distinctId: "u",
      properties: six,
      groups: { organization: "org_1" },
    }),
  "by hand": () => byHand.capture({ event: "E", distinctId: "u", properties: six, groups: [orgByHand] }),
});
for (const count of [1, 10, 100, 1000, 10_000]) {
  const batch = (group) =>
    Array.from(
      { length: count },
      () => ({ kind: "capture", event: "E", distinctId: "u", properties: six, groups: [group] }),
    );
  const [mine, hand] = [batch(org), batch(orgByHand)];
  rows.push({
    row: `${count} events at once, for each`,
    per: count,
    "posthog-wasm": () => ours.track(mine),
    "posthog-node": async () => {
      for (let at = 0; at < count; at++) {
        theirs.capture({ event: "E", distinctId: "u", properties: six, groups: { organization: "org_1" } });
      }
      await theirs.flush();
    },
    "by hand": () => byHand.track(hand),
  });
}
rows.push({
  row: "an exception of fifty frames",
  "posthog-wasm": () => ours.captureException(thrown, { distinctId: "u", groups: [org] }),
  "posthog-node": () => theirs.captureExceptionImmediate(thrown, "u"),
});
rows.push({
  row: "a Stripe webhook to its events",
  "posthog-wasm": () => stripeEvent(webhook, { organization: org, plans }),
});

/** Microseconds of CPU for one, over at least a turn. */
async function turn(work, per = 1) {
  let calls = 0;
  const started = performance.now();
  const before = process.cpuUsage();
  do {
    await work();
    calls++;
  } while (performance.now() - started < TURN_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls / per;
}

const names = ["posthog-wasm", "posthog-node", "by hand"];
const results = [];
for (const { row, per, ...contenders } of rows) {
  const taken = Object.fromEntries(names.filter((name) => contenders[name]).map((name) => [name, []]));
  for (let round = -3; round < ROUNDS; round++) {
    for (const name of Object.keys(taken)) {
      const microseconds = await turn(contenders[name], per);
      if (round >= 0) taken[name].push(microseconds);
    }
  }
  results.push({
    row,
    unit: "µs",
    ...Object.fromEntries(Object.entries(taken).map(([name, all]) => [name, spread(all)])),
  });
}
console.log(JSON.stringify(results));
process.exit();
