// Definitions as PostHog writes them and as it does not, and people for whom they matter: most filters are about values
// that somebody has, so that they match about as often as not.
import type { Random } from "./random.ts";

// deno-lint-ignore no-explicit-any
export type Json = any;

export interface Definitions {
  flags: Json[];
  cohorts: Record<string, Json>;
  group_type_mapping: Record<string, string>;
  property_matching_version?: number;
}

export interface Person {
  distinctId: string;
  groups: Record<string, string>;
  personProperties: Record<string, Json>;
  groupProperties: Record<string, Record<string, Json>>;
}

const TEXTS = [
  "pro",
  "PRO",
  "free",
  "",
  "true",
  "False",
  "null",
  "Straße",
  "STRASSE",
  "ΣΑΣ",
  "σας",
  "İ",
  "a,b",
  "10abc",
  " 7 ",
  "7",
  "1.5",
  "-3e2",
  "me@example.com",
  "ünï-🙂",
  "line\nbreak",
  "[object Object]",
  "Infinity",
  "0x10",
];
const FRACTIONS = [1.5, -0.25, 0.1, 1234.5678, 2.75, 1e-5];
const INTEGERS = [0, 1, 5, 7, -3, 30, 1000];
const VERSIONS = ["1.2.3", "v1.2.3", "1.2", "2", "0.2.3", "0.0.3", "1.2.3-rc.1", "1.2.3+5", "01.2", "x", ""];
const DATES = ["2024-01-02T03:04:05Z", "2024-01-02", "2023-12-31T23:00:00+02:00", "2031-05-06T00:00:00.5Z"];
const ODD_DATES = [
  "Jan 5, 2024",
  "2024-01-02T03:04:05",
  "2024-02-30",
  "2024",
  "-1d",
  "soon",
  "1704067200000",
];
const RELATIVE = ["-1d", "3w", "-2m", "-1y", "-5h", "-9999y", "-10000d", "5x"];
const PATTERNS = [
  "^pro$",
  "pro",
  "^[a-z]+$",
  "[A-Z]{2,}",
  "\\d+",
  "^\\s*\\d+\\s*$",
  "a|b",
  "^(pro|free)$",
  "(a*)*b",
  "@example\\.com$",
  "",
  ".",
  "^$",
  "\\w+@\\w+",
  "[^\\w]",
  "x{0,2}7",
];
const ODD_PATTERNS = [
  "(",
  "[z-a]",
  "*a",
  "a**",
  "(?=p)",
  "(?i)pro",
  "\\bpro\\b",
  "\\p{L}",
  "(a)\\1",
  "a++",
  "[[:alpha:]]",
  "[a&&b]",
  "^*",
  "()*",
  "{",
  "é",
  "[\\d-z]",
  "[\\_]",
  "[\\b]",
];

/** A value of the kind that a property's name tells. */
function valueOf(random: Random, name: string): Json {
  switch (name[0]) {
    case "t":
      return random.of(TEXTS);
    case "f":
      return random.oneIn(3) ? random.of(TEXTS) : random.of(FRACTIONS);
    case "i":
      return random.of(INTEGERS);
    case "b":
      return random.of([true, false, "true", "FALSE", null, [], [true], [true, "false"]]);
    case "v":
      return random.oneIn(4) ? random.of(FRACTIONS) : random.of(VERSIONS);
    case "d":
      // Not whole: posthog-node compares no whole number with another.
      return random.of([...DATES, ...DATES, 1704067200000.5, true]);
    case "o":
      return random.of([
        null,
        ["a", "b"],
        ["a", ["b", null]],
        { b: "x", a: [true, 1.5] },
        { a: [true, 1.5], b: "x" },
        "",
        {},
        [null],
      ]);
    default:
      return random.of(ODD_DATES);
  }
}

const NAMES = ["t1", "t2", "t3", "f1", "f2", "b1", "b2", "v1", "v2", "d1", "o1"];
const INTEGER_NAMES = ["i1", "i2"];
const TEXT_OPERATORS = [
  "icontains",
  "not_icontains",
  "starts_with",
  "not_starts_with",
  "ends_with",
  "not_ends_with",
];
const ORDERS = ["gt", "gte", "lt", "lte"];
const SEMVERS = ["semver_eq", "semver_neq", "semver_gt", "semver_gte", "semver_lt", "semver_lte"];
const RANGES = ["semver_tilde", "semver_caret", "semver_wildcard"];
const NOT_KNOWN = ["between", "icontains_multi", "is_date_exact", "like"];

/** A filter on a property. */
function filter(random: Random, names: readonly string[]): Json {
  const key = random.oneIn(25) ? random.of(INTEGER_NAMES) : random.of(names);
  const value = () => random.oneIn(8) ? valueOf(random, random.of(NAMES)) : valueOf(random, key);
  const made = (operator: string | null | undefined, value: Json) => ({
    key,
    type: random.of(["person", "person", "group", null]),
    ...(operator === undefined ? {} : { operator }),
    value,
  });
  if (random.oneIn(30)) return made(random.of(NOT_KNOWN), value());
  if (random.oneIn(12)) return made(random.of(["is_set", "is_not_set"]), random.of(["is_set", null, true]));
  if (random.oneIn(6)) {
    const pattern = random.oneIn(8) ? random.of(ODD_PATTERNS) : random.of(PATTERNS);
    return made(random.of(["regex", "not_regex"]), pattern);
  }
  if (key[0] === "v" && !random.oneIn(4)) {
    if (random.oneIn(3)) {
      const operator = random.of(RANGES);
      const wild = ["1.*", "1.2.*", "*", "1.*.*", "2*"];
      return made(operator, random.of(operator === "semver_wildcard" ? wild : VERSIONS));
    }
    return made(random.of(SEMVERS), random.of([...VERSIONS, 1.5]));
  }
  if (key[0] === "d" && !random.oneIn(4)) {
    const date = random.oneIn(30) ? random.of(ODD_DATES) : random.of([...DATES, ...RELATIVE]);
    return made(random.of(["is_date_before", "is_date_after"]), date);
  }
  if (random.oneIn(4)) return made(random.of(TEXT_OPERATORS), random.oneIn(4) ? value() : random.of(TEXTS));
  if (random.oneIn(5)) return made(random.of(ORDERS), value());
  const several = random.oneIn(4) ? random.some(3, value) : value();
  return made(random.of(["exact", "exact", "is_not", undefined, null, ""]), several);
}

function rollout(random: Random): Json {
  return random.of([undefined, null, 100, 0, 50, 33.3, 80, 120, -5]);
}

interface Known {
  names: readonly string[];
  cohorts: readonly string[];
  /** Flags that are there already, each with what to evaluate before it. */
  chains: Map<string, string[]>;
}

function property(random: Random, known: Known): Json {
  const kind = random.below(20);
  if (kind < 2 && known.cohorts.length > 0) {
    const value = random.oneIn(15) ? 999 : Number(random.of(known.cohorts));
    return { key: "id", type: "cohort", value, operator: random.of(["in", "not_in", "exact", undefined]) };
  }
  if (kind < 4 && known.chains.size > 0) return dependency(random, known.chains);
  return filter(random, known.names);
}

function dependency(random: Random, chains: Map<string, string[]>): Json {
  const [key, chain] = random.of([...chains]);
  const value = random.of([true, true, false, "a", "b", "true", 1, null]);
  const made = { key, type: "flag", value, operator: random.of(["flag_evaluates_to", "exact"]) };
  if (random.oneIn(20)) {
    return random.of([
      made,
      { ...made, dependency_chain: [] },
      { ...made, dependency_chain: "x" },
      { ...made, dependency_chain: ["gone", key] },
    ]);
  }
  return { ...made, dependency_chain: chain };
}

function group(random: Random, known: Known, depth: number): Json {
  if (random.oneIn(20)) return random.of([{}, { type: "XOR", values: [] }, { type: "AND", values: null }]);
  const type = random.of(["AND", "OR", "OR", "property"]);
  if (depth > 0 && random.oneIn(2)) {
    return { type, values: random.some(3, () => group(random, known, depth - 1), 1) };
  }
  return {
    type,
    values: random.some(3, () => {
      const made = property(random, known);
      return random.oneIn(5) ? { ...made, negation: true } : made;
    }),
  };
}

function flag(random: Random, key: string, known: Known): Json {
  const variants = random.oneIn(2) ? [] : random.of([
    [{ key: "a", rollout_percentage: 50 }, { key: "b", rollout_percentage: 50 }],
    [{ key: "a", rollout_percentage: 33.33 }, { key: "b", rollout_percentage: 33.33 }, {
      key: "c",
      rollout_percentage: 33.34,
    }],
    [{ key: "a", rollout_percentage: 10 }],
  ]);
  const ofGroup = random.oneIn(6) ? random.of([0, 1, 0, 5]) : undefined;
  const condition = () => ({
    properties: random.oneIn(12)
      ? random.of([[], null, undefined])
      : random.some(3, () => property(random, known), 1),
    rollout_percentage: rollout(random),
    ...(random.oneIn(4) && { variant: random.of(["a", "b", "z", null, ""]) }),
    ...(random.oneIn(12) && { aggregation_group_type_index: random.of([0, 1, null, 5]) }),
  });
  const filters: Json = {
    groups: random.oneIn(30) ? null : random.some(3, condition, 1),
    ...(variants.length > 0 && { multivariate: { variants } }),
    payloads: random.oneIn(3) ? { true: '{"on":true}', a: "a payload", b: "[1]" } : null,
    ...(ofGroup !== undefined && { aggregation_group_type_index: ofGroup }),
    ...(random.oneIn(10) && {
      holdout: random.of([{ id: 7, exclusion_percentage: 10 }, { id: 8, exclusion_percentage: 100 }, null, {
        id: 9,
        exclusion_percentage: null,
      }, { id: 3, exclusion_percentage: "25" }]),
    }),
    ...(random.oneIn(6) && { early_exit: random.of([true, false, null]) }),
    ...(random.oneIn(60) && { feature_enrollment: true }),
    ...(random.oneIn(60) && { version: random.of([1, 2]) }),
  };
  return {
    id: random.below(1000),
    key,
    active: !random.oneIn(25),
    ...(random.oneIn(40) && { ensure_experience_continuity: true }),
    ...(random.oneIn(15) && { bucketing_identifier: random.of(["device_id", "distinct_id", null]) }),
    ...(random.oneIn(3) && { has_experiment: random.oneIn(2) }),
    filters: random.oneIn(80) ? null : filters,
  };
}

/** So many flags; none depends on itself, which posthog-node would never come back from. */
export function definitions(random: Random, count: number): Definitions {
  const known: Known = { names: NAMES, cohorts: [], chains: new Map() };
  const cohorts: Record<string, Json> = {};
  const flags: Json[] = [];
  for (let at = 0; at < count; at++) {
    if (at % 8 === 4) {
      const id = String(at);
      cohorts[id] = group(random, known, 2);
      known.cohorts = [...known.cohorts, id];
    }
    const key = random.of([`flag-${at}`, `flag-${at}`, `Flag ${at} ü`, `f.${at}`]);
    flags.push(flag(random, key, known));
    known.chains.set(key, [...needed(flags, cohorts, key)]);
  }
  return {
    flags,
    cohorts,
    group_type_mapping: { "0": "company", "1": "project" },
    ...(random.oneIn(2) && { property_matching_version: random.of([1, 2, 2]) }),
  };
}

/** What a flag needs, in order, itself last. */
function needed(flags: Json[], cohorts: Record<string, Json>, key: string): Set<string> {
  const found = new Set<string>();
  const visit = (value: Json) => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    if (value.type === "flag" && Array.isArray(value.dependency_chain)) {
      for (const before of value.dependency_chain) found.add(before);
    }
    if (value.type === "cohort" && cohorts[value.value]) visit(cohorts[value.value]);
    Object.values(value).forEach(visit);
  };
  visit(flags.find((flag) => flag.key === key).filters);
  found.delete(key);
  return found.add(key);
}

/** Somebody who has most of what is asked for. */
export function person(random: Random, at: number): Person {
  const properties = () => {
    const made: Record<string, Json> = {};
    for (const name of [...NAMES, ...INTEGER_NAMES]) if (!random.oneIn(6)) made[name] = valueOf(random, name);
    return made;
  };
  const groups: Record<string, string> = {};
  const groupProperties: Person["groupProperties"] = {};
  for (const type of ["company", "project"]) {
    if (random.oneIn(2)) groups[type] = `${type}-${random.below(50)}`;
    if (!random.oneIn(3)) groupProperties[type] = properties();
  }
  const personProperties = properties();
  if (random.oneIn(2)) personProperties.$device_id = random.of(["device-1", "", null, "device-ü"]);
  if (random.oneIn(20)) personProperties.distinct_id = "another";
  const distinctId = random.of([`user-${at}`, `user-${at}`, `ünï-🙂-${at}`, "a".repeat(205) + at]);
  return { distinctId, groups, personProperties, groupProperties };
}
