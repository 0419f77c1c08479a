// Flags over the wire: what PostHog is asked, what its answers come to, and what events say of it.
import { client, same, sleep, truthy } from "./check.js";

const set = async (t, flags) => {
  await (await fetch(`${t.project.control}/flags`, { method: "POST", body: JSON.stringify(flags) })).text();
};
const asked = async (t, path = /^\/flags/) =>
  (await t.project.state()).requests.filter((request) => path.test(request.path));
const codes = (snapshot) => snapshot.errors.map(({ code }) => code);
const detail = (enabled, variant, metadata = {}) => ({
  enabled,
  variant,
  reason: { code: "condition_match", description: "Matched condition set 1" },
  metadata: { id: 7, version: 3, ...metadata },
});
const ANSWER = {
  flags: {
    on: detail(true, null, { payload: '{"a":1}', has_experiment: false }),
    off: detail(false, null),
    test: detail(true, "b", { payload: "plain", has_experiment: true }),
    broken: { ...detail(false), failed: true },
  },
  errorsWhileComputingFlags: true,
  requestId: "r-1",
  evaluatedAt: 1767225600000,
  minimalFlagCalledEvents: true,
};
const definition = (key, filters, more) => ({ id: 9, key, active: true, filters, ...more });
const DEFINITIONS = {
  flags: [
    definition("all", { groups: [{}], payloads: { true: "[1]" } }, { has_experiment: false }),
    definition("pro", { groups: [{ properties: [{ key: "plan", operator: "exact", value: "pro" }] }] }),
    definition("org", { aggregation_group_type_index: 0, groups: [{}] }),
    definition("split", {
      groups: [{}],
      multivariate: {
        variants: [{ key: "a", rollout_percentage: 50 }, { key: "b", rollout_percentage: 50 }],
      },
    }),
  ],
  group_type_mapping: { 0: "organization" },
  cohorts: {},
};

export const tests = {
  async "PostHog is asked as it wants to be, and answers"(t) {
    const { trusted } = t.posthog;
    await set(t, { answer: ANSWER });
    const flags = await t.flags.evaluateFlags(client(t), {
      distinctId: "user-1",
      groups: [trusted("organization", "o-1", "a test")],
      personProperties: { plan: "pro", $device_id: "d-1" },
      groupProperties: { organization: { size: 7 }, other: { left: "out" } },
      flagKeys: ["on", "off", "test", "broken", "gone"],
      defaults: { broken: true, gone: "blue" },
    });
    const [{ method, path, query, headers, body }, more] = await asked(t);
    truthy(more === undefined, "one request");
    same([method, path, query], ["POST", "/flags/", "?v=2"]);
    same(JSON.parse(body), {
      token: "phc_test",
      distinct_id: "user-1",
      groups: { organization: "o-1" },
      person_properties: { plan: "pro", $device_id: "d-1" },
      group_properties: { organization: { $group_key: "o-1", size: 7 } },
      geoip_disable: true,
      evaluation_runtime: "server",
      flag_keys_to_evaluate: ["on", "off", "test", "broken", "gone"],
      $device_id: "d-1",
    });
    truthy(headers.authorization === undefined, "no authorization");
    truthy(/^posthog-wasm\//.test(headers["user-agent"]), headers["user-agent"]);
    same(headers["content-type"], "application/json");

    same(flags.keys, ["on", "off", "test"]);
    same(flags.keys.concat("broken", "gone", "other").map((key) => flags.getFlag(key)), [
      true,
      false,
      "b",
      true,
      "blue",
      null,
    ]);
    same(["on", "off", "test", "broken", "other"].map((key) => flags.isEnabled(key)), [
      true,
      false,
      true,
      true,
      false,
    ]);
    same([flags.getFlagPayload("on"), flags.getFlagPayload("test")], [{ a: 1 }, "plain"]);
    same(flags.getFlagPayload("off"), undefined);
    same(flags.isEnabled("other", { defaultValue: true }), true);
    same([codes(flags), flags.unresolved], [["errors_while_computing_flags"], { broken: "failed" }]);
    truthy(Object.isFrozen(flags) && Object.isFrozen(flags.keys), "immutable");
    await flags.reported();
  },

  async "the first read of a flag is an event, short where there is no experiment"(t) {
    const { trusted } = t.posthog;
    await set(t, { answer: ANSWER });
    const posthog = client(t);
    const options = { distinctId: "user-1", groups: [trusted("organization", "o-1", "a test")] };
    const flags = await t.flags.evaluateFlags(posthog, options);
    for (let times = 0; times < 3; times++) {
      flags.getFlag("on");
      flags.isEnabled("test");
      flags.getFlag("gone");
      flags.getFlagPayload("off");
    }
    const outcomes = await flags.reported();
    same(outcomes.map(({ status, events }) => [status, events.length]), [["accepted", 3]], "one request");
    const again = await t.flags.evaluateFlags(posthog, options);
    again.getFlag("on");
    again.only(["on"]).getFlag("test");
    again.onlyAccessed().getFlag("gone");
    same(await again.reported(), []);

    const { events } = await t.project.arrived(3);
    const [on, test, gone] = events.map(({ event, distinct_id, properties }) => {
      same([event, distinct_id], ["$feature_flag_called", "user-1"]);
      const { $lib, $lib_version: _, $is_server: __, $geoip_disable: ___, ...rest } = properties;
      same($lib, "posthog-wasm");
      return rest;
    });
    const about = {
      $groups: { organization: "o-1" },
      locally_evaluated: false,
      $feature_flag_request_id: "r-1",
      $feature_flag_evaluated_at: 1767225600000,
      $feature_flag_error: "errors_while_computing_flags",
    };
    const known = {
      ...about,
      $feature_flag_id: 7,
      $feature_flag_version: 3,
      $feature_flag_reason: "Matched condition set 1",
    };
    same(on, {
      ...known,
      $feature_flag: "on",
      $feature_flag_response: true,
      $feature_flag_has_experiment: false,
    });
    same(test, {
      ...known,
      $feature_flag: "test",
      $feature_flag_response: "b",
      "$feature/test": "b",
      $feature_flag_has_experiment: true,
    });
    same(gone, {
      ...about,
      $feature_flag: "gone",
      $feature_flag_error: "errors_while_computing_flags,flag_missing",
    });
  },

  async "whoever asks for no events sends none"(t) {
    await set(t, { answer: ANSWER });
    const posthog = client(t);
    const silent = await t.flags.evaluateFlags(posthog, { distinctId: "u", sendFeatureFlagEvents: false });
    silent.getFlag("on");
    const loud = await t.flags.evaluateFlags(posthog, { distinctId: "u" });
    loud.getFlag("on", { sendFeatureFlagEvents: false });
    loud.isEnabled("off", { sendFeatureFlagEvents: false });
    same([await silent.reported(), await loud.reported()], [[], []]);
    same((await t.project.state()).events, []);
    same(loud.onlyAccessed().keys, ["on", "off"], "read all the same");
  },

  async "an event says which flags were on, and its own properties win"(t) {
    await set(t, { answer: ANSWER });
    const posthog = client(t);
    const flags = await t.flags.evaluateFlags(posthog, { distinctId: "u" });
    const all = {
      "$feature/on": true,
      "$feature/off": false,
      "$feature/test": "b",
      $active_feature_flags: ["on", "test"],
    };
    const of = ({ properties }) =>
      Object.fromEntries(
        Object.entries(properties).filter(([name]) => /^\$(feature\/|active)|^own/.test(name)),
      );
    const input = { event: "e", distinctId: "u", flags, properties: { own: 1, "$feature/on": "mine" } };
    const capture = await posthog.capture(input);
    same([capture.status, capture.warnings], ["accepted", []]);
    await posthog.captureException(new Error("no"), { distinctId: "u", flags: flags.only(["off"]) });
    await posthog.track([{ kind: "capture", event: "t", distinctId: "u", flags }]);
    const { events } = await t.project.arrived(3);
    same(of(events[0]), { ...all, own: 1, "$feature/on": "mine" });
    same(of(events[1]), { "$feature/off": false });
    same(of(events[2]), all);
    same(input.flags, flags, "the input is as it was");
    // What is no snapshot is no field.
    for (const none of [{}, { on: true }, 7, "flags", JSON.parse(JSON.stringify(flags))]) {
      const { status, warnings } = await posthog.capture({ event: "e", distinctId: "u", flags: none });
      same([status, warnings.map(({ code, field }) => [code, field])], ["accepted", [[
        "unknown_field",
        "flags",
      ]]]);
    }
  },

  async "answers of every shape come to flags or to defaults"(t) {
    const posthog = client(t);
    const options = { distinctId: "u", defaults: { on: "default" }, sendFeatureFlagEvents: false };
    const evaluate = () => t.flags.evaluateFlags(posthog, options);
    const status = (status, body = "") => ({ mode: "status", status, body, times: 1 });
    for (
      const [fault, value, expected] of [
        [status(200, '{"featureFlags":{"on":"v"},"featureFlagPayloads":{"on":"1"}}'), "v", []],
        [status(200, '{"flags":{"on":{"enabled":true},"bad":null}}'), true, []],
        [status(200, '{"flags":{"on":{"enabled":true}},"quotaLimited":["feature_flags"]}'), "default", [
          "quota_limited",
        ]],
        [status(200, '{"flags":[]}'), "default", ["invalid_answer"]],
        [status(200, "<html>"), "default", ["invalid_answer"]],
        [status(200, '{"flags":{"on":{"ena'), "default", ["invalid_answer"]],
        [status(200, "null"), "default", ["invalid_answer"]],
        [status(200, "{}"), "default", []],
        [status(401), "default", ["rejected"]],
        [status(429), "default", ["rejected"]],
        [status(503), "default", ["rejected"]],
        [{ mode: "redirect", times: 1 }, "default", ["rejected"]],
      ]
    ) {
      await t.project.faults(fault);
      const flags = await evaluate();
      same([flags.getFlag("on"), codes(flags)], [value, expected], JSON.stringify(fault));
    }
    same((await asked(t)).length, 12, "none was asked for twice");
  },

  async "502 and 504 are asked again once, and nothing else is"(t) {
    await set(t, { answer: ANSWER });
    for (const status of [502, 504]) {
      await t.project.faults({ mode: "status", status, times: 1 });
      const flags = await t.flags.evaluateFlags(client(t), { distinctId: "u", sendFeatureFlagEvents: false });
      same(flags.getFlag("on"), true);
    }
    same((await asked(t)).length, 4);
    await t.project.faults({ mode: "status", status: 502 });
    const flags = await t.flags.evaluateFlags(client(t), { distinctId: "u" });
    same([codes(flags), flags.errors[0].httpStatus, (await asked(t)).length], [["rejected"], 502, 6]);
    // Nobody listens there.
    const nobody = client(t, { host: "http://127.0.0.1:1" });
    same(codes(await t.flags.evaluateFlags(nobody, { distinctId: "u" })), ["unreachable"]);
  },

  async "whatever PostHog does, a call ends in its time, and the default holds"(t) {
    for (const mode of ["hang", "stall", "drip"]) {
      await t.project.faults({ mode });
      const started = performance.now();
      const options = { distinctId: "u", timeoutMs: 100, budgetMs: 300, defaults: { on: true } };
      const flags = await t.flags.evaluateFlags(client(t), options);
      same([flags.isEnabled("on"), codes(flags)], [true, ["timed_out"]], mode);
      truthy(performance.now() - started < 3000, mode);
    }
    await t.project.faults({ mode: "hang" });
    const controller = new AbortController();
    const call = t.flags.evaluateFlags(client(t), { distinctId: "u", signal: controller.signal });
    await sleep(50);
    controller.abort();
    same(codes(await call), ["aborted"]);
    same(codes(await t.flags.evaluateFlags(client(t), { distinctId: "u", signal: controller.signal })), [
      "aborted",
    ]);
  },

  async "definitions decide here, and PostHog only what they cannot"(t) {
    const { trusted } = t.posthog;
    const { evaluateFlags, parseFlagDefinitions } = t.flags;
    const definitions = parseFlagDefinitions(DEFINITIONS);
    same([definitions.ok, definitions.flags, definitions.problems], [true, 4, []]);
    const groups = [trusted("organization", "o-1", "a test")];
    const whole = await evaluateFlags(client(t), {
      distinctId: "user-1",
      groups,
      personProperties: { plan: "pro" },
      definitions,
    });
    same(["all", "pro", "org"].map((key) => whole.getFlag(key)), [true, true, true]);
    truthy(["a", "b"].includes(whole.getFlag("split")), "a variant");
    same(whole.getFlagPayload("all"), [1]);
    same([whole.errors, whole.unresolved, await asked(t)], [[], {}, []], "nobody was asked");
    await whole.reported();
    const { events } = await t.project.arrived(4);
    same(events[0].properties.locally_evaluated, true);
    same(events[0].properties.$feature_flag_reason, "Evaluated locally");
    truthy(Math.abs(events[0].properties.$feature_flag_evaluated_at - Date.now()) < 60_000, "now");

    const options = { distinctId: "user-1", definitions, sendFeatureFlagEvents: false };
    const here = await evaluateFlags(client(t), { ...options, onlyEvaluateLocally: true });
    same([here.getFlag("pro") ?? null, here.unresolved, here.getFlag("org")], [null, {
      pro: "missing_context",
    }, false]);
    same(await asked(t), []);
    await set(t, { answer: { flags: { pro: detail(true), all: detail(false) } } });
    const both = await evaluateFlags(client(t), options);
    same(
      [both.getFlag("pro"), both.getFlag("all"), both.unresolved],
      [true, true, {}],
      "what was decided here stays",
    );
    same((await asked(t)).length, 1);
    // Whom to ask is wrong: what was decided here stays.
    const nowhere = await evaluateFlags(client(t, { host: "nowhere" }), options);
    same([nowhere.getFlag("all"), nowhere.getFlag("pro") ?? null, codes(nowhere)], [true, null, [
      "invalid_host",
    ]]);
    // One that has no definition is asked for.
    await evaluateFlags(client(t), { ...options, flagKeys: ["all", "new"] });
    same(JSON.parse((await asked(t))[1].body).flag_keys_to_evaluate, ["all", "new"]);
    await evaluateFlags(client(t), { ...options, flagKeys: ["all"] });
    same((await asked(t)).length, 2);
  },

  async "definitions of many projects are each their own, however many the module keeps"(t) {
    const { evaluateFlags, parseFlagDefinitions } = t.flags;
    const all = Array.from(
      { length: 9 },
      (_, at) => parseFlagDefinitions({ flags: [definition(`flag-${at}`, { groups: [{}] })] }),
    );
    for (let round = 0; round < 2; round++) {
      for (const [at, definitions] of all.entries()) {
        const options = { distinctId: "u", definitions, onlyEvaluateLocally: true };
        same((await evaluateFlags(client(t), options)).keys, [`flag-${at}`]);
      }
    }
  },

  async "definitions are fetched once, with what there is of them in mind"(t) {
    const { loadFlagDefinitions } = t.flags;
    await set(t, { definitions: DEFINITIONS, etag: 'W/"one"' });
    const posthog = client(t);
    const first = await loadFlagDefinitions(posthog, { secretKey: "phs_secret" });
    same([first.status, first.etag, first.definitions.flags, first.definitions.stale], [
      "loaded",
      'W/"one"',
      4,
      false,
    ]);
    truthy(first.definitions.ageMs < 60_000, "new");
    const [{ method, query, headers }] = await asked(t);
    same([method, query, headers.authorization], [
      "GET",
      "?token=phc_test&send_cohorts",
      "Bearer phs_secret",
    ]);
    same(
      (await loadFlagDefinitions(posthog, { secretKey: "phs_secret", etag: first.etag })).status,
      "not_modified",
    );
    same((await asked(t))[1].headers["if-none-match"], 'W/"one"');
    for (
      const [status, name] of [
        [401, "unauthorized"],
        [402, "quota_limited"],
        [403, "forbidden"],
        [429, "rate_limited"],
        [404, "rejected"],
        [500, "unreachable"],
      ]
    ) {
      await t.project.faults({ mode: "status", status, times: 1 });
      const { status: told, httpStatus, definitions = null, error } = await loadFlagDefinitions(posthog, {
        secretKey: "phs_secret",
      });
      same([told, httpStatus, definitions, error.code], [name, status, null, name]);
    }
    same((await asked(t)).length, 8, "each once");
    for (const body of ["", "<html>", '{"flags":', "{}", '{"flags":{}}']) {
      await t.project.faults({ mode: "status", status: 200, body, times: 1 });
      same((await loadFlagDefinitions(posthog, { secretKey: "phs_secret" })).status, "invalid", body);
    }
    for (const secretKey of [undefined, "", "phc_test", "phs_ü", 7]) {
      const { status, error } = await loadFlagDefinitions(posthog, { secretKey });
      same([status, error.field], ["invalid", "secretKey"]);
      truthy(!error.message.includes("phs_ü"), "no key in a message");
    }
    await t.project.faults({ mode: "hang" });
    same((await loadFlagDefinitions(posthog, { secretKey: "phs_s", timeoutMs: 50 })).status, "timed_out");
  },

  async "a cron job fills a store, handlers read it, and a broken one keeps the last"(t) {
    const { evaluateFlags, memoryFlagStore, readFlagDefinitions, refreshFlagDefinitions } = t.flags;
    await set(t, { definitions: DEFINITIONS, etag: "one" });
    const posthog = client(t);
    const kept = memoryFlagStore();
    let broken = false;
    const store = {
      read: () => broken ? Promise.reject(new Error("store is down")) : kept.read(),
      write: (stored) => kept.write(stored),
    };
    const none = await readFlagDefinitions(store);
    same([none.ok, none.error.code], [false, "store_empty"]);
    const refresh = () => refreshFlagDefinitions(posthog, { secretKey: "phs_secret", store });
    same(((r) => [r.status, r.stored])(await refresh()), ["loaded", true]);
    const { fetchedAt } = await kept.read();
    await sleep(5);
    same(((r) => [r.status, r.stored])(await refresh()), ["not_modified", true]);
    truthy((await kept.read()).fetchedAt > fetchedAt, "its age is known");
    for (const status of [401, 402, 403, 429, 500]) {
      await t.project.faults({ mode: "status", status, times: 1 });
      same((await refresh()).stored, false);
    }
    await t.project.faults({ mode: "status", status: 200, body: "<html>", times: 1 });
    same(((r) => [r.status, r.stored])(await refresh()), ["invalid", false]);

    const definitions = await readFlagDefinitions(store);
    same([definitions.ok, definitions.flags, definitions.stale, definitions.etag], [true, 4, false, "one"]);
    await sleep(5);
    same((await readFlagDefinitions(store, { maxAgeMs: 1 })).stale, true);
    same((await readFlagDefinitions(store, { maxAgeMs: 60_000 })).stale, false);
    broken = true;
    const last = await readFlagDefinitions(store);
    same([last.ok, last.stale, last.error.code], [true, true, "store_failed"]);
    const flags = await evaluateFlags(posthog, {
      distinctId: "u",
      definitions: last,
      onlyEvaluateLocally: true,
    });
    same([flags.isEnabled("all", { sendFeatureFlagEvents: false }), flags.errors], [true, []]);
    for (
      const hostile of [
        { read: () => ({ text: "<html>" }) },
        { read: () => new Promise(() => {}) },
        { read: () => ({ text: 7 }) },
        {
          read() {
            throw undefined;
          },
        },
        {},
        null,
        7,
      ]
    ) {
      const read = await readFlagDefinitions(hostile, { timeoutMs: 20 });
      same(read.ok, false);
      truthy(read.error.code, "says why");
    }
  },

  async "nothing that a fetch or a store says of itself is quoted: it may hold a key"(t) {
    const {
      evaluateFlags,
      loadFlagDefinitions,
      memoryFlagStore,
      readFlagDefinitions,
      refreshFlagDefinitions,
    } = t.flags;
    const words = "of phs_secret at https://example.com/?token=phc_test";
    const fails = (error) => client(t, { fetch: () => Promise.reject(error) });
    const { host } = new URL(t.project.host);
    for (
      const [posthog, message] of [
        // In Deno's words there is the whole address.
        [client(t, { host: "http://127.0.0.1:2" }), / 127\.0\.0\.1:2$/],
        [fails(new TypeError(words)), `TypeError in fetch ${host}`],
        [fails(Object.assign(new Error(words), { cause: { code: "ECONNRESET" } })), `ECONNRESET ${host}`],
        [fails(words), `an error in fetch ${host}`],
        [
          fails({
            get message() {
              throw new Error(words);
            },
          }),
          "fetch failed",
        ],
      ]
    ) {
      const load = await loadFlagDefinitions(posthog, { secretKey: "phs_secret" });
      const flags = await evaluateFlags(posthog, { distinctId: "u" });
      for (const error of [load.error, ...flags.errors]) {
        same(error.code, "unreachable");
        truthy(error.message === message || message.exec?.(error.message), error.message);
        truthy(!/secret|phc_/.test(JSON.stringify([load, flags.errors])), "no key in a message");
      }
    }

    await set(t, { definitions: DEFINITIONS });
    const slow = new DOMException(words, "TimeoutError");
    for (
      const [thrown, message] of [
        [new TypeError(words), "threw: TypeError"],
        [Object.assign(new Error(words), { code: "42P01" }), "threw: 42P01"],
        [Object.assign(new Error(words), { fields: { code: "42P01" } }), "threw: 42P01"],
        [Object.assign(new Error(words), { code: words, name: words }), "threw"],
        [words, "threw"],
        [undefined, "threw"],
        [slow, "no answer in time"],
      ]
    ) {
      const fail = () => Promise.reject(thrown);
      const store = { ...memoryFlagStore(), write: fail };
      const { stored, error } = await refreshFlagDefinitions(client(t), { secretKey: "phs_secret", store });
      same([stored, error], [false, { code: "store_failed", message }]);
      same((await readFlagDefinitions({ read: fail })).error, { code: "store_failed", message });
    }
    const never = { read: () => new Promise(() => {}) };
    same((await readFlagDefinitions(never, { timeoutMs: 5 })).error.message, "no answer in time");
  },

  async "a stored text that cannot be used is replaced"(t) {
    const { readFlagDefinitions, refreshFlagDefinitions } = t.flags;
    await set(t, { definitions: DEFINITIONS, etag: 'W/"1"' });
    for (const text of ['{"fl', "{}", "", 7]) {
      let kept = { text, etag: 'W/"1"' };
      const store = { read: () => kept, write: (stored) => void (kept = stored) };
      const refresh = () => refreshFlagDefinitions(client(t), { secretKey: "phs_secret", store });
      same(((r) => [r.status, r.stored])(await refresh()), ["loaded", true], String(text));
      same((await readFlagDefinitions(store)).ok, true);
      same((await refresh()).status, "not_modified", "what can be used is not fetched again");
    }
  },

  async "a store that is none, or a time that is none, is refused before anybody is asked"(t) {
    const { memoryFlagStore, readFlagDefinitions, refreshFlagDefinitions } = t.flags;
    const refused = (field, message) => ({ code: "invalid_config", field, message });
    const refresh = (options) => refreshFlagDefinitions(client(t), { secretKey: "phs_secret", ...options });
    const { read, write } = memoryFlagStore();
    for (const store of [undefined, null, 7, {}, { read }, { write }, { read: 1, write }]) {
      const { status, stored, error } = await refresh({ store });
      same([status, stored, error], ["invalid", false, refused("store", "must have read(), write()")]);
    }
    for (const store of [undefined, null, 7, {}, { write }]) {
      const { ok, error } = await readFlagDefinitions(store);
      same([ok, error], [false, refused("store", "must have read()")]);
    }
    const store = memoryFlagStore();
    const time = "must be a whole number, 1 to 600000";
    for (const ms of [Infinity, 1e10, 600_001, NaN, 0, -1, 1.5, "5", {}]) {
      const { status, stored, error } = await refresh({ store, storeTimeoutMs: ms });
      same([status, stored, error], ["invalid", false, refused("storeTimeoutMs", time)]);
      const { ok, error: unread } = await readFlagDefinitions(store, { timeoutMs: ms });
      same([ok, unread], [false, refused("timeoutMs", time)]);
    }
    same((await asked(t)).length, 0);
    for (const ms of [undefined, null, 600_000]) {
      await set(t, { definitions: DEFINITIONS });
      same((await refresh({ store, storeTimeoutMs: ms })).stored, true);
      same((await readFlagDefinitions(store, { timeoutMs: ms })).ok, true);
    }
  },

  async "an answer that comes when the call has ended is not read"(t) {
    let read = 0;
    let cancelled = 0;
    const fetch = async () => {
      await sleep(60);
      const body = new ReadableStream({
        pull(controller) {
          read++;
          controller.enqueue(new TextEncoder().encode(" "));
        },
        cancel: () => void cancelled++,
      }, { highWaterMark: 0 });
      return new Response(body);
    };
    const options = { distinctId: "u", timeoutMs: 20, budgetMs: 20 };
    same(codes(await t.flags.evaluateFlags(client(t, { fetch }), options)), ["timed_out"]);
    await sleep(100);
    same([read, cancelled], [0, 1]);
  },

  async "a key that is no string is no flag, and nothing is thrown"(t) {
    await set(t, { answer: ANSWER });
    const flags = await t.flags.evaluateFlags(client(t), { distinctId: "u", defaults: { undefined: true } });
    const throwing = {
      toString() {
        throw new Error("no");
      },
    };
    for (const key of [Object.create(null), throwing, Symbol("on"), undefined, null, 7, ["on"]]) {
      same([flags.getFlag(key), flags.isEnabled(key), flags.getFlagPayload(key)], [null, false, null]);
      same(flags.isEnabled(key, { defaultValue: true }), true);
      same([flags.only(key).keys, flags.only([key, "off"]).keys], [key?.[0] === "on" ? ["on"] : [], ["off"]]);
    }
    same([flags.onlyAccessed().keys, await flags.reported()], [[], []]);
    same(flags.only("on").keys, ["on"], "one key");
    same(flags.only(new Set(["on", "test"])).keys, ["on", "test"]);
  },

  async "the stores give back what they were given"(t) {
    const { denoKvFlagStore, memoryFlagStore, workersKvFlagStore } = t.flags;
    const values = new Map();
    const workers = {
      get: async (key, type) => values.has(key) && type === "json" ? JSON.parse(values.get(key)) : null,
      put: async (key, value) => void values.set(key, value),
    };
    const pieces = new Map();
    const deno = {
      get: async (key) => ({ value: pieces.get(JSON.stringify(key)) ?? null }),
      async set(key, value) {
        truthy(JSON.stringify(value).length < 65_536, "Deno KV takes 64 KiB");
        pieces.set(JSON.stringify(key), value);
      },
      delete: async (key) => void pieces.delete(JSON.stringify(key)),
    };
    for (const store of [memoryFlagStore(), workersKvFlagStore(workers), denoKvFlagStore(deno)]) {
      same(await store.read(), null);
      for (const length of [200_000, 10, 0]) {
        const stored = { text: "ü😀x".repeat(length), etag: 'W/"1"', fetchedAt: "2026-01-02T03:04:05.678Z" };
        await store.write(stored);
        same(await store.read(), stored);
      }
    }
    same(pieces.size, 1, "nothing of the older ones is left");

    const [long, longer] = [50_000, 70_000].map((length) => ({ text: "x".repeat(length), etag: "e" }));
    await denoKvFlagStore(deno).write(long);
    const failing = { ...deno, delete: () => Promise.reject(new Error("no")) };
    await denoKvFlagStore(failing).write(longer);
    same(await denoKvFlagStore(deno).read(), longer, "what is left of an older one does no harm");
    pieces.clear();
    await denoKvFlagStore(deno).write(long);
    let other;
    const between = {
      ...deno,
      async set(key, value) {
        await (other ??= denoKvFlagStore(deno).write(longer));
        await deno.set(key, value);
      },
    };
    await denoKvFlagStore(between).write(long);
    same(
      [await denoKvFlagStore(deno).read(), pieces.size],
      [long, 5],
      "nor is anything left by another writer",
    );
  },

  async "what no event would take is refused or mended as an event's is"(t) {
    const { evaluateFlags, parseFlagDefinitions } = t.flags;
    const definitions = parseFlagDefinitions(JSON.stringify(DEFINITIONS));
    const local = { distinctId: "u", definitions, onlyEvaluateLocally: true, defaults: { all: "default" } };
    const company = t.posthog.trusted("company", "c", "a test");
    const other = await evaluateFlags(client(t), { ...local, groups: [company] });
    same([codes(other), other.errors[0].field, other.getFlag("all")], [
      ["unknown_group_type"],
      "groups",
      "default",
    ]);
    const types = { groupTypes: ["organization", "company"] };
    same(codes(await evaluateFlags(client(t, types), { ...local, groups: [company] })), []);
    const odd = await evaluateFlags(client(t), { ...local, personproperties: {}, flagkeys: [] });
    same(odd.errors.map(({ code, field }) => [code, field]), [
      ["unknown_option", "personproperties"],
      ["unknown_option", "flagkeys"],
    ]);
    same(odd.isEnabled("all"), true);
    same(codes(await evaluateFlags(client(t), { distinct_id: "u" })), [
      "missing_distinct_id",
      "unknown_option",
    ]);
    await set(t, { flags: {} });
    const half = "\ud83d";
    await evaluateFlags(client(t), { distinctId: `u${half}`, personProperties: { name: `Jo ${half}` } });
    const { body } = (await asked(t)).at(-1);
    const { distinct_id, person_properties } = JSON.parse(body);
    same([distinct_id, person_properties, body.includes("\\ud83d")], [
      "u\ufffd",
      { name: "Jo \ufffd" },
      false,
    ]);
  },

  async "bad input gets a code, the default, and nothing thrown"(t) {
    const { evaluateFlags, parseFlagDefinitions } = t.flags;
    const whole = JSON.stringify(DEFINITIONS);
    for (
      const [given, code] of [
        [whole.slice(0, -1), "not_json"],
        ["", "not_json"],
        ["<html>", "not_json"],
        [null, "not_definitions"],
        [{ events: [] }, "not_definitions"],
        ['{"flags":7}', "not_definitions"],
        [`{"flags":${"[".repeat(500)}${"]".repeat(500)}}`, "too_deep"],
        [`{"flags":[],"pad":"${"x".repeat(10_000_000)}"}`, "too_large"],
        [undefined, "not_json"],
        [1n, "not_json"],
        [Symbol(), "not_json"],
      ]
    ) {
      const definitions = parseFlagDefinitions(given);
      same([definitions.ok, definitions.error.code], [false, code]);
      const options = { distinctId: "u", definitions, onlyEvaluateLocally: true, defaults: { all: true } };
      const flags = await evaluateFlags(client(t), options);
      same([flags.isEnabled("all"), codes(flags), flags.keys], [true, [code], []]);
    }
    const circle = {};
    circle.circle = circle;
    const throwing = {
      get plan() {
        throw new Error("no");
      },
    };
    const unverified = { type: "organization", key: "o-1" };
    for (
      const [options, code, field] of [
        [undefined, "missing_distinct_id", "distinctId"],
        [null, "missing_distinct_id", "distinctId"],
        [{}, "missing_distinct_id", "distinctId"],
        [{ distinctId: " " }, "missing_distinct_id", "distinctId"],
        [{ distinctId: 7 }, "invalid_type", "distinctId"],
        [{ distinctId: "u", groups: [unverified] }, "unverified_group", "groups[0]"],
        [{ distinctId: "u", groups: { organization: "o-1" } }, "unverified_group", "groups"],
        [{ distinctId: "u", personProperties: [] }, "invalid_type", "personProperties"],
        [{ distinctId: "u", personProperties: { a: 1n } }, "bigint", "personProperties.a"],
        [{ distinctId: "u", personProperties: circle }, "circular", "personProperties.circle"],
        [{ distinctId: "u", personProperties: throwing }, "unreadable", "personProperties.plan"],
        [{ distinctId: "u", personProperties: { a: "x".repeat(1_100_000) } }, "too_large", ""],
        [
          { distinctId: "u", groupProperties: { organization: 7 } },
          "invalid_type",
          "groupProperties.organization",
        ],
        [{ distinctId: "u", flagKeys: "all" }, "invalid_type", "flagKeys"],
        [{ distinctId: "u", timeoutMs: -1 }, "invalid_config", "timeoutMs"],
        [{ distinctId: "u", definitions: {} }, "not_definitions", undefined],
      ]
    ) {
      const defaults = options ? { all: true } : undefined;
      const flags = await evaluateFlags(client(t), options && { ...options, defaults });
      same([codes(flags)[0], flags.errors[0].field], [code, field], code);
      same(flags.isEnabled("all"), defaults !== undefined);
    }
    same((await asked(t)).length, 1, "only for what were no definitions");
    const getter = {
      distinctId: "u",
      defaults: { all: true },
      get flagKeys() {
        throw new Error("no");
      },
    };
    const unread = await evaluateFlags(client(t), getter);
    same([codes(unread), unread.isEnabled("all")], [["unreadable"], true]);
    let answers = 0;
    const fetch = async () => {
      answers++;
      return new Response("x".repeat(8_000_001));
    };
    const endless = await evaluateFlags(client(t, { fetch }), { distinctId: "u" });
    same([codes(endless), answers], [["too_large"], 1]);
    for (const none of [undefined, null, "Response", { status: "200" }]) {
      const odd = client(t, { fetch: async () => none });
      const flags = await evaluateFlags(odd, { distinctId: "u", budgetMs: 100, defaults: { all: true } });
      same([flags.isEnabled("all"), flags.errors.length], [true, 1]);
    }
    for (const nobody of [undefined, null, {}, "posthog"]) {
      same(codes(await evaluateFlags(nobody, { distinctId: "u" })), ["invalid_config"]);
    }
    same(codes(await evaluateFlags(client(t, { disabled: true }), { distinctId: "u" })), ["disabled"]);
    const keyless = new t.posthog.PostHog(undefined, { logger() {} });
    same(codes(await evaluateFlags(keyless, { distinctId: "u" })), ["not_configured"]);
    const empty = await evaluateFlags(client(t), { distinctId: "u", flagKeys: [] });
    same([empty.keys, empty.errors], [[], []]);
    for (const key of [undefined, null, {}, "toString", "__proto__"]) same(empty.getFlag(key) ?? null, null);
  },
};
