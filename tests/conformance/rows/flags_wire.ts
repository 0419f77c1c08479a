// protocol §1.6 and §1.7, flags §2 and §5: how PostHog is asked about flags, and what becomes of its answers.
import { deepStrictEqual as same, match, ok, strictEqual } from "node:assert/strict";
import {
  evaluateFlags,
  type EvaluateFlagsOptions,
  loadFlagDefinitions,
  memoryFlagStore,
  readFlagDefinitions,
  refreshFlagDefinitions,
} from "posthog-wasm/flags";
import { trusted } from "posthog-wasm/full";
import { row } from "../row.ts";
import { KEY, status, type World } from "../world.ts";

const ASK = { distinctId: "user-1", sendFeatureFlagEvents: false };
const FLAG = {
  enabled: true,
  variant: "b",
  reason: { code: "condition_match", description: "Matched condition set 1" },
  metadata: { id: 7, version: 3, payload: '{"a":1}' },
};
const ANSWER = { flags: { f: FLAG }, errorsWhileComputingFlags: false, requestId: "r-1" };
const COMPANY = trusted("company", "acme", "a row");
const SECRET = "phs_secret";
const DEFINITIONS = {
  flags: [{ id: 1, key: "f", active: true, filters: { groups: [{}] } }],
  group_type_mapping: {},
  cohorts: {},
};

const ask = (t: World, options: Partial<EvaluateFlagsOptions> = {}) =>
  evaluateFlags(t.client(), { ...ASK, ...options });
const codes = ({ errors }: { errors: readonly { code: string }[] }) => errors.map(({ code }) => code);
const load = (t: World, options = {}) => loadFlagDefinitions(t.client(), { secretKey: SECRET, ...options });

export const remote = [
  row("path", "protocol §1.6", "Flags are asked for with a POST to /flags/?v=2.", async (t) => {
    await ask(t);
    same([t.request.method, t.request.path, t.request.query, t.request.status], [
      "POST",
      "/flags/",
      "?v=2",
      200,
    ]);
  }),
  row(
    "no-authorization",
    "protocol §1.6",
    "The token is in the body; there is no Authorization header.",
    async (t) => {
      await ask(t);
      same([t.request.json.token, t.request.headers.authorization], [KEY, undefined]);
    },
  ),
  row("headers", "flags §2", "The body is JSON, and User-Agent is there.", async (t) => {
    await ask(t);
    strictEqual(t.request.headers["content-type"], "application/json");
    match(t.request.headers["user-agent"]!, /^posthog-wasm\//);
  }),
  row(
    "empty-objects",
    "protocol §1.6",
    "groups, person_properties and group_properties are {} where nothing is given.",
    async (t) => {
      await ask(t);
      const { distinct_id, groups, person_properties, group_properties } = t.request.json;
      same([distinct_id, groups, person_properties, group_properties], ["user-1", {}, {}, {}]);
    },
  ),
  row(
    "runtime",
    "protocol §1.6",
    "evaluation_runtime is server, so that flags for servers are not left out.",
    async (t) => {
      await ask(t);
      strictEqual(t.request.json.evaluation_runtime, "server");
    },
  ),
  row("geoip-default", "flags §1", "geoip_disable is sent, and true where nothing is said.", async (t) => {
    await ask(t);
    strictEqual(t.request.json.geoip_disable, true);
  }),
  row("geoip-off", "protocol §1.6", "geoip_disable is false where the caller says so.", async (t) => {
    await ask(t, { disableGeoip: false });
    strictEqual(t.request.json.geoip_disable, false);
  }),
  row("keys", "flags §2", "flag_keys_to_evaluate is the caller's list.", async (t) => {
    await ask(t, { flagKeys: ["f", "g"] });
    same(t.request.json.flag_keys_to_evaluate, ["f", "g"]);
  }),
  row("all-keys", "flags §1", "Without a list all flags are asked for.", async (t) => {
    await ask(t);
    ok(!("flag_keys_to_evaluate" in t.request.json));
  }),
  row("no-keys", "flags §1", "An empty list asks for nothing.", async (t) => {
    same([(await ask(t, { flagKeys: [] })).keys, t.requests().length], [[], 0]);
  }),
  row(
    "persons",
    "flags §2",
    "Person properties go as they are given: no distinct id is added.",
    async (t) => {
      await ask(t, { personProperties: { plan: "pro" } });
      same(t.request.json.person_properties, { plan: "pro" });
    },
  ),
  row("device", "flags §2", "$device_id of the person's is at the root too.", async (t) => {
    await ask(t, { personProperties: { $device_id: "d-1" } });
    same([t.request.json.$device_id, t.request.json.person_properties], ["d-1", { $device_id: "d-1" }]);
  }),
  row("groups", "flags §2", "A group travels with its properties and $group_key.", async (t) => {
    await ask(t, { groups: [COMPANY], groupProperties: { company: { plan: "pro" }, team: { left: "out" } } });
    same([t.request.json.groups, t.request.json.group_properties], [
      { company: "acme" },
      { company: { $group_key: "acme", plan: "pro" } },
    ]);
  }),
  row("contexts", "flags §2", "evaluation_contexts is sent where it is given.", async (t) => {
    await ask(t, { evaluationContexts: ["checkout"] });
    same(t.request.json.evaluation_contexts, ["checkout"]);
  }),
  ...[502, 504].map((code) =>
    row(`retries-${code}`, "protocol §1.6", `${code} is asked again, once, not at once.`, async (t) => {
      t.project.flags = { answer: ANSWER };
      t.answers(status(code));
      strictEqual((await ask(t)).getFlag("f"), "b");
      const [one, two] = t.requests();
      ok(two!.at - one!.at >= 290, `${two!.at - one!.at} ms`);
    })
  ),
  row("retries-network", "protocol §1.6", "A lost connection is asked again.", async (t) => {
    t.project.flags = { answer: ANSWER };
    t.answers({ mode: "reset", times: 1 });
    strictEqual((await ask(t)).getFlag("f"), "b");
  }),
  row("one-retry", "protocol §1.6", "It is one retry.", async (t) => {
    t.project.faults(status(502, { times: undefined }));
    same(codes(await ask(t)), ["rejected"]);
    strictEqual(t.requests().length, 2);
  }),
  ...[400, 401, 402, 429, 500, 503].map((code) =>
    row(`final-${code}`, "protocol §1.6", `${code} is not asked again.`, async (t) => {
      t.answers(status(code));
      const flags = await ask(t, { defaults: { f: true } });
      same([flags.getFlag("f"), t.requests().length, flags.errors[0]!.httpStatus], [true, 1, code]);
    })
  ),
  row("answer", "protocol §1.6", "Value, variant and payload of the answer are had.", async (t) => {
    t.project.flags = {
      answer: { ...ANSWER, flags: { f: FLAG, on: { enabled: true }, off: { enabled: false } } },
    };
    const flags = await ask(t);
    same(["f", "on", "off", "none"].map((key) => flags.getFlag(key)), ["b", true, false, undefined]);
    same([flags.isEnabled("f"), flags.getFlagPayload("f")], [true, { a: 1 }]);
  }),
  row("legacy", "protocol §1.6", "The older answer's shape is read too.", async (t) => {
    t.project.flags = { answer: { featureFlags: { f: "b", on: true }, featureFlagPayloads: { f: '"x"' } } };
    const flags = await ask(t);
    same([flags.getFlag("f"), flags.getFlag("on"), flags.getFlagPayload("f")], ["b", true, "x"]);
  }),
  row(
    "partial",
    "protocol §1.6",
    "Where PostHog could not compute all flags, the others hold, and it is told.",
    async (t) => {
      const failed = { enabled: false, failed: true };
      t.project.flags = {
        answer: { ...ANSWER, flags: { f: FLAG, broken: failed }, errorsWhileComputingFlags: true },
      };
      const flags = await ask(t, { defaults: { broken: true } });
      same([flags.getFlag("f"), flags.getFlag("broken"), codes(flags)], ["b", true, [
        "errors_while_computing_flags",
      ]]);
    },
  ),
  row("quota", "protocol §1.6", "Over quota there are no flags, and it is told.", async (t) => {
    t.project.flags = { answer: { ...ANSWER, quotaLimited: ["feature_flags"] } };
    const flags = await ask(t);
    same([flags.keys, codes(flags)], [[], ["quota_limited"]]);
  }),
  ...["[]", "null", "no json", '{"flags":7}'].map((body) =>
    row(
      `no-answer-${body}`,
      "flags §2",
      `An answer that is none (${body}) gives the defaults.`,
      async (t) => {
        t.answers(status(200, { body }));
        const flags = await ask(t, { defaults: { f: "safe" } });
        same([flags.getFlag("f"), codes(flags)], ["safe", ["invalid_answer"]]);
      },
    )
  ),
  row(
    "timeout",
    "flags §2",
    "An attempt without an answer ends, and the call with it: never later than its budget.",
    async (t) => {
      t.project.faults({ mode: "hang" });
      const flags = await ask(t, { timeoutMs: 50, budgetMs: 200, defaults: { f: true } });
      same([flags.getFlag("f"), codes(flags)], [true, ["timed_out"]]);
    },
  ),
  row("no-cache", "flags §7.13", "Two calls are two requests.", async (t) => {
    await ask(t);
    await ask(t);
    strictEqual(t.requests().length, 2);
  }),
  row(
    "nothing-at-start",
    "flags §7.11",
    "Making a client, and capturing, asks for no flags and no definitions.",
    async (t) => {
      await t.client().capture({ event: "Ping", distinctId: "u" });
      strictEqual(t.requests(/flags/).length, 0);
    },
  ),
];

export const definitions = [
  row(
    "path",
    "protocol §1.7",
    "Definitions are a GET of /flags/definitions with token and send_cohorts.",
    async (t) => {
      t.project.flags = { definitions: DEFINITIONS };
      strictEqual((await load(t)).status, "loaded");
      const { method, path, query } = t.request;
      same([method, path], ["GET", "/flags/definitions"]);
      const asked = new URLSearchParams(query);
      same([asked.get("token"), asked.has("send_cohorts")], [KEY, true]);
    },
  ),
  row(
    "authorization",
    "protocol §1.7",
    "The secret key is the bearer, and User-Agent is there.",
    async (t) => {
      await load(t);
      strictEqual(t.request.headers.authorization, `Bearer ${SECRET}`);
      match(t.request.headers["user-agent"]!, /^posthog-wasm\//);
    },
  ),
  row("key", "flags §1", "A project's own key is no secret key: it is not sent.", async (t) => {
    const { status: ended } = await load(t, { secretKey: KEY });
    same([ended, t.requests().length], ["invalid", 0]);
  }),
  row(
    "etag",
    "protocol §1.7",
    "The ETag comes back as it was received, and 304 keeps what is there.",
    async (t) => {
      t.project.flags = { definitions: DEFINITIONS, etag: 'W/"1"' };
      const { etag } = await load(t);
      const again = await load(t, { etag });
      same([again.status, again.etag], ["not_modified", 'W/"1"']);
      strictEqual(t.requests()[1]!.headers["if-none-match"], 'W/"1"');
    },
  ),
  ...([[401, "unauthorized"], [402, "quota_limited"], [403, "forbidden"], [429, "rate_limited"], [
    500,
    "unreachable",
  ]] as const).map(([code, word]) =>
    row(`status-${code}`, "flags §5", `${code} is told as ${word}, and not asked again.`, async (t) => {
      t.answers(status(code));
      const loaded = await load(t);
      same([loaded.status, loaded.httpStatus, t.requests().length], [word, code, 1]);
    })
  ),
  row("no-flags", "flags §5", "An answer without flags is no definitions.", async (t) => {
    t.answers(status(200, { body: '{"cohorts":{}}' }));
    strictEqual((await load(t)).status, "invalid");
  }),
  row("once", "flags §5", "They are fetched when asked for, and never by themselves.", async (t) => {
    t.project.flags = { definitions: DEFINITIONS };
    await load(t);
    await new Promise((resolve) => setTimeout(resolve, 300));
    strictEqual(t.requests().length, 1);
  }),
  row(
    "store",
    "flags §5",
    "A cron job fills a store, and handlers read it without a key and without a request.",
    async (t) => {
      t.project.flags = { definitions: DEFINITIONS, etag: 'W/"1"' };
      const store = memoryFlagStore();
      strictEqual((await refreshFlagDefinitions(t.client(), { secretKey: SECRET, store })).stored, true);
      const flags = await ask(t, { definitions: await readFlagDefinitions(store) });
      same([flags.getFlag("f"), t.requests().length], [true, 1]);
    },
  ),
  row("store-304", "flags §5", "After a 304 the store's definitions stay.", async (t) => {
    t.project.flags = { definitions: DEFINITIONS, etag: 'W/"1"' };
    const store = memoryFlagStore();
    const refresh = () => refreshFlagDefinitions(t.client(), { secretKey: SECRET, store });
    await refresh();
    strictEqual((await refresh()).status, "not_modified");
    strictEqual((await readFlagDefinitions(store)).flags, 1);
  }),
  ...[401, 402, 429, 503].map((code) =>
    row(`store-${code}`, "flags §5", `After ${code} the store's definitions stay.`, async (t) => {
      t.project.flags = { definitions: DEFINITIONS };
      const store = memoryFlagStore();
      const refresh = () => refreshFlagDefinitions(t.client(), { secretKey: SECRET, store });
      await refresh();
      t.answers(status(code));
      strictEqual((await refresh()).stored, false);
      strictEqual((await readFlagDefinitions(store)).flags, 1);
    })
  ),
  row(
    "stale",
    "flags §5",
    "While the store is broken, what this isolate had of it is used, as stale.",
    async (t) => {
      t.project.flags = { definitions: DEFINITIONS };
      const store = memoryFlagStore();
      await refreshFlagDefinitions(t.client(), { secretKey: SECRET, store });
      await readFlagDefinitions(store);
      store.read = () => Promise.reject(new Error("down"));
      const read = await readFlagDefinitions(store);
      same([read.ok, read.stale], [true, true]);
    },
  ),
];
