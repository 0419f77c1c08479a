// The contract's `feature_flags`.
import { deepStrictEqual as same, strictEqual } from "node:assert/strict";
import { KEY, status, type World } from "../../world.ts";
import { ask, category, FLAG, type Run, type Test } from "./harness.ts";

/** init, one question: the request that it made. */
const asked = async (test: Test, t: World, given: object = {}) => {
  await test.init();
  await ask(test, t, given);
  const [request, ...more] = t.requests(/^\/flags/);
  strictEqual(more.length, 0);
  return request!;
};
const flagTests: [category: string, Record<string, [string, Run]>][] = [
  ["request_payload", {
    with_device_id: ["The request has all that it was given.", async (test, t) => {
      const { json } = await asked(test, t, {
        person_properties: { $device_id: "device_abc_123" },
        groups: {},
        group_properties: {},
        disable_geoip: true,
      });
      const {
        token,
        distinct_id,
        person_properties,
        groups,
        group_properties,
        geoip_disable,
        flag_keys_to_evaluate,
      } = json;
      same([token, distinct_id, person_properties.$device_id, groups, group_properties], [
        KEY,
        "test_user_123",
        "device_abc_123",
        {},
        {},
      ]);
      same([geoip_disable, flag_keys_to_evaluate], [true, [FLAG]]);
    }],
    query: ["v is 2.", async (test, t) => strictEqual((await asked(test, t)).query, "?v=2")],
    no_decide: ["Nothing is sent to /decide.", async (test, t) => {
      await asked(test, t);
      strictEqual(t.requests(/decide/).length, 0);
    }],
    no_authorization: ["There is no Authorization.", async (test, t) => {
      strictEqual((await asked(test, t)).headers.authorization, undefined);
    }],
    token: [
      "The token is that of init.",
      async (test, t) => strictEqual((await asked(test, t)).json.token, KEY),
    ],
    groups: ["Groups and their properties arrive.", async (test, t) => {
      const { json } = await asked(test, t, {
        groups: { company: "acme" },
        group_properties: { company: { plan: "enterprise" } },
      });
      same([json.groups.company, json.group_properties.company.plan], ["acme", "enterprise"]);
    }],
    other_group_types: ["Group types that nobody named before arrive too.", async (test, t) => {
      const { json } = await asked(test, t, { groups: { workspace: "w-1", company: "acme" } });
      same(json.groups, { workspace: "w-1", company: "acme" });
    }],
    no_groups: ["Without groups both are {}.", async (test, t) => {
      const { json } = await asked(test, t, { groups: null, group_properties: null });
      same([json.groups, json.group_properties], [{}, {}]);
    }],
    geoip_false: ["geoip_disable is false where that is said.", async (test, t) => {
      strictEqual((await asked(test, t, { disable_geoip: false })).json.geoip_disable, false);
    }],
    geoip_unset: ["geoip_disable is false where nothing is said.", async (test, t) => {
      strictEqual((await asked(test, t)).json.geoip_disable, false);
    }],
    keys: ["Only this flag is asked for.", async (test, t) => {
      same((await asked(test, t)).json.flag_keys_to_evaluate, [FLAG]);
    }],
  }],
  ["request_lifecycle", {
    init: ["init asks for nothing.", async (test, t) => {
      await test.init();
      strictEqual(t.requests().length, 0);
    }],
    capture: ["capture and flush ask for nothing.", async (test, t) => {
      await test.one();
      strictEqual(t.requests(/flags/).length, 0);
    }],
    no_cache: ["Two questions are two requests.", async (test, t) => {
      await test.init();
      await ask(test, t);
      await ask(test, t);
      strictEqual(t.requests(/^\/flags/).length, 2);
    }],
    legacy_answer: ["The older answer's variant is the value.", async (test, t) => {
      t.project.flags = { answer: { featureFlags: { [FLAG]: "variant-a" }, featureFlagPayloads: {} } };
      await test.init();
      same(await ask(test, t), { success: true, value: "variant-a" });
    }],
    ...Object.fromEntries([502, 504].map((code): [string, [string, Run]] => [`retries_${code}`, [
      `${code} is asked again.`,
      async (test, t) => {
        t.answers(status(code));
        await test.init();
        same(await ask(test, t), { success: true, value: true });
        strictEqual(t.requests(/^\/flags/).length, 2);
      },
    ]])),
  }],
  ["side_effect_events", {
    called: ["After a flush there is one $feature_flag_called with key and value.", async (test, t) => {
      await test.init();
      await ask(test, t);
      await test.flush();
      const called = t.project.events.filter(({ event }) => event === "$feature_flag_called");
      same(
        called.map((
          { properties: { $feature_flag, $feature_flag_response } },
        ) => [$feature_flag, $feature_flag_response]),
        [
          [FLAG, true],
        ],
      );
    }],
  }],
];
export const flags = flagTests.flatMap(([name, tests]) => category("v0", "feature_flags", name, tests));
