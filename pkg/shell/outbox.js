// The caller's store for events that wait: what we ask of it, and what we make of its answers.

const METHODS = ["put", "claim", "delete", "retry", "deadLetter"];

/** How an outbox crosses: Rust says what is wrong with it. */
export function outboxSetting(outbox) {
  if (outbox === undefined || outbox === null) return undefined;
  return { write: outbox.write, store: isStore(outbox.store) };
}

/** An outbox that is written, or drained, and nothing else. */
export function onlyOutbox(store) {
  return { only: true, store: isStore(store) };
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
  return `[${Array.from(lent, entryText).filter(Boolean).join()}]`;
}

function entryText(lent) {
  try {
    const { id, target, body, tries } = lent;
    if (id === undefined || id === null) return undefined;
    // A driver may have numbers of its own, and a column of JSON may have been read already.
    const text = typeof body === "object" && body !== null ? JSON.stringify(body) : body;
    return JSON.stringify({ id: String(id), target, body: text, tries: Number(tries) || 0 });
  } catch {
    return undefined;
  }
}
