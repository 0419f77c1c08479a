// Every way in which we decide otherwise than posthog-node 5.70.0 does. docs/flags.md has this table.
import type { Definitions, Json, Person } from "./generate.ts";

/** What is true of a flag, of what it needs, and of somebody. */
export interface Seen {
  filters: Json[];
  flags: Json[];
  person: Person;
}

export interface Row {
  name: string;
  /** Whether we or they have no value, or both have one. */
  who: "only we decide" | "only they decide";
  isSeen(seen: Seen): boolean;
}

const values = (value: Json): Json[] =>
  Array.isArray(value) ? value.flatMap(values) : [
    value,
    ...(typeof value === "object" && value !== null ? Object.values(value).flatMap(values) : []),
  ];
const given = ({ person }: Seen, key: string): Json[] => [
  person.personProperties[key],
  ...Object.values(person.groupProperties).map((properties) => properties[key]),
];
const isExact = ({ operator }: Json) => ["exact", "is_not"].includes(operator || "exact");
const isDate = ({ operator }: Json) => /^is_date_(before|after)$/.test(operator);
const isRegex = ({ operator }: Json) => /regex$/.test(operator);
const KNOWN =
  /^(exact|is_not|is_set|is_not_set|(not_)?(icontains|starts_with|ends_with|regex)|[gl]te?|is_date_(before|after)|semver_(eq|neq|[gl]te?|tilde|caret|wildcard))$/;

export const rows: Row[] = [
  {
    name: "a whole number is compared as it is written",
    who: "only we decide",
    isSeen: (seen) =>
      seen.filters.some((filter) =>
        isExact(filter) &&
        [...values(filter.value), ...given(seen, filter.key).flatMap(values)].some(Number.isInteger)
      ),
  },
  {
    name: "`feature_enrollment`, and a `version` of the filters other than 1",
    who: "only they decide",
    isSeen: ({ flags }) =>
      flags.some(({ filters }) => filters?.feature_enrollment || (filters?.version ?? 1) !== 1),
  },
  {
    name: "a date that is not ISO 8601 with a zone",
    who: "only they decide",
    isSeen: (seen) =>
      seen.filters.some((filter) =>
        isDate(filter) &&
        [filter.value, ...given(seen, filter.key)].some((date) =>
          typeof date === "string" &&
            !/^(\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?|-?\d+[hdwmy])$/.test(date) ||
          date === "2024-02-30"
        )
      ),
  },
  {
    name: "an operator that is not known, of a property that is null",
    who: "only they decide",
    isSeen: (seen) =>
      seen.filters.some((filter) =>
        !KNOWN.test(filter.operator || "exact") && given(seen, filter.key).includes(null)
      ),
  },
  {
    name: "`[\\b]`, and a class that only some take in a pattern that nobody takes",
    who: "only they decide",
    isSeen: ({ filters }) => filters.some((filter) => isRegex(filter) && /\[\\[b_ ]\]/.test(filter.value)),
  },
];

/** What a flag's value may come from: its own filters, and those of all that it needs. */
export function seen({ flags, cohorts }: Definitions, key: string, person: Person): Seen {
  const found: Seen = { filters: [], flags: [], person };
  const known = new Set<Json>();
  const visit = (value: Json) => {
    if (typeof value !== "object" || value === null || known.has(value)) return;
    known.add(value);
    if (Array.isArray(value)) return value.forEach(visit);
    if (value.type === "cohort") visit(cohorts[value.value]);
    else if (value.type === "flag") {
      for (const before of [value.dependency_chain].flat()) add(before);
    } else if ("key" in value && ("operator" in value || "value" in value)) found.filters.push(value);
    Object.values(value).forEach(visit);
  };
  const add = (key: string) => {
    const flag = flags.find((flag) => flag.key === key);
    if (!flag || found.flags.includes(flag)) return;
    found.flags.push(flag);
    visit(flag.filters);
  };
  add(key);
  return found;
}
