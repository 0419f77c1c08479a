import { type Json, JsonNumber, JsonObject } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** An event with the types the service insists on; what its fields hold is judged later. */
export interface RawEvent {
  /** All that was written, fields that nobody knows too. */
  source: JsonObject;
  event: string;
  token: string | undefined;
  distinctId: Json | undefined;
  uuid: string | undefined;
  properties: JsonObject;
  timestamp: string | undefined;
  offset: number | undefined;
  set: JsonObject | undefined;
  setOnce: JsonObject | undefined;
}

export type RawRequest =
  | { kind: "array"; events: RawEvent[] }
  | { kind: "batch"; events: RawEvent[]; token: string; sentAt: string | undefined; historical: boolean }
  | { kind: "single"; events: [RawEvent] };

/**
 * The three forms of body are told apart by trying them in this order, so a batch with one wrong field
 * is no batch: it is then read as a single event, and as that it usually fails too.
 */
export function readRequest(json: Json): RawRequest {
  for (const read of [readArray, readBatch, readSingle]) {
    try {
      return read(json);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
    }
  }
  throw new Refusal(
    400,
    "failed to parse request: data did not match any variant of untagged enum RawRequest",
  );
}

class Mismatch extends Error {}

/** Every spelling of a field and the name it counts as; two spellings together repeat the field. */
const EVENT_FIELDS = new Map([
  ["event", "event"],
  ["token", "token"],
  ["$token", "token"],
  ["api_key", "token"],
  ["distinct_id", "distinct_id"],
  ["$distinct_id", "distinct_id"],
  ["uuid", "uuid"],
  ["properties", "properties"],
  ["timestamp", "timestamp"],
  ["offset", "offset"],
  ["$set", "$set"],
  ["$set_once", "$set_once"],
]);

const BATCH_FIELDS = new Map([
  ["token", "token"],
  ["api_key", "token"],
  ["batch", "batch"],
  ["sent_at", "sent_at"],
  ["historical_migration", "historical_migration"],
]);

function readArray(json: Json): RawRequest {
  return { kind: "array", events: array(json).map(readEvent) };
}

function readBatch(json: Json): RawRequest {
  const fields = fieldsOf(json, BATCH_FIELDS);
  return {
    kind: "batch",
    token: string(fields.get("token")),
    events: array(fields.get("batch")).map(readEvent),
    sentAt: optional(fields.get("sent_at"), string),
    historical: optional(fields.get("historical_migration"), boolean) ?? false,
  };
}

function readSingle(json: Json): RawRequest {
  return { kind: "single", events: [readEvent(json)] };
}

function readEvent(json: Json): RawEvent {
  const fields = fieldsOf(json, EVENT_FIELDS);
  return {
    source: object(json),
    event: string(fields.get("event")),
    token: optional(fields.get("token"), string),
    distinctId: fields.get("distinct_id") ?? undefined,
    uuid: optional(fields.get("uuid"), uuid),
    // Left out is fine, null is not: the field has a default but no "none".
    properties: fields.has("properties") ? object(fields.get("properties")) : new JsonObject([]),
    timestamp: optional(fields.get("timestamp"), string),
    offset: optional(fields.get("offset"), int64),
    set: optional(fields.get("$set"), object),
    setOnce: optional(fields.get("$set_once"), object),
  };
}

function fieldsOf(json: Json, names: ReadonlyMap<string, string>): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const [key, value] of object(json).members) {
    const field = names.get(key);
    if (field === undefined) continue;
    if (found.has(field)) throw new Mismatch();
    found.set(field, value);
  }
  return found;
}

function optional<T>(json: Json | undefined, read: (json: Json) => T): T | undefined {
  return json === undefined || json === null ? undefined : read(json);
}

function array(json: Json | undefined): Json[] {
  if (!Array.isArray(json)) throw new Mismatch();
  return json;
}

function object(json: Json | undefined): JsonObject {
  if (!(json instanceof JsonObject)) throw new Mismatch();
  return json;
}

function string(json: Json | undefined): string {
  if (typeof json !== "string") throw new Mismatch();
  return json;
}

function boolean(json: Json): boolean {
  if (typeof json !== "boolean") throw new Mismatch();
  return json;
}

function int64(json: Json): number {
  const value = json instanceof JsonNumber ? json.integer : undefined;
  if (value === undefined || value >= 2n ** 63n) throw new Mismatch();
  return Number(value);
}

const SIMPLE_UUID = /^[0-9a-f]{32}$/;
const DASHED_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Any version, any case, with or without dashes, in braces or as a URN; lower case with dashes comes out. */
function uuid(json: Json): string {
  const text = string(json).toLowerCase();
  if (SIMPLE_UUID.test(text)) return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const bare = /^\{(.*)\}$/.exec(text)?.[1] ?? text.replace(/^urn:uuid:/, "");
  if (!DASHED_UUID.test(bare)) throw new Mismatch();
  return bare;
}
