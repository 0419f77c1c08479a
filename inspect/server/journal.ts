import type { AcceptedEvent, TakenEvent } from "../receiver/capture.ts";
import { stringify, toText, type Value } from "../receiver/json.ts";
import type { Exchange, Observer, Project } from "../receiver/project.ts";
import { Refusal } from "../receiver/refusal.ts";
import { isObject } from "../receiver/profiles.ts";
import { isDropped, type WarningCode } from "../receiver/warnings.ts";
import type { Attempt, Detail, GroupName, Kind, State, Summary } from "../shared.ts";
import { groupsOf, Knowledge } from "./knowledge.ts";
import { maskKeys } from "./mask.ts";

/** So much of an event is shown; so much of it is searched. */
const SENT_LENGTH = 1_000_000;
const TEXT_LENGTH = 600;
/** So many attempts of one event are remembered. */
const ATTEMPTS = 100;
/** All that was sent, together; older events go. */
const BYTES = 512 * 1024 * 1024;

/** One event with all its arrivals. */
export interface Row extends Omit<Summary, "attempts"> {
  tries: Attempt[];
  attempts: number;
  sent: string;
  kept: AcceptedEvent | null;
  refusal: string | null;
}

interface Following {
  rows: Row[];
  tries: Attempt[];
  taken: boolean;
}

/** Who is told of each row that is new or has changed. */
export interface Reader {
  changed(row: Row): void;
  named?(group: GroupName): void;
  state(): void;
  reset(): void;
}

/** The events of one project, folded as PostHog will fold them, with everything that happened on their way. */
export class Journal implements Observer {
  readonly readers = new Set<Reader>();
  knowledge: Knowledge;
  #rows = new Map<number, Row>();
  #byKey = new Map<string, Row>();
  #namesByUuid = new Map<string, string>();
  #following = new WeakMap<Exchange, Following>();
  #nextId = 1;
  #bytes = 0;

  constructor(readonly project: Project, readonly keep: number) {
    this.knowledge = new Knowledge(project);
  }

  get rows(): Iterable<Row> {
    return this.#rows.values();
  }

  row(id: number): Row | undefined {
    return this.#rows.get(id);
  }

  changed(exchange?: Exchange) {
    for (const reader of this.readers) reader.state();
    if (exchange?.peek === undefined) return;
    const following = this.#following.get(exchange) ?? this.#open(exchange);
    this.#settle(exchange, following);
    for (const row of following.rows) this.#tell(row);
  }

  reset() {
    this.#rows = new Map();
    this.#byKey = new Map();
    this.#namesByUuid = new Map();
    this.#following = new WeakMap();
    this.#bytes = 0;
    this.knowledge = new Knowledge(this.project);
    for (const reader of this.readers) reader.reset();
  }

  /** One event whole, for the page. */
  detail(row: Row): Detail {
    const { kept, sent, ...rest } = row;
    const isKept = row.state === "stored" && kept !== null;
    return {
      ...rest,
      sent: sent.slice(0, SENT_LENGTH),
      cut: sent.length > SENT_LENGTH,
      kept: isKept ? maskKeys(stringify(this.#asKept(kept))) : null,
    };
  }

  /** A row that comes from a file. */
  restore(row: Omit<Row, "id">) {
    const made = { ...row, id: this.#nextId++ };
    this.#add(made, row.uuid && row.kept ? keyOf(row.kept) : undefined);
    if (row.kept && row.state === "stored") {
      const { named } = this.knowledge.learn(row.kept, made.id, true);
      if (named) { for (const reader of this.readers) reader.named?.(named); }
    }
    this.#tell(made);
  }

  /** The rows that a request is about: of its events, or one for itself where it has none that can be read. */
  #open(exchange: Exchange): Following {
    let events: TakenEvent[] = [];
    let refusal: Refusal | undefined;
    try {
      const { outcome } = exchange;
      events = outcome === undefined || outcome instanceof Refusal ? exchange.peek!().events : outcome.events;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error;
    }
    const rows = events.length > 0
      ? events.map((taken) => this.#rowOf(taken))
      : [this.#requestRow(exchange, refusal?.message ?? null)];
    const { at, path, fault } = exchange.record;
    const tries = rows.map((row) => {
      const attempt: Attempt = { at, status: null, ms: null, aborted: false, fault, taken: false, path };
      row.attempts++;
      row.tries.push(attempt);
      if (row.tries.length > ATTEMPTS) row.tries.shift();
      return attempt;
    });
    const following = { rows, tries, taken: false };
    this.#following.set(exchange, following);
    return following;
  }

  #settle({ record, outcome }: Exchange, following: Following) {
    const takes = outcome !== undefined && !(outcome instanceof Refusal) && !following.taken;
    if (takes) {
      following.taken = true;
      for (const [index, { event, warnings }] of outcome.events.entries()) {
        this.#take(following.rows[index], event, warnings);
      }
      if (outcome.events.length === 0) following.rows[0].copies = 1;
    }
    for (const [index, row] of following.rows.entries()) {
      const attempt = following.tries[index];
      const ended = record.aborted || record.status !== null;
      attempt.taken ||= takes;
      attempt.aborted = record.aborted;
      if (ended && (attempt.ms === null || (record.aborted && attempt.status !== null))) {
        attempt.ms = Date.now() - record.at;
      }
      attempt.status = record.status;
      row.taken ??= takes ? record.at : null;
      row.refusal = outcome instanceof Refusal ? outcome.message : row.refusal;
      row.state = stateOf(row, outcome);
      if (row.state === "refused" && !row.warnings.includes("refused")) row.warnings.push("refused");
    }
  }

  #take(row: Row, event: AcceptedEvent, warnings: WarningCode[]) {
    row.kept = event;
    row.uuid = event.uuid;
    row.stored = Date.parse(event.stored_timestamp);
    row.warnings = [...new Set<string>([...row.warnings, ...warnings])].filter((code) => code !== "refused");
    row.copies++;
    if (warnings.some(isDropped)) return;
    const { late, named } = this.knowledge.learn(event, row.id, row.copies === 1);
    if (named) { for (const reader of this.readers) reader.named?.(named); }
    if (late && !row.warnings.includes("profile_out_of_order")) row.warnings.push("profile_out_of_order");
  }

  #rowOf({ event, source, warnings }: TakenEvent): Row {
    const key = event.uuid_assigned ? undefined : keyOf(event);
    const known = key === undefined ? undefined : this.#byKey.get(key);
    if (known !== undefined) return known;
    const sent = maskKeys(toText(source));
    const row: Row = {
      id: this.#nextId++,
      ...describe(event),
      state: "pending",
      first: event.at,
      taken: null,
      attempts: 0,
      copies: 0,
      warnings: [...warnings],
      bytes: sent.length,
      tries: [],
      sent,
      kept: event,
      refusal: null,
    };
    if (key !== undefined) {
      const name = this.#namesByUuid.get(event.uuid);
      if (name !== undefined) row.warnings.push("uuid_reused");
      else this.#namesByUuid.set(event.uuid, event.event);
    }
    return this.#add(row, key);
  }

  #requestRow({ record }: Exchange, refusal: string | null): Row {
    const sent = maskKeys(record.body.slice(0, SENT_LENGTH));
    return this.#add({
      id: this.#nextId++,
      kind: "request",
      state: "pending",
      event: `${record.method} ${record.path}`,
      title: (refusal ?? "").slice(0, 200),
      person: "",
      personless: false,
      groups: [],
      uuid: "",
      fact: null,
      stored: record.at,
      first: record.at,
      taken: null,
      attempts: 0,
      copies: 0,
      warnings: [],
      lib: String(record.headers["user-agent"] ?? "").slice(0, 100),
      bytes: record.bytes,
      text: sent.slice(0, TEXT_LENGTH),
      tries: [],
      sent,
      kept: null,
      refusal,
    }, undefined);
  }

  #add(row: Row, key: string | undefined): Row {
    this.#rows.set(row.id, row);
    if (key !== undefined) this.#byKey.set(key, row);
    this.#bytes += row.sent.length;
    for (const [id, old] of this.#rows) {
      if (this.#rows.size <= this.keep && this.#bytes <= BYTES || id === row.id) break;
      this.#rows.delete(id);
      this.#bytes -= old.sent.length;
      if (old.kept) this.#byKey.delete(keyOf(old.kept));
      this.#namesByUuid.delete(old.uuid);
    }
    return row;
  }

  #tell(row: Row) {
    for (const reader of this.readers) reader.changed(row);
  }

  /** The row of PostHog's table of events. */
  #asKept(event: AcceptedEvent) {
    const personless = event.properties.$process_person_profile === false;
    const properties: { [name: string]: Value } = { ...event.properties };
    // A property of an array or list keeps its place; a key of its own goes in by definition.
    if (event.$set) properties.$set = { ...properties.$set as object, ...event.$set };
    if (event.$set_once) properties.$set_once = { ...properties.$set_once as object, ...event.$set_once };
    if (!personless) {
      const types = this.project.groupTypes;
      for (const [type, key] of groupsOf(event)) {
        if (types.includes(type) && event.event !== "$groupidentify") {
          properties[`$group_${types.indexOf(type)}`] = key;
        }
      }
    }
    return {
      event: event.event,
      distinct_id: event.distinct_id,
      timestamp: event.stored_timestamp,
      uuid: event.uuid,
      person_mode: personless ? "propertyless" : "full",
      properties,
    };
  }
}

/** What a list shows of a row. */
export function summary(row: Row): Summary {
  const { tries: _tries, sent: _sent, kept: _kept, refusal: _refusal, ...rest } = row;
  return rest;
}

/** What an event says of itself. */
export function describe(event: AcceptedEvent) {
  const { properties } = event;
  const fact = event.timestamp === null ? NaN : Date.parse(event.timestamp);
  return {
    kind: kindOf(event.event),
    event: event.event.slice(0, 500),
    title: titleOf(event).slice(0, 200),
    person: event.distinct_id,
    personless: properties.$process_person_profile === false,
    groups: groupsOf(event).slice(0, 10).map((
      [type, key],
    ): [string, string] => [type.slice(0, 200), key.slice(0, 400)]),
    uuid: event.uuid,
    fact: Number.isNaN(fact) ? null : fact,
    stored: Date.parse(event.stored_timestamp),
    lib: [properties.$lib, properties.$lib_version].filter((part) => typeof part === "string").join(" ")
      .slice(0, 100),
    text: searchable(properties),
  };
}

function kindOf(event: string): Kind {
  if (event === "$groupidentify") return "group";
  if (["$identify", "$set", "$create_alias", "$merge_dangerously"].includes(event)) return "person";
  if (event === "$exception") return "exception";
  return event === "$snapshot_items" ? "replay" : "event";
}

/** What its name does not say: the exception, whose profile and which properties, the session. */
function titleOf({ event, properties, $set }: AcceptedEvent): string {
  const names = (value: Value | undefined) =>
    isObject(value) ? Object.keys(value).slice(0, 20).join(", ") : "";
  switch (kindOf(event)) {
    case "exception": {
      const [first] = Array.isArray(properties.$exception_list) ? properties.$exception_list : [];
      if (!isObject(first)) return String(properties.$exception_message ?? "").slice(0, 200);
      return `${String(first.type).slice(0, 100)}: ${String(first.value ?? "").slice(0, 100)}`;
    }
    case "group":
      return names(properties.$group_set);
    case "person":
      return typeof properties.alias === "string" ? properties.alias : names(properties.$set) || names($set);
    case "replay": {
      const items = Array.isArray(properties.$snapshot_items) ? properties.$snapshot_items.length : 0;
      return `session ${String(properties.$session_id)} · ${items} items`;
    }
    default:
      return "";
  }
}

/** The beginning of the properties, without those that every event has. */
function searchable(properties: { [name: string]: Value }): string {
  let text = "";
  for (const [name, value] of Object.entries(properties)) {
    if (name === "$groups" || name.startsWith("$lib") || ["$geoip_disable", "$is_server"].includes(name)) {
      continue;
    }
    const written = typeof value === "string" ? value.slice(0, TEXT_LENGTH) : limited(value);
    text += `${name}: ${written} · `;
    if (text.length > TEXT_LENGTH) break;
  }
  return maskKeys(text.slice(0, TEXT_LENGTH));
}

/** The beginning of a value's text, in work that its size does not matter to. */
function limited(value: Value): string {
  if (typeof value !== "object" || value === null) return String(value);
  let room = TEXT_LENGTH;
  const write = (value: Value): string => {
    if (room <= 0) return "";
    if (typeof value !== "object" || value === null) {
      const text = String(value).slice(0, TEXT_LENGTH);
      room -= text.length;
      return text;
    }
    let text = "";
    for (const name in value) {
      if (room <= 0) break;
      room -= name.length;
      text += ` ${Array.isArray(value) ? "" : `${name}: `}${
        write((value as { [name: string]: Value })[name])
      }`;
    }
    return text;
  };
  return write(value);
}

function stateOf(row: Row, outcome: Exchange["outcome"]): State {
  if (row.copies > 0) {
    return row.warnings.some((code) => isDropped(code as WarningCode)) ? "dropped" : "stored";
  }
  if (outcome instanceof Refusal) return "refused";
  const last = row.tries.at(-1)!;
  if (last.status === null && !last.aborted) return "pending";
  // A fault was asked for, so the same request may be taken next time.
  if (last.fault !== "none") return "failed";
  return last.status !== null && last.status >= 400 && last.status < 500 && ![408, 429].includes(last.status)
    ? "refused"
    : "failed";
}

/** By what PostHog tells events apart. */
export function keyOf({ stored_timestamp, event, distinct_id, uuid }: AcceptedEvent): string {
  return JSON.stringify([stored_timestamp.slice(0, 10), event, distinct_id, uuid]);
}
