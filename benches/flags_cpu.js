// CPU of evaluating a hundred flags for one person, in one process, the contenders taking turns; prints JSON. See flags.ts.
import process from "node:process";
import { PostHog as PostHogNode } from "posthog-node";
import { PostHog } from "posthog-wasm";
import { evaluateFlags, parseFlagDefinitions } from "posthog-wasm/flags";
import { ratios, spread } from "./spread.js";

const [rounds = 15] = globalThis.Deno?.args ?? process.argv.slice(2);
const TURN_MS = 100;

const person = {
  plan: "pro",
  country: "DE",
  seats: 12,
  email: "me@example.com",
  version: "2.3.4",
  beta: true,
};
const condition = (at) => ({
  properties: [
    { key: "plan", type: "person", operator: "exact", value: at % 3 ? ["pro", "team"] : ["free"] },
    { key: "email", type: "person", operator: "icontains", value: "@example.com" },
  ].slice(0, 1 + at % 2),
  rollout_percentage: 25 + at % 75,
});
const flags = Array.from({ length: 100 }, (_, at) => ({
  id: at,
  key: `flag-number-${at}`,
  active: true,
  filters: {
    groups: at % 4 ? [condition(at)] : [condition(at), { properties: [], rollout_percentage: 50 }],
    payloads: {},
    multivariate: at % 2 ? null : {
      variants: [{ key: "control", rollout_percentage: 50 }, { key: "test", rollout_percentage: 50 }],
    },
  },
}));
const definitions = { flags, cohorts: {}, group_type_mapping: {} };

const fetch = () => Promise.reject(new Error("nothing may be sent"));
console.warn = () => {};
const ours = new PostHog("phc_test", { fetch, logger() {} });
const parsed = parseFlagDefinitions(JSON.stringify(definitions));
const theirs = new PostHogNode("phc_test", {
  fetch,
  disableRemoteConfig: true,
  enableLocalEvaluation: true,
  featureFlagsPollingInterval: 1e9,
  flagDefinitionCacheProvider: {
    shouldFetchFlagDefinitions: () => false,
    getFlagDefinitions: () => definitions,
    onFlagDefinitionsReceived() {},
    shutdown() {},
  },
});
await theirs.reloadFeatureFlags();

const options = { personProperties: person, onlyEvaluateLocally: true };
const contenders = {
  "posthog-wasm": (id) => evaluateFlags(ours, { ...options, distinctId: id, definitions: parsed }),
  "posthog-node": (id) => theirs.evaluateFlags(id, options),
};

// The same work, or there is nothing to compare.
const [one, other] = await Promise.all(Object.values(contenders).map((evaluate) => evaluate("user-1")));
const silent = { sendFeatureFlagEvents: false };
for (const { key } of flags) {
  if (one.getFlag(key, silent) !== other.getFlag(key, silent)) throw new Error(`${key} is not the same`);
}

async function turn(evaluate) {
  const started = process.cpuUsage();
  let count = 0;
  for (const end = performance.now() + TURN_MS; performance.now() < end; count++) {
    await evaluate(`user-${count}`);
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / count;
}

const taken = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = -2; round < Number(rounds); round++) {
  const names = Object.keys(contenders);
  if (round % 2) names.reverse();
  for (const name of names) {
    const micros = await turn(contenders[name]);
    if (round >= 0) taken[name].push(micros);
  }
}
console.log(JSON.stringify({
  ...Object.fromEntries(Object.entries(taken).map(([name, micros]) => [name, spread(micros)])),
  ratio: ratios(taken["posthog-wasm"], taken["posthog-node"]),
}));
process.exit();
