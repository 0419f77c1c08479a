// The caller's store for events that wait: what we ask of it, and what we make of its answers.

import { flags } from "./call.js";

const METHODS = ["put", "claim", "delete", "retry", "deadLetter"];

/** A replay's text that is longer does not cross: Rust decides by how it starts. */
const MAX_BODY_LENGTH = 500_000;
const HEAD_LENGTH = 20_000;
/** No other event is longer, but those about a model's work. */
const MAX_EVENT_LENGTH = 1_500_000;
const MAX_AI_LENGTH = 9_000_000;
/** How much crosses at once; what a store lent beyond that crosses the next time. */
const MAX_CLAIM_LENGTH = 6_000_000;

/** How an outbox crosses: Rust says what is wrong with it. */
export function outboxSetting(outbox) {
  if (!outbox) return undefined;
  return { write: outbox.write, store: isStore(outbox.store) };
}

/** What Rust is told of a call that has this store. */
export const storeFlag = (store) => isStore(store) ? flags.STORE : 0;

function isStore(store) {
  try {
    return METHODS.every((method) => typeof store[method] === "function");
  } catch {
    return false;
  }
}

/** Asks the store of a call's `host`. What it lends comes back as text. */
export async function askOutbox(host, method, given) {
  const parameters = JSON.parse(given);
  if (method === "put") parameters[0] = parameters[0].map((entry) => withPart(entry, host.parts));
  if (method !== "claim") return void (await host.outbox[method](...parameters));
  if (!host.lent?.length) {
    host.lent = Array.from(await host.outbox.claim(...parameters));
    // Those of an earlier claim have been sent.
    host.parts = [];
  }
  return claimedText(host);
}

function withPart({ part, tail, ...entry }, parts) {
  return part === undefined ? entry : { ...entry, body: entry.body + parts[part] + tail };
}

/** Lent entries as text. What is no entry is left where it is: its lease ends by itself. */
function claimedText(host) {
  const texts = [];
  let length = 0;
  while (host.lent.length > 0 && length < MAX_CLAIM_LENGTH) {
    const text = entryText(host.lent.shift(), host.parts);
    if (text === undefined) continue;
    texts.push(text);
    length += text.length;
  }
  return `[${texts.join()}]`;
}

function entryText(lent, parts) {
  try {
    const { id, target, body, tries } = lent;
    if (id === undefined || id === null) return undefined;
    // A driver may have numbers of its own, and a column of JSON may have been read already.
    const text = typeof body === "object" && body !== null ? JSON.stringify(body) : body;
    const entry = { id: String(id), target: String(target), tries: Number(tries) || 0 };
    if (
      typeof text !== "string" ||
      (text.length > (target === "ai" ? MAX_AI_LENGTH : MAX_EVENT_LENGTH) && target !== "replay")
    ) {
      return JSON.stringify(entry);
    }
    if (text.length <= MAX_BODY_LENGTH || target !== "replay") {
      return JSON.stringify({ ...entry, body: text });
    }
    return JSON.stringify({ ...entry, body: text.slice(0, HEAD_LENGTH), part: parts.push(text) - 1 });
  } catch {
    return undefined;
  }
}
