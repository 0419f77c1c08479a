// Where a fact comes from, read off what reports it. Nothing here throws, whatever it is given: what is
// missing, `track` and `capture` refuse by name.

export function stripeSource(event, options) {
  const created = get(event, "created");
  return {
    system: "stripe",
    id: text(get(event, "id")),
    // Stripe counts in seconds.
    at: typeof created === "number" ? new Date(created * 1000) : undefined,
    seq: get(options, "seq"),
  };
}

export function databaseSource(webhook, options) {
  const type = get(webhook, "type");
  const row = get(webhook, "record") ?? get(webhook, "old_record");
  const column = type === "INSERT" ? "created_at" : type === "UPDATE" ? "updated_at" : undefined;
  const at = get(options, "at") ?? (column && get(row, column)) ?? undefined;
  // Without a schema, a table is in Postgres' own.
  const schema = get(webhook, "schema") ?? "public";
  const parts = [type, schema, get(webhook, "table"), get(options, "id") ?? get(row, "id")];
  // Without it the source has no time, which is said of it.
  if (type === "UPDATE" && at !== undefined) parts.push(at);
  const id = column || type === "DELETE" ? joined(parts) : undefined;
  return { system: "database", id, at, seq: get(options, "seq") };
}

export function queueSource(queue, message, options) {
  return {
    system: "queue",
    id: joined([queue, get(message, "id") ?? get(message, "msg_id")]),
    at: get(message, "timestamp") ?? get(message, "enqueued_at"),
    seq: get(options, "seq"),
  };
}

/** The parts as JSON, so that no two lists of parts are one id. None may be missing: half an id is somebody else's. */
function joined(parts) {
  const texts = parts.map(text);
  return texts.includes(undefined) ? undefined : JSON.stringify(texts);
}

/** A part of an id. What has no text of its own (objects, symbols) is none: two facts would share it. */
function text(part) {
  if (typeof part === "string" && part !== "") return part;
  if (typeof part === "bigint" || typeof part === "boolean" || Number.isFinite(part)) return String(part);
  try {
    return Date.prototype.toISOString.call(part);
  } catch {
    return undefined;
  }
}

function get(object, name) {
  try {
    return object?.[name];
  } catch {
    return undefined;
  }
}
