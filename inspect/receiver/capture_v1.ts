import { accept, type AcceptedEvent, type Submission, type Taken } from "./capture.ts";
import { decodeBody } from "./decode.ts";
import { type Json, JsonObject } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** What the service says of one event. */
interface Verdict {
  result: "ok" | "warning" | "drop";
  details?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const MAX_BYTES = 200;
const ENCODINGS = [undefined, "gzip", "deflate", "br", "zstd"];

/** Ids that many callers share by mistake. */
const WARNED_IDS = new Set(
  "0,00000000-0000-0000-0000-000000000000,[object object],anonymous,anonymous-user,backend,distinct_id,distinctid,email,false,guest,id,nan,none,not_authenticated,null,system,true,undefined,user"
    .split(","),
);

const OPTIONS = new Map<string, [property: string, type: "boolean" | "string"]>([
  ["cookieless_mode", ["$cookieless_mode", "boolean"]],
  ["disable_skew_correction", ["$ignore_sent_at", "boolean"]],
  ["process_person_profile", ["$process_person_profile", "boolean"]],
  ["product_tour_id", ["$product_tour_id", "string"]],
]);

/** The newer endpoint: what is wrong with the request as a whole is refused, each event has a verdict of its own. */
export function captureV1(submission: Submission): Taken {
  const { token, sentAt, sdk } = readHeaders(submission);
  if (submission.body === undefined) throw refusal(413, "payload_too_large");
  const body = decodeBody(submission.body, "application/json");
  if (!(body instanceof JsonObject)) throw refusal(400, "invalid_body");
  if (!isTime(body.get("created_at"))) throw refusal(400, "invalid_created_at");
  const historical = body.get("historical_migration") === true;
  const batch = body.get("batch");
  if (!Array.isArray(batch) || batch.length === 0) throw refusal(400, "empty_batch");
  const events = batch.map(readEvent);
  if (new Set(events.map(({ uuid }) => uuid)).size < events.length) throw refusal(400, "duplicate_uuid");
  const envelope = { token, raw: [], sentAt, historical, status: 200 as const };
  const results: Record<string, Verdict> = {};
  const taken = [];
  for (const event of events) {
    const verdict = results[event.uuid] = judge(event);
    if (verdict.result === "drop") continue;
    const raw = {
      ...event,
      token,
      distinctId: event.distinct_id,
      properties: injected(event, sdk),
      offset: undefined,
      set: undefined,
      setOnce: undefined,
      source: event.all,
    };
    taken.push(accept(raw, envelope, submission));
  }
  return {
    status: 200,
    events: taken,
    body: JSON.stringify({ results }),
    headers: { "posthog-request-id": sdk.request },
  };
}

/** AI events: `/batch/` for larger ones, which takes nothing else. */
export function onlyAi(taken: Taken): Taken {
  const odd = taken.events.find(({ event }: { event: AcceptedEvent }) => !event.event.startsWith("$ai_"));
  if (odd) throw new Refusal(400, `not an AI event: ${odd.event.event}`);
  return taken;
}

function readHeaders({ headers }: Submission) {
  const text = (name: string) => headers[name] ?? "";
  const authorization = text("authorization");
  if (authorization === "") throw refusal(401, "missing_authorization");
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (token === undefined) throw refusal(400, "invalid_authorization");
  if (!/^application\/json(;|$)/.test(text("content-type"))) throw refusal(415, "unsupported_media_type");
  if (!ENCODINGS.includes(headers["content-encoding"])) throw refusal(415, "unsupported_encoding");
  const required = ["user-agent", "posthog-sdk-info", "posthog-attempt", "posthog-request-id"];
  if (required.some((name) => text(name) === "")) throw refusal(400, "missing_required_headers");
  if (!/^[1-9]\d*$/.test(text("posthog-attempt"))) throw refusal(400, "invalid_attempt");
  if (!UUID.test(text("posthog-request-id"))) throw refusal(400, "invalid_request_id");
  const sent = text("posthog-request-timestamp");
  if (!isTime(sent)) throw refusal(400, "invalid_request_timestamp");
  const info = text("posthog-sdk-info");
  const slash = info.lastIndexOf("/");
  const lib: Record<string, string> = slash > 0 && info.length <= 200
    ? { $lib: info.slice(0, slash), $lib_version: info.slice(slash + 1) }
    : {};
  return { token, sentAt: new Date(sent), sdk: { lib, request: text("posthog-request-id") } };
}

interface V1Event {
  event: string;
  uuid: string;
  distinct_id: string;
  timestamp: string;
  all: JsonObject;
}

function readEvent(json: Json): V1Event {
  if (!(json instanceof JsonObject)) throw refusal(400, "invalid_event");
  const string = (name: string) => {
    const value = json.get(name);
    if (typeof value !== "string") throw refusal(400, `invalid_event: ${name}`);
    return value;
  };
  const uuid = string("uuid");
  if (!UUID.test(uuid)) throw refusal(400, "invalid_uuid");
  return {
    event: string("event"),
    uuid: uuid.toLowerCase(),
    distinct_id: string("distinct_id"),
    timestamp: string("timestamp"),
    all: json,
  };
}

function judge({ event, distinct_id, timestamp, all }: V1Event): Verdict {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const drop = (details: string): Verdict => ({ result: "drop", details });
  const id = distinct_id.trim();
  if (event === "") return drop("missing_event_name");
  if (bytes(event) > MAX_BYTES) return drop("event_name_too_long");
  if (id === "") return drop("missing_distinct_id");
  if (bytes(id) > MAX_BYTES) return drop("distinct_id_too_large");
  if (!isTime(timestamp)) return drop("invalid_event_timestamp");
  const properties = all.get("properties") ?? new JsonObject([]);
  if (!(properties instanceof JsonObject)) return drop("malformed_event_properties");
  for (const [name, value] of optionsOf(all)) {
    const known = OPTIONS.get(name);
    if (known && typeof value !== known[1]) return drop("invalid_options");
  }
  if (WARNED_IDS.has(id.toLowerCase())) return { result: "warning", details: "person_processing_disabled" };
  return { result: "ok" };
}

function optionsOf(event: JsonObject): (readonly [string, Json])[] {
  const options = event.get("options");
  return options instanceof JsonObject ? [...options.members] : [];
}

/** The properties as they are stored: with what stands in headers, options and members of the event. */
function injected({ all }: V1Event, { lib }: { lib: Record<string, string> }): JsonObject {
  const properties = all.get("properties");
  const found = new Map<string, Json>(properties instanceof JsonObject ? properties.members : []);
  for (const name of ["session_id", "window_id"]) {
    const value = all.get(name);
    if (typeof value === "string") found.set(`$${name}`, value);
  }
  for (const [name, value] of optionsOf(all)) {
    const known = OPTIONS.get(name);
    if (known) found.set(known[0], value);
  }
  for (const [name, value] of Object.entries(lib)) found.set(name, value);
  return new JsonObject([...found]);
}

const isTime = (value: Json | undefined) =>
  typeof value === "string" && RFC_3339.test(value) && !Number.isNaN(Date.parse(value));

const refusal = (status: number, error: string) =>
  new Refusal(status, JSON.stringify({ error, error_description: "", error_uri: "" }));
