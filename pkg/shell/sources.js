// Where a fact comes from, read off what reports it. What is missing there, `track` and `capture` refuse by
// name: nothing here throws.

export function stripeSource(event, { seq } = {}) {
  const { id, created } = event ?? {};
  // Stripe counts in seconds.
  return {
    system: "stripe",
    id,
    at: typeof created === "number" ? new Date(created * 1000) : undefined,
    seq,
  };
}

export function databaseSource(webhook, { id, at, seq } = {}) {
  const { type, table, record, old_record } = webhook ?? {};
  const row = record ?? old_record ?? {};
  const key = id ?? row.id;
  const when = at ?? { INSERT: row.created_at, UPDATE: row.updated_at }[type];
  const fact = { INSERT: [table, key], UPDATE: [table, key, when], DELETE: [table, key, "deleted"] }[type];
  return { system: "database", id: joined(fact ?? [undefined]), at: when, seq };
}

export function queueSource(queue, message, { seq } = {}) {
  const { msg_id, enqueued_at, id = msg_id, timestamp = enqueued_at } = message ?? {};
  return { system: "queue", id: joined([queue, id]), at: timestamp, seq };
}

/** None of them may be missing: half an id is somebody else's. */
function joined(parts) {
  if (parts.some((part) => part === undefined || part === null || part === "")) return undefined;
  return parts.map((part) => part instanceof Date ? part.toISOString() : String(part)).join(":");
}
