import type { AcceptedEvent } from "./capture.ts";
import type { Properties, Value } from "./json.ts";
import { isIllegalId, isObject } from "./profiles.ts";

/** Somebody with a profile, under all of their ids. */
export interface Person {
  /** In the order in which they came together. */
  distinctIds: string[];
  properties: Properties;
  /** Who was identified is never merged into somebody else by `$identify`. */
  identified: boolean;
  /** How many events with one of these ids were processed for a person. */
  events: number;
}

/** `$set` and its like mean nothing on these. */
const NO_UPDATES = ["$exception", "$$heatmap"];

/** What ingestion makes of events' persons, in the order of arrival. Events without person processing make none. */
export class Persons {
  readonly #byId = new Map<string, Person>();

  find(distinctId: string): Person | undefined {
    return this.#byId.get(distinctId);
  }

  all(): Person[] {
    return [...new Set(this.#byId.values())];
  }

  /** An event that is not dropped. */
  ingest(event: AcceptedEvent) {
    // A replay is stored beside the persons.
    if (event.properties.$process_person_profile === false || event.event === "$snapshot_items") return;
    const person = this.#merged(event);
    person.events++;
    if (NO_UPDATES.includes(event.event)) return;
    const changes = personChanges(event);
    for (const [name, value] of Object.entries(changes.setOnce)) {
      if (!Object.hasOwn(person.properties, name)) define(person.properties, name, value);
    }
    for (const [name, value] of Object.entries(changes.set)) define(person.properties, name, value);
    for (const name of changes.unset) delete person.properties[name];
  }

  #get(id: string): Person {
    let person = this.#byId.get(id);
    if (person === undefined) {
      person = { distinctIds: [id], properties: {}, identified: false, events: 0 };
      this.#byId.set(id, person);
    }
    return person;
  }

  /** The event's person, after the merge that it may ask for. */
  #merged({ event, distinct_id, properties }: AcceptedEvent): Person {
    const person = this.#get(distinct_id);
    const aliasing = event === "$create_alias" || event === "$merge_dangerously";
    const other = event === "$identify"
      ? properties.$anon_distinct_id
      : aliasing
      ? properties.alias
      : undefined;
    if (event === "$identify") person.identified = true;
    if (typeof other !== "string" || isIllegalId(other) || isIllegalId(distinct_id)) return person;
    const merged = this.#get(other);
    if (merged === person || (merged.identified && event !== "$merge_dangerously")) return person;
    for (const [name, value] of Object.entries(merged.properties)) {
      if (!Object.hasOwn(person.properties, name)) define(person.properties, name, value);
    }
    person.events += merged.events;
    person.identified = true;
    for (const id of merged.distinctIds) {
      person.distinctIds.push(id);
      this.#byId.set(id, person);
    }
    return person;
  }
}

export interface PersonChanges {
  set: Properties;
  setOnce: Properties;
  unset: string[];
}

/** What an event asks to write into its person's profile. */
export function personChanges({ $set, $set_once, properties }: AcceptedEvent): PersonChanges {
  const unset = properties.$unset;
  return {
    set: { ...objectOf(properties.$set), ...$set },
    setOnce: { ...objectOf(properties.$set_once), ...$set_once },
    unset: Array.isArray(unset) ? unset.map(String) : Object.keys(objectOf(unset)),
  };
}

function objectOf(value: Value | undefined): Properties {
  return isObject(value) ? value : {};
}

/** Assigning would not make a property of `__proto__`. */
function define(properties: Properties, name: string, value: Value) {
  Object.defineProperty(properties, name, { value, writable: true, enumerable: true, configurable: true });
}
