import { Buffer } from "node:buffer";
import type { AcceptedEvent } from "./capture.ts";
import { type Properties, stringify, type Value } from "./json.ts";
import type { WarningCode } from "./warnings.ts";

/** Group profiles by type and key. */
export type Groups = { [type: string]: { [key: string]: Properties } };

const GROUP_TYPES = 5;
const GROUP_NAME_LENGTH = 400;
const EVENT_BYTES = 1_000_000;

const NEED_PERSON_PROCESSING = ["$identify", "$create_alias", "$merge_dangerously", "$groupidentify"];

/** Ids nobody may be merged with: in any case, exactly, and both also in quotes. */
const ILLEGAL_IN_ANY_CASE =
  /^(anonymous|guest|distinctid|distinct_id|id|not_authenticated|email|undefined|true|false)$/i;
const ILLEGAL_EXACTLY = /^(\[object Object\]|NaN|None|none|null|0|\s*)$/;

/**
 * What ingestion makes of accepted events after the client got its 200: group profiles, folded in the
 * order of arrival whatever the events' timestamps say, and losses nobody is told about.
 */
export class Profiles {
  readonly #types = new Set<string>();
  readonly #groups = new Map<string, Map<string, Properties>>();

  /** In the order of their first use, which is the order of PostHog's indexes 0 to 4. */
  get types(): string[] {
    return [...this.#types];
  }

  get groups(): Groups {
    return Object.fromEntries([...this.#groups].map(([type, keys]) => [type, Object.fromEntries(keys)]));
  }

  group(type: string, key: string): Properties | undefined {
    return this.#groups.get(type)?.get(key);
  }

  /** Folds one event in; returns what was lost or altered on the way. */
  ingest(event: AcceptedEvent): WarningCode[] {
    const personless = event.properties.$process_person_profile === false;
    const dropped = reasonToDrop(event, personless);
    if (dropped !== undefined) return [dropped];
    const warnings: WarningCode[] = [];
    if (hasOddPersonFlag(event.properties)) warnings.push("invalid_process_person_profile");
    if (mergesIllegally(event)) warnings.push("cannot_merge_with_illegal_distinct_id");
    warnings.push(...this.#link(event.properties.$groups, personless));
    if (event.event === "$groupidentify") warnings.push(...this.#identify(event.properties));
    return warnings;
  }

  /** `$groups` registers its types but makes no profile: a group exists from its `$groupidentify` on. */
  #link(groups: Value | undefined, personless: boolean): WarningCode[] {
    if (groups === undefined || groups === null) return [];
    if (!isObject(groups)) return ["group_incomplete"];
    if (personless) return Object.keys(groups).length > 0 ? ["groups_without_person_processing"] : [];
    const warnings: WarningCode[] = [];
    for (const [type, key] of Object.entries(groups)) {
      if (!this.#register(type)) warnings.push("group_type_limit_reached");
      else if (!key) warnings.push("group_incomplete");
    }
    return warnings;
  }

  #identify({ $group_type: type, $group_key: key, $group_set: set }: Properties): WarningCode[] {
    if (!type || !key || String(type).length > GROUP_NAME_LENGTH) return ["group_incomplete"];
    if (!this.#register(String(type))) return ["group_type_limit_reached"];
    const keys = this.#groups.get(String(type)) ?? new Map<string, Properties>();
    this.#groups.set(String(type), keys);
    const name = String(key).replaceAll("\0", "\ufffd");
    keys.set(name, { ...keys.get(name), ...(isObject(set) ? set : {}) });
    return [];
  }

  #register(type: string): boolean {
    if (!this.#types.has(type) && this.#types.size === GROUP_TYPES) return false;
    this.#types.add(type);
    return true;
  }
}

function reasonToDrop(event: AcceptedEvent, personless: boolean): WarningCode | undefined {
  const { $group_type: type, $group_key: key, $group_set: set } = event.properties;
  if (byteLength(event) > EVENT_BYTES) return "message_size_too_large";
  if (personless && NEED_PERSON_PROCESSING.includes(event.event)) {
    return "invalid_event_when_process_person_profile_is_false";
  }
  if (event.event !== "$groupidentify") return undefined;
  if (key && String(key).length > GROUP_NAME_LENGTH) return "group_key_too_long";
  // Left out or null is an empty set; and without a type and a key nobody looks at the set.
  if (type && key && set !== undefined && set !== null && !isObject(set)) return "invalid_group_set";
  return undefined;
}

/** Only the boolean switches person processing off; `"false"` or 0 does not, and is warned about. */
function hasOddPersonFlag(properties: Properties): boolean {
  return "$process_person_profile" in properties && typeof properties.$process_person_profile !== "boolean";
}

function mergesIllegally({ event, distinct_id, properties }: AcceptedEvent): boolean {
  const other = event === "$identify"
    ? properties.$anon_distinct_id
    : event === "$create_alias" || event === "$merge_dangerously"
    ? properties.alias
    : undefined;
  return other !== undefined && [other, distinct_id].some(isIllegalId);
}

export function isIllegalId(id: Value): boolean {
  if (typeof id !== "string") return true;
  const bare = /^(["'])(.*)\1$/.exec(id)?.[2] ?? id;
  return ILLEGAL_IN_ANY_CASE.test(bare) || ILLEGAL_EXACTLY.test(bare);
}

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byteLength(event: AcceptedEvent): number {
  const { event: name, distinct_id, properties, $set, $set_once, timestamp, uuid } = event;
  const sent = { event: name, distinct_id, properties, $set, $set_once, timestamp, uuid };
  return Buffer.byteLength(stringify(sent));
}
