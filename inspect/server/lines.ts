import type { AcceptedEvent } from "../receiver/capture.ts";
import { type Properties, stringify } from "../receiver/json.ts";
import type { Attempt, Kind, State } from "../shared.ts";
import { describe, type Journal, type Row } from "./journal.ts";
import { maskKeys } from "./mask.ts";

/** What a line says of an event besides the event: how it came. */
interface Arrival {
  kind: Kind;
  state: State;
  first: number;
  taken: number | null;
  copies: number;
  warnings: string[];
  tries: Attempt[];
  sent: string;
  refusal: string | null;
  bytes: number;
  /** Of a request that held no event. */
  request?: string;
}

/** One line of JSON, without its end: the event's fields, and under `_inspector` how it came. Keys are masked. */
export function toLine(row: Row): string {
  const { kind, state, first, taken, copies, warnings, tries, sent, refusal, bytes } = row;
  const arrival: Arrival = { kind, state, first, taken, copies, warnings, tries, sent, refusal, bytes };
  if (row.kept === null) arrival.request = row.event;
  return maskKeys(stringify({ ...row.kept, _inspector: arrival }));
}

/** The lines that this made, and those of anybody's events; how many were read. Throws a TypeError that names the line. */
export function readLines(text: string, journal: Journal): number {
  const rows = text.split("\n").map((line, index) => {
    try {
      return line.trim() === "" ? undefined : readLine(line);
    } catch (error) {
      throw new TypeError(`line ${index + 1}: ${error instanceof Error ? error.message : error}`);
    }
  });
  // All or nothing: a file with a wrong line changes nothing.
  const found = rows.filter((row) => row !== undefined);
  for (const row of found) {
    if (row.kept && (row.state === "stored" || row.state === "dropped")) {
      // PostHog's view of it is made anew, so that profiles are there too.
      const taken = { event: row.kept, source: undefined as never, warnings: [] };
      journal.project.store({ status: 200, events: [taken] });
    }
    journal.restore(row);
  }
  return found.length;
}

function readLine(line: string): Omit<Row, "id"> {
  const json = JSON.parse(line);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new TypeError("not an object");
  const { _inspector: arrival = {}, ...event } = json as
    & { _inspector?: Partial<Arrival> }
    & Partial<AcceptedEvent>;
  const isRequest = typeof arrival.request === "string" && event.event === undefined;
  if (!isRequest && (typeof event.event !== "string" || event.event === "")) {
    throw new TypeError("no event's name");
  }
  const first = time(arrival.first) ?? Date.now();
  const kept: AcceptedEvent | null = isRequest ? null : {
    event: event.event!,
    distinct_id: typeof event.distinct_id === "string" ? event.distinct_id : "",
    properties: isObject(event.properties) ? event.properties as Properties : {},
    timestamp: typeof event.timestamp === "string" ? event.timestamp : null,
    uuid: typeof event.uuid === "string" ? event.uuid.slice(0, 36) : crypto.randomUUID(),
    uuid_assigned: event.uuid_assigned === true,
    offset: typeof event.offset === "number" ? event.offset : null,
    ...(isObject(event.$set) && { $set: event.$set }),
    ...(isObject(event.$set_once) && { $set_once: event.$set_once }),
    path: typeof event.path === "string" ? event.path : "import",
    api_key: typeof event.api_key === "string" ? event.api_key : "",
    sent_at: typeof event.sent_at === "string" ? event.sent_at : null,
    historical_migration: event.historical_migration === true,
    stored_timestamp: isoTime(event.stored_timestamp) ?? isoTime(event.timestamp) ??
      new Date(first).toISOString(),
    at: time(event.at) ?? first,
  };
  const sent = typeof arrival.sent === "string" ? arrival.sent : maskKeys(line);
  const tries = Array.isArray(arrival.tries) ? arrival.tries.slice(0, 100).map(readAttempt) : [];
  const described = kept ? describe(kept) : {
    kind: "request" as const,
    event: String(arrival.request).slice(0, 500),
    title: "",
    person: "",
    personless: false,
    groups: [],
    uuid: "",
    fact: null,
    stored: first,
    lib: "",
    text: "",
  };
  return {
    ...described,
    state: STATES.find((state) => state === arrival.state) ?? "stored",
    first,
    taken: arrival.taken === null ? null : time(arrival.taken) ?? first,
    attempts: tries.length,
    copies: time(arrival.copies) ?? 1,
    warnings: Array.isArray(arrival.warnings)
      ? arrival.warnings.slice(0, 20).map((code) => String(code).slice(0, 100))
      : [],
    bytes: time(arrival.bytes) ?? sent.length,
    tries,
    sent,
    kept,
    refusal: typeof arrival.refusal === "string" ? arrival.refusal : null,
  };
}

const STATES: readonly State[] = ["stored", "dropped", "refused", "failed", "pending"];

function readAttempt(given: unknown): Attempt {
  const { at, status, ms, aborted, fault, taken, path } = (given ?? {}) as Partial<Attempt>;
  return {
    at: time(at) ?? 0,
    status: time(status) ?? null,
    ms: time(ms) ?? null,
    aborted: aborted === true,
    fault: String(fault ?? "none").slice(0, 20),
    taken: taken === true,
    path: String(path ?? "").slice(0, 200),
  };
}

function time(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function isoTime(value: unknown): string | undefined {
  const parsed = typeof value === "string" ? new Date(value) : undefined;
  return parsed === undefined || Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
