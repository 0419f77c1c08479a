// An outbox in memory, which keeps the contract and shows what it was told, and what the tests of outboxes send.
import { client } from "./check.js";

export function memoryStore() {
  const rows = new Map();
  const calls = [];
  const store = {
    rows,
    calls,
    /** Those that a drain would still take, at whatever time. */
    alive: () => [...rows.values()].filter(({ dead }) => !dead),
    dead: () => [...rows.values()].filter(({ dead }) => dead),
    /** Makes everything due. */
    ripen: () => rows.forEach((row) => row.due = 0),
    async put(entries, afterMs) {
      calls.push("put");
      for (const { id, target, body } of entries) {
        rows.set(id, { id, target, body, tries: 0, due: Date.now() + afterMs });
      }
    },
    async claim(limit, leaseMs) {
      calls.push("claim");
      const now = Date.now();
      const lent = store.alive().filter(({ due }) => due <= now).slice(0, limit);
      for (const row of lent) row.due = now + leaseMs;
      return lent.map((row) => ({ ...row }));
    },
    async delete(ids) {
      calls.push("delete");
      for (const id of ids) rows.delete(id);
    },
    async retry(entries, reason) {
      calls.push("retry");
      for (const { id, afterMs } of entries) {
        const row = rows.get(id);
        if (row) Object.assign(row, { tries: row.tries + 1, due: Date.now() + afterMs, reason });
      }
    },
    async deadLetter(ids, reason) {
      calls.push("deadLetter");
      for (const id of ids) Object.assign(rows.get(id) ?? {}, { dead: true, reason });
    },
  };
  return store;
}

export const EVENT = { event: "Ping", distinctId: "u" };
/** So many events for `track`. */
export const many = (count) =>
  Array.from({ length: count }, (_, index) => ({ kind: "capture", event: `E${index}`, distinctId: "u" }));
export const KEY = "phc_test";

/** A client of the test's project, and the store behind it. */
export function withOutbox(t, write, options) {
  const store = memoryStore();
  return { store, posthog: client(t, { outbox: { store, write }, ...options }) };
}
