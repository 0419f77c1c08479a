// The caller's store for events that wait: what we ask of it, and what we make of its answers.

const METHODS = ["put", "take", "delete", "retry", "bury"];

/** How an outbox crosses: Rust says what is wrong with it. */
export function outboxSetting(outbox) {
  if (outbox === undefined || outbox === null) return undefined;
  return { write: outbox.write, store: isStore(outbox.store) };
}

function isStore(store) {
  try {
    return METHODS.every((method) => typeof store[method] === "function");
  } catch {
    return false;
  }
}

/** Lent entries as text. What is no entry is left where it is: its lease ends by itself. */
export function entriesText(lent) {
  const entries = Array.from(
    lent,
    ({ id, target, body, tries }) => ({ id: String(id), target, body, tries }),
  );
  return JSON.stringify(entries);
}
