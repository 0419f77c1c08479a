// flags §1, §3 and §4.6: snapshots, what reading them sends, and what is asked when a flag cannot be decided.
import { deepStrictEqual as same, ok, strictEqual } from "node:assert/strict";
import { evaluateFlags, type EvaluateFlagsOptions, parseFlagDefinitions } from "posthog-wasm/flags";
import { trusted } from "posthog-wasm/full";
import { row, unmet } from "../row.ts";
import { EVENT, status, type World } from "../world.ts";

const detail = (enabled: boolean, more: object = {}, metadata: object = {}) => ({
  enabled,
  reason: { code: "condition_match", description: "Matched condition set 1" },
  metadata: { id: 7, version: 3, ...metadata },
  ...more,
});
const ANSWER = {
  flags: {
    on: detail(true),
    off: detail(false),
    test: detail(true, { variant: "b" }, { payload: '{"a":1}', has_experiment: true }),
    plain: detail(true, {}, { has_experiment: false }),
  },
  errorsWhileComputingFlags: false,
  requestId: "r-1",
  evaluatedAt: 1767225600000,
  minimalFlagCalledEvents: true,
};
const DEFINITIONS = parseFlagDefinitions({
  flags: [
    { id: 9, key: "local", active: true, filters: { groups: [{}] } },
    { id: 8, key: "sticky", active: true, ensure_experience_continuity: true, filters: { groups: [{}] } },
    {
      id: 6,
      key: "odd",
      active: true,
      filters: { groups: [{ properties: [{ key: "a", operator: "odd", value: 1 }] }] },
    },
    {
      id: 5,
      key: "pro",
      active: true,
      filters: { groups: [{ properties: [{ key: "plan", value: "pro" }] }] },
    },
  ],
  group_type_mapping: {},
  cohorts: {},
});
const COMPANY = trusted("company", "acme", "a row");

async function flagsOf(t: World, options: Partial<EvaluateFlagsOptions> = {}) {
  t.project.flags = { answer: ANSWER };
  return await evaluateFlags(t.client(), { distinctId: "user-1", ...options });
}

const called = (t: World) => t.project.events.filter(({ event }) => event === "$feature_flag_called");

export const snapshots = [
  row(
    "values",
    "flags §1",
    "getFlag is false, true or the variant; undefined where there is none.",
    async (t) => {
      const flags = await flagsOf(t, { sendFeatureFlagEvents: false });
      same(["off", "on", "test", "none"].map((key) => flags.getFlag(key)), [false, true, "b", undefined]);
    },
  ),
  row(
    "defaults",
    "flags §1",
    "isEnabled takes a default, which counts only where there is no flag.",
    async (t) => {
      const flags = await flagsOf(t, { sendFeatureFlagEvents: false });
      same(["off", "test", "none"].map((key) => flags.isEnabled(key, { defaultValue: true })), [
        false,
        true,
        true,
      ]);
      strictEqual(flags.isEnabled("none"), false);
    },
  ),
  row("payloads", "flags §1", "getFlagPayload is parsed, and sends nothing.", async (t) => {
    const flags = await flagsOf(t);
    same(flags.getFlagPayload("test"), { a: 1 });
    same([await flags.reported(), t.requests(/batch/).length], [[], 0]);
  }),
  row("slices", "flags §1", "only and onlyAccessed are slices; unknown keys are dropped.", async (t) => {
    const flags = await flagsOf(t, { sendFeatureFlagEvents: false });
    flags.getFlag("on");
    same([flags.only(["off", "none"]).keys, flags.onlyAccessed().keys], [["off"], ["on"]]);
  }),
  row("immutable", "flags §1", "A snapshot does not change.", async (t) => {
    const flags = await flagsOf(t);
    ok(Object.isFrozen(flags) && Object.isFrozen(flags.keys));
  }),
  row("inherited", "flags §6.4", "A key that every object has is no flag.", async (t) => {
    strictEqual((await flagsOf(t, { sendFeatureFlagEvents: false })).getFlag("toString"), undefined);
  }),
  row(
    "no-identity",
    "flags §1",
    "Without an identity there is an empty snapshot, and no request.",
    async (t) => {
      same([(await flagsOf(t, { distinctId: "" })).keys, t.requests().length], [[], 0]);
    },
  ),
  row("disabled", "flags §1", "A client that is off gives an empty, silent snapshot.", async (t) => {
    const flags = await evaluateFlags(t.client({ disabled: true }), { distinctId: "u" });
    same([flags.getFlag("on"), t.requests().length], [undefined, 0]);
  }),
  row(
    "never-rejects",
    "flags §1",
    "Failures are in the snapshot; nothing is thrown, even for what has no JSON.",
    async (t) => {
      const flags = await flagsOf(t, { personProperties: { a: 1n }, defaults: { on: "safe" } });
      same([flags.getFlag("on"), flags.errors.length, t.requests().length], ["safe", 1, 0]);
    },
  ),
  row("key-not-id", "flags §6.3", "Groups are verified: a bare string decides no flag.", async (t) => {
    // deno-lint-ignore no-explicit-any
    const flags = await flagsOf(t, { groups: [{ type: "company", key: "acme" }] as any });
    same([flags.errors[0]!.code, t.requests().length], ["unverified_group", 0]);
  }),
];

export const events = [
  row(
    "first-read",
    "flags §3",
    "The first read of a flag sends $feature_flag_called, the second nothing.",
    async (t) => {
      const flags = await flagsOf(t);
      flags.getFlag("test");
      flags.getFlag("test");
      await flags.reported();
      same(called(t).map(({ distinct_id }) => distinct_id), ["user-1"]);
    },
  ),
  row("properties", "flags §3", "It has all that PostHog wants to know of the evaluation.", async (t) => {
    const flags = await flagsOf(t, { groups: [COMPANY] });
    flags.getFlag("test");
    await flags.reported();
    const { $lib: _, $lib_version: __, $is_server: ___, $geoip_disable: ____, ...told } =
      called(t)[0]!.properties;
    same(told, {
      "$feature_flag": "test",
      "$feature_flag_response": "b",
      "$feature/test": "b",
      "$feature_flag_id": 7,
      "$feature_flag_version": 3,
      "$feature_flag_reason": "Matched condition set 1",
      "locally_evaluated": false,
      "$feature_flag_request_id": "r-1",
      "$feature_flag_evaluated_at": 1767225600000,
      "$feature_flag_has_experiment": true,
      "$groups": { company: "acme" },
    });
  }),
  row("minimal", "flags §3", "It is short where PostHog allows that and no experiment runs.", async (t) => {
    const flags = await flagsOf(t);
    flags.getFlag("plain");
    await flags.reported();
    ok(!("$feature/plain" in called(t)[0]!.properties));
    strictEqual(called(t)[0]!.properties.$feature_flag_has_experiment, false);
  }),
  row(
    "missing",
    "flags §3",
    "A flag that is not there is reported as flag_missing, without a response.",
    async (t) => {
      const flags = await flagsOf(t);
      flags.getFlag("none");
      await flags.reported();
      const { properties } = called(t)[0]!;
      strictEqual(properties.$feature_flag_error, "flag_missing");
      ok(!("$feature_flag_response" in properties) && !("$feature/none" in properties));
    },
  ),
  row("local", "flags §3", "A flag that was decided here says so.", async (t) => {
    const flags = await flagsOf(t, { definitions: DEFINITIONS, onlyEvaluateLocally: true });
    flags.getFlag("local");
    await flags.reported();
    const { locally_evaluated, $feature_flag_id, $feature_flag_reason, $feature_flag_version } =
      called(t)[0]!.properties;
    same([locally_evaluated, $feature_flag_id, $feature_flag_reason, $feature_flag_version], [
      true,
      9,
      "Evaluated locally",
      undefined,
    ]);
  }),
  row(
    "inconclusive",
    "flags §3",
    "One that could not be decided here says local_evaluation_inconclusive.",
    async (t) => {
      const flags = await flagsOf(t, { definitions: DEFINITIONS, onlyEvaluateLocally: true });
      flags.getFlag("sticky");
      await flags.reported();
      strictEqual(called(t)[0]!.properties.$feature_flag_error, "local_evaluation_inconclusive");
    },
  ),
  row(
    "dedupe",
    "flags §3",
    "The same person, flag, value and groups are reported once for a client.",
    async (t) => {
      t.project.flags = { answer: ANSWER };
      const posthog = t.client();
      for (let times = 0; times < 2; times++) {
        const flags = await evaluateFlags(posthog, { distinctId: "user-1" });
        flags.getFlag("on");
        await flags.reported();
      }
      const other = await evaluateFlags(posthog, { distinctId: "user-1", groups: [COMPANY] });
      other.getFlag("on");
      await other.reported();
      strictEqual(called(t).length, 2);
    },
  ),
  row(
    "silent",
    "flags §1",
    "Reads are silent where that is asked for, of a call or of one read.",
    async (t) => {
      (await flagsOf(t, { sendFeatureFlagEvents: false })).getFlag("on");
      const flags = await flagsOf(t);
      flags.getFlag("on", { sendFeatureFlagEvents: false });
      same(await flags.reported(), []);
    },
  ),
  row(
    "on-captures",
    "flags §3",
    "A capture with a snapshot has $feature/<key> of each flag, and the active ones in order.",
    async (t) => {
      const flags = await flagsOf(t, { sendFeatureFlagEvents: false });
      await t.client().capture({ ...EVENT, flags });
      const { properties } = t.project.events[0]!;
      same(["on", "off", "test"].map((key) => properties[`$feature/${key}`]), [true, false, "b"]);
      same(properties.$active_feature_flags, ["on", "plain", "test"]);
    },
  ),
  row("own-win", "flags §3", "The caller's own properties win over the snapshot's.", async (t) => {
    const flags = await flagsOf(t, { sendFeatureFlagEvents: false });
    await t.client().capture({ ...EVENT, flags, properties: { "$feature/on": "mine" } });
    strictEqual(t.project.events[0]!.properties["$feature/on"], "mine");
  }),
  row("hook", "flags §3", "before_send sees it like any other event.", async (t) => {
    t.project.flags = { answer: ANSWER };
    const posthog = t.client({
      before_send: (event) => event.event === "$feature_flag_called" ? null : event,
    });
    const flags = await evaluateFlags(posthog, { distinctId: "user-1" });
    flags.getFlag("on");
    same((await flags.reported()).map(({ status }) => status), ["skipped"]);
  }),
  unmet(
    "definitions-loaded-at",
    "flags §3",
    "A flag that was decided here says when its definitions were loaded ($feature_flag_definitions_loaded_at).",
    "Handlers read definitions that a cron job stored; posthog-node says it only of what the same process fetched.",
  ),
];

export const fallback = [
  row("local-only", "flags §4.6", "Where all is decided here PostHog is not asked.", async (t) => {
    const flags = await flagsOf(t, { definitions: DEFINITIONS, flagKeys: ["local"] });
    same([flags.getFlag("local", { sendFeatureFlagEvents: false }), t.requests().length], [true, 0]);
  }),
  row("asks", "flags §4.6", "Where one is not, PostHog is asked once, and local values win.", async (t) => {
    const own = { ...ANSWER, flags: { ...ANSWER.flags, local: detail(false), sticky: detail(true) } };
    t.project.flags = { answer: own };
    const flags = await evaluateFlags(t.client(), {
      distinctId: "user-1",
      definitions: DEFINITIONS,
      sendFeatureFlagEvents: false,
    });
    same([flags.getFlag("local"), flags.getFlag("sticky"), t.requests().length], [true, true, 1]);
  }),
  row("unknown-key", "flags §4.6", "A key that has no definition is asked for.", async (t) => {
    const flags = await flagsOf(t, {
      definitions: DEFINITIONS,
      flagKeys: ["local", "on"],
      sendFeatureFlagEvents: false,
    });
    same([flags.getFlag("on"), t.requests().length], [true, 1]);
  }),
  row("reasons", "flags §4.6", "Undecided flags have their reasons.", async (t) => {
    const flags = await flagsOf(t, { definitions: DEFINITIONS, onlyEvaluateLocally: true });
    same({ ...flags.unresolved }, {
      sticky: "experience_continuity",
      odd: "unsupported_definition",
      pro: "missing_context",
    });
  }),
  row("failed", "flags §2", "When asking fails, what was decided here holds.", async (t) => {
    t.answers(status(500));
    const flags = await evaluateFlags(t.client(), {
      distinctId: "user-1",
      definitions: DEFINITIONS,
      defaults: { sticky: "safe" },
      sendFeatureFlagEvents: false,
    });
    same([flags.getFlag("local"), flags.getFlag("sticky")], [true, "safe"]);
  }),
];
