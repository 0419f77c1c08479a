// What was thrown, as text that crosses into the module. It may be anything: from another realm, with getters that
// throw, or an error that causes itself.

/** PostHog takes no more errors of one exception. */
const MAX_ERRORS = 50;
/** How much of a message or a stack is read: PostHog shows 10,000 characters, and what is taken out first makes room. */
const MAX_TEXT = 60_000;
/** What all of them may come to. Memory of the module that grew stays. */
const MAX_LENGTH = 1_500_000;
const MAX_KEYS = 20;
/** How many files of source maps are looked through. */
const MAX_CHUNKS = 5_000;
/** Where PostHog's command line leaves the ids of uploaded source maps: stack text → id. */
const CHUNK_IDS = ["_posthogChunkIds", "_debugIds"];

/** `{ errors, chunks }`: outermost first, each with what it is the cause of; and the ids of source maps. Never throws. */
export function thrownText(value) {
  const errors = [];
  try {
    collect(value, {}, new Set(), errors, { left: MAX_LENGTH });
  } catch {
    // The stack is full: what was read so far is something.
    if (errors.length === 0) errors.push({ shown: "A value was thrown that could not be read" });
  }
  return JSON.stringify({ errors, chunks: chunks() });
}

/** Adds a value, then what caused it. */
function collect(value, link, seen, errors, room) {
  if (errors.length >= MAX_ERRORS || room.left <= 0 || seen.has(value)) return;
  const parent = errors.length;
  const described = describe(value);
  for (const text of Object.values(described)) room.left -= text.length;
  errors.push({ ...link, ...described });
  if (!isObject(value)) return;
  seen.add(value);
  const cause = member(value, "cause");
  if (cause !== undefined && cause !== null) collect(cause, { parent, source: "cause" }, seen, errors, room);
  const several = member(value, "errors");
  if (!isArray(several)) return;
  const length = Math.min(Number(member(several, "length")) || 0, MAX_ERRORS);
  for (let at = 0; at < length; at++) {
    collect(member(several, at), { parent, source: `errors[${at}]` }, seen, errors, room);
  }
}

/** `{ name, message, stack }` of an error; what is said of anything else as `{ shown }`. */
function describe(value) {
  if (isObject(value)) {
    const [message, stack] = [textOf(member(value, "message")), textOf(member(value, "stack"))];
    return message || stack ? { name: classOf(value), message, stack } : { shown: keysOf(value) };
  }
  switch (typeof value) {
    case "function":
      return { shown: "A function was thrown" };
    case "string":
      return { shown: textOf(value) };
    case "number":
    case "boolean":
      return { shown: String(value) };
    default:
      return { shown: `A value was thrown of type ${typeof value}` };
  }
}

/** The name that the error gives itself; the name of its class where that says more. */
function classOf(error) {
  const name = textOf(member(error, "name"));
  if (name !== "" && name !== "Error") return name;
  const known = textOf(member(member(error, "constructor"), "name"));
  return known === "" || known === "Object" ? name : known;
}

/** Says what an object is by its first keys, without its values. */
function keysOf(value) {
  let keys = [];
  try {
    keys = Reflect.ownKeys(value).slice(0, MAX_KEYS).filter((key) => typeof key === "string");
  } catch {
    // A proxy may refuse to say.
  }
  const shown = keys.map((key) => key.slice(0, 300)).join(", ");
  return `An object was thrown${shown && ` with keys: ${shown}`}`;
}

function chunks() {
  for (const name of CHUNK_IDS) {
    const ids = globalThis[name];
    if (!isObject(ids)) continue;
    try {
      const entries = Object.entries(ids).slice(0, MAX_CHUNKS);
      return entries.filter(([, id]) => typeof id === "string").map((entry) => entry.map(textOf));
    } catch {
      return undefined;
    }
  }
}

/** A string, cut before it enters. */
const textOf = (value) => typeof value === "string" ? value.slice(0, MAX_TEXT) : "";

/** A member, or undefined: a getter that throws has nothing to say. */
function member(value, name) {
  try {
    return isObject(value) || typeof value === "function" ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/** A proxy that was revoked throws. */
function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

const isObject = (value) => typeof value === "object" && value !== null;
