// flags §4: definitions are served over the wire, and decided here.
import { deepStrictEqual as same, strictEqual } from "node:assert/strict";
import { evaluateFlags, type FlagValue, loadFlagDefinitions } from "posthog-wasm/flags";
import { trusted } from "posthog-wasm/full";
import { type Row, row } from "../row.ts";
import type { Json, World } from "../world.ts";

/** Undecided: no value. */
const OPEN = undefined;
type Decided = FlagValue | undefined;

interface Given {
  id?: string;
  person?: Json;
  groups?: Record<string, string>;
  groupProperties?: Json;
  definitions?: Json;
}

const flag = (key: string, filters: Json, more: Json = {}) => ({
  id: 1,
  key,
  active: true,
  filters,
  ...more,
});
const when = (...properties: Json[]) => ({ groups: [{ properties, rollout_percentage: 100 }] });
const SPLIT = {
  groups: [{ rollout_percentage: 100 }],
  multivariate: {
    variants: [["control", 33.33], ["b", 33.33], ["c", 33.34]].map(([key, share]) => ({
      key,
      rollout_percentage: share,
    })),
  },
};

/** What the first flag comes to; PostHog is not asked. */
async function decide(t: World, flags: Json[], given: Given = {}): Promise<Decided> {
  const { id = "user-1", person, groups = {}, groupProperties, definitions } = given;
  t.project.flags = {
    definitions: { flags, group_type_mapping: { 0: "company" }, cohorts: {}, ...definitions },
  };
  const loaded = await loadFlagDefinitions(t.client(), { secretKey: "phs_secret" });
  strictEqual(loaded.status, "loaded");
  const snapshot = await evaluateFlags(t.client(), {
    distinctId: id,
    personProperties: person,
    groups: Object.entries(groups).map(([type, key]) => trusted(type, key)),
    groupProperties,
    definitions: loaded.definitions,
    onlyEvaluateLocally: true,
    sendFeatureFlagEvents: false,
  });
  return snapshot.getFlag(flags[0].key);
}

const decides = (
  id: string,
  source: string,
  requirement: string,
  flags: Json[],
  expected: Decided,
  given?: Given,
): Row => row(id, source, requirement, async (t) => strictEqual(await decide(t, flags, given), expected));

/** One operator: filter value, property value, whether it matches. */
const OPERATORS: [operator: string, filter: Json, value: Json, expected: Decided][] = [
  ["exact", "Pro", "pRO", true],
  ["exact", ["a", "b"], "b", true],
  ["exact", "30", 30, true],
  ["exact", 1.5, 1.5, true],
  ["exact", "true", true, true],
  ["is_not", "pro", "solo", true],
  ["is_not", "pro", "PRO", false],
  ["is_set", "x", "any", true],
  ["is_not_set", "x", "any", false],
  ["icontains", "ACME", "the acme inc", true],
  ["icontains", "Ü", "ü", false],
  ["not_icontains", "acme", "other", true],
  ["starts_with", "the", "The end", true],
  ["ends_with", "END", "The end", true],
  ["not_starts_with", "a", "b", true],
  ["not_ends_with", "a", "b", true],
  ["regex", "^a.c$", "abc", true],
  ["regex", "A", "a", false],
  ["regex", "(", "a", false],
  ["not_regex", "(", "a", false],
  ["not_regex", "^a", "b", true],
  ["regex", "(?=a)", "a", OPEN],
  ["regex", "(a)\\1", "aa", OPEN],
  ["regex", "(a+)+$", "a".repeat(5_000) + "b", false],
  ["gt", "9", 10, true],
  ["gt", 10, "10abc", false],
  ["gte", 10, 10, true],
  ["lt", "b", "a", true],
  ["lte", 10, 11, false],
  ["is_date_before", "2026-01-02", "2026-01-01", true],
  ["is_date_after", "2026-01-02T00:00:00Z", "2026-01-02T00:00:01Z", true],
  ["is_date_after", "-1d", new Date().toISOString(), true],
  ["is_date_before", "-1y", "2001-01-01", true],
  ["is_date_before", "2026-01-02", "Jan 1, 2026", OPEN],
  ["semver_eq", "1.2.3", "v1.2.3", true],
  ["semver_gt", "1.2.3", "1.10.0", true],
  ["semver_lte", "1.2", "1.2.0", true],
  ["semver_tilde", "1.2.3", "1.2.9", true],
  ["semver_caret", "0.2.3", "0.3.0", false],
  ["semver_wildcard", "1.2.*", "1.2.7", true],
  ["semver_eq", "1.2.3", "01.2.3", OPEN],
  ["between", [1, 2], 1.5, OPEN],
  ["an_operator_of_the_future", "a", "a", OPEN],
];
const operators = OPERATORS.map(([operator, value, given, expected], at) => {
  const told = expected === OPEN ? "undecided" : String(expected);
  const shown = (value: Json) => JSON.stringify(value).slice(0, 40);
  return decides(
    `operator-${at + 1}-${operator}`,
    "flags §4.3",
    `${shown(given)} ${operator} ${shown(value)} is ${told}.`,
    [flag("f", when({ key: "p", operator, value, type: "person" }))],
    expected,
    { person: { p: given } },
  );
});

const COHORT = { type: "AND", values: [{ key: "plan", value: "pro", type: "person" }] };
const inCohort = (more: Json = {}) => [flag("f", when({ key: "id", value: 1, type: "cohort", ...more }))];
const cohorts = (one: Json) => ({ definitions: { cohorts: { 1: one } } });
const depends = (value: Json, chain: Json = ["base"]) =>
  flag(
    "f",
    when({ key: "base", type: "flag", operator: "flag_evaluates_to", value, dependency_chain: chain }),
  );
const BASE = flag("base", SPLIT);

export const order = [
  decides("inactive", "flags §4.2", "A flag that is not active is off.", [
    flag("f", when(), { active: false }),
  ], false),
  decides("continuity", "flags §4.2", "One whose value PostHog keeps over a login is undecided.", [
    flag("f", when(), { ensure_experience_continuity: true }),
  ], OPEN),
  decides("everyone", "flags §4.2", "A condition without anything matches everyone.", [
    flag("f", { groups: [{}] }),
  ], true),
  decides("none", "flags §4.2", "A flag without a condition is off.", [flag("f", { groups: [] })], false),
  decides(
    "first-match",
    "flags §4.2",
    "The first condition that matches decides, with its own variant.",
    [
      flag("f", {
        ...SPLIT,
        groups: [{ properties: [{ key: "plan", value: "pro" }], variant: "c" }, { variant: "b" }],
      }),
    ],
    "c",
    { person: { plan: "pro" } },
  ),
  decides("distinct-id", "flags §4.2", "The distinct id is a property of the person.", [
    flag("f", when({ key: "distinct_id", value: "user-1" })),
  ], true),
  decides("missing", "flags §4.3", "A property that is not given leaves the flag undecided.", [
    flag("f", when({ key: "p", value: "a" })),
  ], OPEN),
  decides("later-match", "flags §4.2", "After an undecided condition a later one may match.", [
    flag("f", { groups: [{ properties: [{ key: "p", value: "a" }] }, {}] }),
  ], true),
  decides(
    "mismatch-wins",
    "flags §4.2",
    "A mismatch wins over what is undecided in the same condition.",
    [
      flag("f", when({ key: "p", value: "a" }, { key: "q", value: "a" })),
    ],
    false,
    { person: { q: "b" } },
  ),
  decides("early-exit", "flags §4.2", "With early_exit, a rollout that misses ends it.", [
    flag("f", { early_exit: true, groups: [{ rollout_percentage: 0 }, {}] }),
  ], false),
  decides(
    "group",
    "flags §4.2",
    "A group's flag goes by the group's properties.",
    [
      flag("f", { ...when({ key: "plan", value: "pro" }), aggregation_group_type_index: 0 }),
    ],
    true,
    { groups: { company: "acme" }, groupProperties: { company: { plan: "pro" } } },
  ),
  decides("group-missing", "flags §6.3", "Without its group, a group's flag is off.", [
    flag("f", { ...when(), aggregation_group_type_index: 0 }),
  ], false),
  decides("group-unknown", "flags §4.2", "A group type that the definitions do not map is undecided.", [
    flag("f", { ...when(), aggregation_group_type_index: 4 }),
  ], OPEN),
  decides("device", "flags §4.2", "A flag by device is undecided without $device_id.", [
    flag("f", when(), { bucketing_identifier: "device_id" }),
  ], OPEN),
  decides(
    "device-given",
    "flags §4.2",
    "With $device_id it is decided.",
    [
      flag("f", when(), { bucketing_identifier: "device_id" }),
    ],
    true,
    { person: { $device_id: "d-1" } },
  ),
  decides("enrollment", "flags §6.2", "What only PostHog knows of an enrollment is undecided.", [
    flag("f", { ...when(), feature_enrollment: true }),
  ], OPEN),
  row(
    "one-only",
    "flags §4.3",
    "An operator that nobody knows leaves that flag undecided, and no other.",
    async (t) => {
      const odd = flag("odd", when({ key: "p", operator: "odd", value: 1 }));
      strictEqual(await decide(t, [flag("f", when()), odd], { person: { p: 1 } }), true);
    },
  ),
];

export const hash = [
  decides(
    "out",
    "flags §4.5",
    "beta-ui for user-123 is out at 1.2 %.",
    [
      flag("beta-ui", { groups: [{ rollout_percentage: 1.2 }] }),
    ],
    false,
    { id: "user-123" },
  ),
  decides(
    "in",
    "flags §4.5",
    "It is in at 1.3 %.",
    [
      flag("beta-ui", { groups: [{ rollout_percentage: 1.3 }] }),
    ],
    true,
    { id: "user-123" },
  ),
  decides("variant-b", "flags §4.5", "checkout gives user-1 the variant b.", [flag("checkout", SPLIT)], "b"),
  decides(
    "variant-control",
    "flags §4.5",
    "checkout gives user-3 the variant control.",
    [flag("checkout", SPLIT)],
    "control",
    {
      id: "user-3",
    },
  ),
  decides(
    "unicode",
    "flags §4.5",
    "Ids are hashed as UTF-8: ünï-🙂 is in at 17.5 %.",
    [
      flag("f", { groups: [{ rollout_percentage: 17.5 }] }),
    ],
    true,
    { id: "ünï-🙂" },
  ),
  decides(
    "unicode-out",
    "flags §4.5",
    "ünï-🙂 is out at 17.4 %.",
    [
      flag("f", { groups: [{ rollout_percentage: 17.4 }] }),
    ],
    false,
    { id: "ünï-🙂" },
  ),
  decides(
    "holdout-in",
    "flags §4.5",
    "user-31 is in a holdout of 10 %.",
    [
      flag("f", { ...when(), holdout: { id: 3, exclusion_percentage: 10 } }),
    ],
    "holdout-3",
    { id: "user-31" },
  ),
  decides(
    "holdout-out",
    "flags §4.5",
    "It is out of one of 1 %.",
    [
      flag("f", { ...when(), holdout: { id: 3, exclusion_percentage: 1 } }),
    ],
    true,
    { id: "user-31" },
  ),
  decides(
    "group-bucket",
    "flags §4.2",
    "A group's flag is hashed by the group's key.",
    [
      flag("beta-ui", { groups: [{ rollout_percentage: 1.3 }], aggregation_group_type_index: 0 }),
    ],
    true,
    { id: "somebody", groups: { company: "user-123" } },
  ),
];

export const cohortsAndFlags = [
  decides("cohort", "flags §4.4", "A member of a cohort matches.", inCohort(), true, {
    ...cohorts(COHORT),
    person: { plan: "pro" },
  }),
  decides("cohort-not-in", "flags §4.4", "not_in negates.", inCohort({ operator: "not_in" }), false, {
    ...cohorts(COHORT),
    person: { plan: "pro" },
  }),
  decides(
    "cohort-empty-and",
    "flags §4.4",
    "An empty AND is true.",
    inCohort(),
    true,
    cohorts({ type: "AND", values: [] }),
  ),
  decides(
    "cohort-empty-or",
    "flags §4.4",
    "An empty OR is false.",
    inCohort(),
    false,
    cohorts({ type: "OR", values: [] }),
  ),
  decides("cohort-negation", "flags §4.4", "A leaf may be negated.", inCohort(), false, {
    ...cohorts({ type: "AND", values: [{ ...COHORT.values[0], negation: true }] }),
    person: { plan: "pro" },
  }),
  decides("cohort-unknown", "flags §4.4", "A cohort that is not there is undecided.", inCohort(), OPEN),
  decides(
    "cohort-cycle",
    "flags §4.4",
    "A cohort of itself is undecided, and ends.",
    inCohort(),
    OPEN,
    cohorts({
      type: "OR",
      values: [{ key: "id", value: 1, type: "cohort" }],
    }),
  ),
  decides(
    "flag-true",
    "flags §4.4",
    "A dependency on true is met by any variant.",
    [depends(true), BASE],
    true,
  ),
  decides("flag-false", "flags §4.4", "A dependency on false is not.", [depends(false), BASE], false),
  decides("flag-variant", "flags §4.4", "A dependency on a variant compares its text, by case.", [
    depends("B"),
    BASE,
  ], false),
  decides("flag-chain", "flags §4.4", "Without its chain a dependency is undecided.", [
    depends(true, []),
    BASE,
  ], OPEN),
  decides(
    "flag-missing",
    "flags §4.4",
    "A dependency on no flag is undecided.",
    [depends(true, ["gone"])],
    OPEN,
  ),
  row("cycle", "flags §4.4", "Flags that depend on each other are undecided, and it ends.", async (t) => {
    const on = (key: string, other: string) =>
      flag(key, when({ key: other, type: "flag", value: true, dependency_chain: [key, other] }));
    same(await decide(t, [on("a", "b"), on("b", "a")]), OPEN);
  }),
];

export { operators };
