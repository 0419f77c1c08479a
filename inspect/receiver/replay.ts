import { accept, open, type Submission, type Taken } from "./capture.ts";
import { JsonObject, type Properties, toValue, type Value } from "./json.ts";
import { Refusal } from "./refusal.ts";
import type { RawEvent } from "./shape.ts";

const SESSION_ID = /^[A-Za-z0-9-]{0,70}$/;

/**
 * Session replay: a request becomes one message, made of the first event's metadata and everybody's
 * snapshot data. It is therefore recorded as one event, under the name the service gives that message.
 */
export function replay(submission: Submission): Taken {
  const envelope = open(submission);
  const [first] = envelope.raw;
  const session = sessionOf(first);
  const { event, source, warnings } = accept(first, envelope, submission);
  const properties: Properties = {
    distinct_id: event.distinct_id,
    $session_id: session,
    $window_id: event.properties.$window_id ?? session,
    $snapshot_source: event.properties.$snapshot_source ?? "web",
    $snapshot_items: envelope.raw.flatMap(snapshotItems),
    $lib: event.properties.$lib ?? "unknown",
  };
  return {
    status: envelope.status,
    events: [{ event: { ...event, event: "$snapshot_items", properties }, source, warnings }],
  };
}

function sessionOf(raw: RawEvent): string {
  const session = raw.properties.get("$session_id");
  if (session === undefined) throw new Refusal(400, "replay event submitted without session id");
  if (typeof session !== "string" || !SESSION_ID.test(session)) {
    throw new Refusal(400, "replay event submitted with invalid session id");
  }
  return session;
}

function snapshotItems(raw: RawEvent): Value[] {
  const data = raw.properties.get("$snapshot_data");
  if (Array.isArray(data)) return data.map(toValue);
  if (data instanceof JsonObject) return [toValue(data)];
  throw new Refusal(400, "replay event submitted without snapshot data");
}
