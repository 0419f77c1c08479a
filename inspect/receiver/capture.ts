import type { OutgoingHttpHeaders } from "node:http";
import { decodeBody } from "./decode.ts";
import { isGzip as gzipped } from "./gzip.ts";
import { type JsonObject, type Properties, toProperties, toText } from "./json.ts";
import { readQuery } from "./query.ts";
import { Refusal } from "./refusal.ts";
import { type RawEvent, type RawRequest, readRequest } from "./shape.ts";
import { parseSentAt, sentAtFromMillis, storedTime } from "./timestamp.ts";
import { uuidV7 } from "./uuid.ts";
import type { WarningCode } from "./warnings.ts";

/** A request as it came over the wire. */
export interface Submission {
  /** Without project prefix and query. */
  path: string;
  /** With its question mark, or empty. */
  query: string;
  contentType: string | undefined;
  /** By name, in lower case. */
  headers: Record<string, string | undefined>;
  /** `undefined` when it was over the limit and not read. */
  body: Uint8Array | undefined;
  at: Date;
}

/** An event the service took, with the fields the client sent under their own names. */
export interface AcceptedEvent {
  event: string;
  /** Stringified and cut as the service does. */
  distinct_id: string;
  properties: Properties;
  /** As sent, even when it is no time at all. */
  timestamp: string | null;
  /** Lower case with dashes; made by the server when none was sent. */
  uuid: string;
  uuid_assigned: boolean;
  offset: number | null;
  /** Top level only; `properties.$set` stays in `properties`. Absent when not sent. */
  $set?: Properties;
  $set_once?: Properties;
  path: string;
  api_key: string;
  /** ISO 8601, from the body or the query. */
  sent_at: string | null;
  historical_migration: boolean;
  /** The time it is stored under, after skew correction and clamping. ISO 8601. */
  stored_timestamp: string;
  /** Unix milliseconds of the arrival. */
  at: number;
}

export interface TakenEvent {
  event: AcceptedEvent;
  /** As it was written. Of a replay, the first of its request. */
  source: JsonObject;
  /** What the service itself altered; ingestion adds its own as the event is stored. */
  warnings: WarningCode[];
}

export interface Taken {
  status: 200 | 204 | 304;
  events: TakenEvent[];
  /** JSON text, where the answer is more than that all went well. */
  body?: string;
  headers?: OutgoingHttpHeaders;
}

/** What the service took of a request as a whole, before looking at the single events. */
export interface Envelope {
  token: string;
  raw: RawEvent[];
  sentAt: Date | undefined;
  historical: boolean;
  status: 200 | 204;
}

/** Takes all events of a request or throws a {@link Refusal}; nothing is taken of a request with one bad event. */
export function capture(submission: Submission, limit = MESSAGE_LIMIT): Taken {
  const envelope = open(submission);
  return {
    status: envelope.status,
    events: envelope.raw.map((raw) => {
      if (raw.event === "") throw new Refusal(400, "event submitted with an empty event name");
      // Only a large body can hold a large event.
      if (submission.body!.length > MESSAGE_LIMIT / 4 || gzipped(submission.body!)) checkSize(raw, limit);
      return accept(raw, envelope, submission);
    }),
  };
}

/** The checks common to events and session replay, in the order in which the service makes them. */
export function open(submission: Submission): Envelope {
  const query = readQuery(submission.query);
  if (submission.body === undefined) {
    throw new Refusal(413, "Failed to buffer the request body: length limit exceeded");
  }
  const request = readRequest(decodeBody(submission.body, submission.contentType));
  const token = tokenOf(request);
  if (request.events.length === 0) throw new Refusal(400, "request holds no event");
  const batch = request.kind === "batch" ? request : undefined;
  const fromBody = batch?.sentAt === undefined ? undefined : parseSentAt(batch.sentAt);
  const fromQuery = query.sentAt === undefined ? undefined : sentAtFromMillis(query.sentAt);
  return {
    token,
    raw: request.events,
    sentAt: fromBody ?? fromQuery,
    historical: batch?.historical ?? false,
    status: query.beacon ? 204 : 200,
  };
}

/** What the broker takes of one message. */
const MESSAGE_LIMIT = 1_000_000;
/** What is written around an event in its message: ids, times, the token. */
const ENVELOPE = 1_000;

/** The message holds the event's JSON as a string, in which every quote and backslash has a backslash before it. */
function checkSize(raw: RawEvent, limit: number) {
  const { event, uuid, timestamp } = raw;
  const plain = (_: string, value: unknown) => typeof value === "bigint" ? String(value) : value;
  const text = JSON.stringify({ event, uuid, timestamp, properties: toProperties(raw.properties) }, plain);
  if (Buffer.byteLength(JSON.stringify(text)) + ENVELOPE > limit) {
    throw new Refusal(400, "maximum event size exceeded");
  }
}

/** One event as it is stored. Its name is the caller's business: session replay brings its own. */
export function accept(raw: RawEvent, envelope: Envelope, { path, at }: Submission): TakenEvent {
  const wholeId = distinctIdOf(raw);
  const id = cutDistinctId(wholeId);
  const time = storedTime({
    timestamp: raw.timestamp,
    offset: raw.offset,
    sentAt: raw.properties.get("$ignore_sent_at") === true ? undefined : envelope.sentAt,
    now: at,
  });
  const event: AcceptedEvent = {
    event: raw.event,
    distinct_id: id,
    properties: toProperties(raw.properties),
    timestamp: raw.timestamp ?? null,
    uuid: raw.uuid ?? uuidV7(at),
    uuid_assigned: raw.uuid === undefined,
    offset: raw.offset ?? null,
    ...(raw.set && { $set: toProperties(raw.set) }),
    ...(raw.setOnce && { $set_once: toProperties(raw.setOnce) }),
    path,
    api_key: envelope.token,
    sent_at: envelope.sentAt?.toISOString() ?? null,
    historical_migration: envelope.historical,
    stored_timestamp: time.at.toISOString(),
    at: at.getTime(),
  };
  const warnings: WarningCode[] = [];
  if (id !== wholeId) warnings.push("distinct_id_truncated");
  if (time.warning) warnings.push(time.warning);
  return { event, source: raw.source, warnings };
}

/** The id an event is stored under, before it is cut. */
function distinctIdOf(raw: RawEvent): string {
  const id = raw.distinctId ?? raw.properties.get("distinct_id") ?? null;
  if (id === null) throw new Refusal(400, "event submitted without a distinct_id");
  const text = typeof id === "string" ? id : toText(id);
  if (text === "") throw new Refusal(400, "event submitted with an empty distinct_id");
  return text.replaceAll("\0", "\ufffd");
}

const DISTINCT_ID_LENGTH = 200;

/** Characters as Rust counts them: code points, not UTF-16 units. */
function cutDistinctId(id: string): string {
  return id.length <= DISTINCT_ID_LENGTH ? id : [...id].slice(0, DISTINCT_ID_LENGTH).join("");
}

function tokenOf(request: RawRequest): string {
  if (request.kind === "batch") return verified(request.token);
  const tokens = new Set(request.events.map(eventToken).filter((token) => token !== undefined));
  if (tokens.size > 1) throw new Refusal(401, "batch submitted with inconsistent api_key values");
  for (const token of tokens) return verified(token);
  throw new Refusal(401, "event submitted without an api_key");
}

function eventToken(raw: RawEvent): string | undefined {
  const inside = raw.properties.get("token");
  return raw.token ?? (typeof inside === "string" ? inside : undefined);
}

/** Keys are checked by their looks only; whether the project exists is found out later, silently. */
function verified(token: string): string {
  const reason = token === ""
    ? "empty"
    : new TextEncoder().encode(token).length > 64
    ? "too_long"
    : [...token].some((char) => char > "\x7f")
    ? "not_ascii"
    : token.startsWith("phx_")
    ? "personal_api_key"
    : undefined;
  if (reason !== undefined) throw new Refusal(401, `API key is not valid: ${reason}`);
  return token;
}
