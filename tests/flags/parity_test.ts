// Flag by flag against posthog-node's local evaluation. `FLAGS_PAIRS` asks for more than 120,000 (definition, person)
// pairs, `FLAGS_SEED` for others.
import { PostHog as Oracle } from "posthog-node";
import { PostHog, trusted } from "posthog-wasm";
import { evaluateFlags, parseFlagDefinitions } from "posthog-wasm/flags";
import { type Definitions, definitions, type Json, type Person, person } from "./generate.ts";
import { Random } from "./random.ts";
import { rows, seen } from "./rows.ts";

const PAIRS = Number(Deno.env.get("FLAGS_PAIRS") ?? 120_000);
const SEED = Number(Deno.env.get("FLAGS_SEED") ?? 14);
const FLAGS = 40;
const PEOPLE = 10;

/** A value, or why there is none. */
type Found = Record<string, { value?: Json; payload?: Json; reason?: string }>;

let current: Definitions;
const quiet = { fetch: () => Promise.reject(new Error("nothing may be sent")), logger() {} };
const client = new PostHog("phc_test", { ...quiet, groupTypes: ["company", "project"] });
const oracle = new Oracle("phc_test", {
  fetch: () => Promise.reject(new Error("nothing may be sent")),
  disableRemoteConfig: true,
  sendFeatureFlagEvent: false,
  featureFlagsPollingInterval: 1e9,
  enableLocalEvaluation: true,
  flagDefinitionCacheProvider: {
    shouldFetchFlagDefinitions: () => false,
    getFlagDefinitions: () => current,
    onFlagDefinitionsReceived() {},
    shutdown() {},
  },
} as Json);

async function theirs(made: Definitions, people: Person[]): Promise<Found[]> {
  current = made;
  await oracle.reloadFeatureFlags();
  const all = [];
  for (const { distinctId, ...options } of people) {
    const snapshot: Json = await oracle.evaluateFlags(
      distinctId,
      { ...options, onlyEvaluateLocally: true } as Json,
    );
    const found: Found = {};
    for (const { key } of made.flags) found[key] = { reason: snapshot.unresolvedFlags[key] ?? "none" };
    for (const key of snapshot.keys) {
      found[key] = { value: snapshot.getFlag(key), payload: snapshot.getFlagPayload(key) };
    }
    all.push(found);
  }
  return all;
}

async function ours(made: Definitions, people: Person[]): Promise<Found[]> {
  const parsed = parseFlagDefinitions(JSON.stringify(made));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const all = [];
  for (const { groups, ...options } of people) {
    const snapshot = await evaluateFlags(client, {
      ...options,
      groups: Object.entries(groups).map(([type, key]) => trusted(type, key, "a test")),
      definitions: parsed,
      onlyEvaluateLocally: true,
      sendFeatureFlagEvents: false,
    });
    if (snapshot.errors.length > 0) throw new Error(JSON.stringify(snapshot.errors));
    const found: Found = {};
    for (const { key } of made.flags) found[key] = { reason: snapshot.unresolved[key] ?? "none" };
    for (const key of snapshot.keys) {
      found[key] = { value: snapshot.getFlag(key), payload: snapshot.getFlagPayload(key) };
    }
    all.push(found);
  }
  return all;
}

/** Whole numbers as texts, which is how both compare them: posthog-node decides then as well. */
function asTexts<T>(value: T): T {
  const map = (value: Json, name = ""): Json => {
    if (typeof value === "number" && Number.isInteger(value) && !/percentage|index|^id$|version/.test(name)) {
      return String(value);
    }
    if (Array.isArray(value)) return value.map((item) => map(item, name));
    if (typeof value !== "object" || value === null) return value;
    if (value.type === "flag") return value;
    return Object.fromEntries(Object.entries(value).map(([name, value]) => [name, map(value, name)]));
  };
  return map(value);
}

const isSame = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other);

Deno.test("flag by flag, as posthog-node decides", async () => {
  const real = { warn: console.warn, error: console.error, debug: console.debug, log: console.log };
  Object.assign(console, { warn() {}, error() {}, debug() {} });
  const random = new Random(SEED);
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const unexplained: string[] = [];
  let pairs = 0;
  try {
    while (pairs < PAIRS) {
      const made = definitions(random, FLAGS);
      const people = Array.from({ length: PEOPLE }, () => person(random, random.below(1e6)));
      const [we, they] = [await ours(made, people), await theirs(made, people)];
      let texts: Found[] | undefined;
      for (const [at, somebody] of people.entries()) {
        for (const { key } of made.flags) {
          pairs++;
          const [our, their] = [we[at][key], they[at][key]];
          const decided = "value" in our && "value" in their;
          if (decided && isSame(our.value, their.value)) {
            count(our.value === false ? "both: off" : our.value === true ? "both: on" : "both: a variant");
            if (!isSame(our.payload ?? null, their.payload ?? null)) {
              unexplained.push(`payload of ${key}: ${JSON.stringify([our, their])}`);
            }
            continue;
          }
          if (!("value" in our) && !("value" in their)) {
            count(our.reason === their.reason ? "both: no value" : "both: no value, for another reason");
            continue;
          }
          const who = decided ? undefined : "value" in our ? "only we decide" : "only they decide";
          const known = seen(made, key, somebody);
          // What is behind an undecided flag in a chain of dependencies is not looked at: the doubt may be a lesser one.
          const behind = who === "only we decide" && known.flags.length > 1;
          // Whole numbers explain nothing that goes on where they are texts; what they change may go either way.
          const [whole, ...others] = rows;
          let row = others.find((row) => (!who || behind || row.who === who) && row.isSeen(known));
          if (!row && whole.isSeen(known)) {
            texts ??= await theirs(asTexts(made), people.map(asTexts));
            if (isSame(texts[at][key].value, our.value)) row = whole;
          }
          if (!row) unexplained.push(explain(made, key, somebody, our, their));
          else count(`${who ?? "both decide, otherwise"}: ${row.name}`);
        }
      }
    }
  } finally {
    Object.assign(console, real);
  }
  console.log(`${pairs} pairs, seed ${SEED}`);
  for (const [name, number] of [...counts].sort()) console.log(`${String(number).padStart(8)} ${name}`);
  await oracle.shutdown();
  if (unexplained.length > 0) {
    throw new Error(`${unexplained.length} not explained:\n${unexplained.slice(0, 5).join("\n\n")}`);
  }
  // A generator that gives only one answer would show nothing.
  for (const name of ["both: off", "both: on", "both: a variant", "both: no value"]) {
    if ((counts.get(name) ?? 0) < pairs / 100) throw new Error(`too few: ${name}`);
  }
});

function explain(made: Definitions, key: string, somebody: Person, our: Json, their: Json): string {
  const { filters, flags } = seen(made, key, somebody);
  return JSON.stringify({
    key,
    our,
    their,
    flags,
    filters,
    somebody,
    version: made.property_matching_version,
  });
}
