import type { AcceptedEvent } from "../receiver/capture.ts";
import { type Properties, stringify, type Value } from "../receiver/json.ts";
import { personChanges } from "../receiver/persons.ts";
import { isObject } from "../receiver/profiles.ts";
import type { Project } from "../receiver/project.ts";
import type { Change, GroupName, Profile, ProfileSummary, PropertyHistory, Timelines } from "../shared.ts";

/** So many values of one property are remembered, and so many characters of each. */
const CHANGES = 200;
const VALUE_LENGTH = 2_000;
/** So many properties of a profile are told, and so many profiles. */
const PROPERTIES = 500;
const PROFILES = 1_000;

export interface Learned {
  late: boolean;
  /** The group that has another name now. */
  named?: GroupName;
}

interface History {
  properties: Map<string, Change[]>;
  events: number;
  changed: number | null;
}

/** Where profiles come from: each property's values, and the events that set them. What holds is the project's to say. */
export class Knowledge {
  readonly #groups = new Map<string, Map<string, History>>();
  /** By distinct id, before any merge. */
  readonly #persons = new Map<string, History>();

  constructor(readonly project: Project) {}

  /** An event that PostHog has stored; whether one of its values is older than the one that it replaces. */
  learn(event: AcceptedEvent, row: number, isNew: boolean): Learned {
    const { properties } = event;
    const fact = Date.parse(event.stored_timestamp);
    const change = (value: Value): Change => ({
      value: shorten(value),
      at: event.at,
      fact,
      row,
      event: event.event,
    });
    let late = false;
    let named: GroupName | undefined;
    const write = (history: History, values: Properties) => {
      for (const [name, value] of Object.entries(values)) {
        if (add(history, name, change(value))) late = true;
      }
    };
    if (isNew) { for (const [type, key] of groupsOf(event)) this.#group(type, key).events++; }
    if (event.event === "$groupidentify") {
      const { $group_type: type, $group_key: key, $group_set: set } = properties;
      if (this.project.group(String(type), String(key)) !== undefined && isObject(set)) {
        write(this.#group(String(type), String(key)), set);
        const isRenamed = this.#group(String(type), String(key)).properties.get("name")?.at(-1)?.row === row;
        if (isRenamed) named = [String(type), String(key), nameOf(set)];
      }
    }
    const person = this.project.person(event.distinct_id);
    if (person === undefined || properties.$process_person_profile === false) return { late, named };
    const { set, setOnce, unset } = personChanges(event);
    const own = this.#person(event.distinct_id);
    for (const [name, value] of Object.entries(setOnce)) {
      if (!own.properties.has(name) && !Object.hasOwn(set, name)) write(own, { [name]: value });
    }
    write(own, set);
    for (const name of unset) {
      if (own.properties.has(name)) add(own, name, { ...change(null), value: "" });
    }
    return { late, named };
  }

  /** The names of the groups that changed last, so many at most. */
  names(most: number): GroupName[] {
    const all = [...this.#groups].flatMap(([type, keys]) =>
      [...keys.keys()].slice(-most).map((
        key,
      ): GroupName => [type, key, nameOf(this.project.group(type, key))])
    );
    return all.filter(([, , name]) => name !== "").slice(-most);
  }

  group(type: string, key: string): Profile | null {
    const history = this.#groups.get(type)?.get(key);
    if (history === undefined) return null;
    return { key, ids: [], identified: true, events: history.events, properties: properties(history) };
  }

  person(id: string): Profile | null {
    const person = this.project.person(id);
    if (person === undefined) return null;
    const merged: History = { properties: new Map(), events: 0, changed: null };
    for (const other of person.distinctIds) {
      for (const [name, changes] of this.#persons.get(other)?.properties ?? []) {
        const all = [...merged.properties.get(name) ?? [], ...changes];
        merged.properties.set(name, all.sort((one, two) => one.at - two.at));
      }
    }
    const { distinctIds, identified, events } = person;
    return { key: id, ids: distinctIds, identified, events, properties: properties(merged) };
  }

  /** The last changed of a type; `search` is for a part of the key or name. */
  groups(type: string, search = ""): ProfileSummary[] {
    const all = [...this.#groups.get(type) ?? []].map(([key, history]) => ({
      key,
      name: nameOf(this.project.group(type, key)),
      events: history.events,
      properties: history.properties.size,
      changed: history.changed,
      ids: 1,
      identified: true,
    }));
    return chosen(all, search);
  }

  persons(search = ""): ProfileSummary[] {
    const all = this.project.persons().map(({ distinctIds, properties, identified, events }) => ({
      key: distinctIds[0],
      name: nameOf(properties),
      events,
      properties: Object.keys(properties).length,
      changed: Math.max(...distinctIds.map((id) => this.#persons.get(id)?.changed ?? 0)) || null,
      ids: distinctIds.length,
      identified,
    }));
    return chosen(all, search);
  }

  /** The names of all properties that groups of a type have. */
  propertyNames(type: string): string[] {
    const names = new Set<string>();
    for (const history of this.#groups.get(type)?.values() ?? []) {
      for (const name of history.properties.keys()) if (names.size < PROPERTIES) names.add(name);
    }
    return [...names].sort();
  }

  timelines(type: string, property: string): Timelines {
    const all: Timelines = [];
    for (const [key, history] of this.#groups.get(type) ?? []) {
      const changes = history.properties.get(property);
      if (changes === undefined || all.length === PROFILES) continue;
      const byFact = changes.map(({ value, fact }) => ({ value, fact })).sort((one, two) =>
        one.fact - two.fact
      );
      all.push({ key, name: nameOf(this.project.group(type, key)), changes: byFact });
    }
    return all;
  }

  #group(type: string, key: string): History {
    const keys = this.#groups.get(type) ?? new Map<string, History>();
    this.#groups.set(type, keys);
    return getOrMake(keys, key);
  }

  #person(id: string): History {
    return getOrMake(this.#persons, id);
  }
}

/** The groups that an event belongs to or describes, whether or not PostHog links them. */
export function groupsOf({ event, properties }: AcceptedEvent): [type: string, key: string][] {
  const { $groups, $group_type: type, $group_key: key } = properties;
  const found = new Map<string, string>();
  if (isObject($groups)) {
    for (const [type, key] of Object.entries($groups)) {
      if (key !== null && key !== "") found.set(type, typeof key === "string" ? key : stringify(key));
    }
  }
  if (event === "$groupidentify" && type && key) found.set(String(type), String(key));
  return [...found];
}

function getOrMake(histories: Map<string, History>, key: string): History {
  let history = histories.get(key);
  if (history === undefined) {
    history = { properties: new Map(), events: 0, changed: null };
    histories.set(key, history);
  }
  return history;
}

/** Whether the value is another one and of an older fact than the one before. */
function add(history: History, name: string, change: Change): boolean {
  const changes = history.properties.get(name) ?? [];
  history.properties.set(name, changes);
  const before = changes.at(-1);
  if (before?.value === change.value) return false;
  changes.push(change);
  if (changes.length > CHANGES) changes.shift();
  history.changed = change.at;
  return before !== undefined && change.fact < before.fact;
}

function properties(history: History): PropertyHistory[] {
  return [...history.properties].slice(0, PROPERTIES).map(([name, changes]) => ({ name, changes }));
}

function chosen(all: ProfileSummary[], search: string): ProfileSummary[] {
  const words = search.toLowerCase();
  return all
    .filter(({ key, name }) => words === "" || `${key} ${name}`.toLowerCase().includes(words))
    .sort((one, two) => (two.changed ?? 0) - (one.changed ?? 0))
    .slice(0, PROFILES);
}

function nameOf(profile: Properties | undefined): string {
  const name = profile?.name ?? profile?.email ?? "";
  return typeof name === "string" ? name.slice(0, 200) : "";
}

function shorten(value: Value): string {
  const text = stringify(value);
  return text.length <= VALUE_LENGTH ? text : `${text.slice(0, VALUE_LENGTH)}… (${text.length} characters)`;
}
