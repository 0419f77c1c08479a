// Definitions of flags: read, fetched once, and kept by a store that a cron job fills and handlers read.
import { clients } from "./clients.js";
import { extraText } from "./domain.js";
import { ask, MAX_ANSWER_BYTES, mistakeOf } from "./flags_fetch.js";
import { ignoreErrors } from "./ignore_errors.js";
import { flags as module } from "./modules.js";
import { withTimeout } from "./with_timeout.js";

/** One text of definitions, and where the module has what it read of it. */
class Source {
  text;
  read;
  #id = 0;
  #generation = -1;

  constructor(text) {
    this.text = text;
    this.read = this.#define();
  }

  #define() {
    if (this.text.length > MAX_ANSWER_BYTES) {
      return { error: { code: "too_large", message: "is over 8 MB" } };
    }
    const read = JSON.parse(module.compute((core) => core.flags_define(this.text)));
    this.#id = read.id;
    this.#generation = module.generation;
    return read;
  }

  /** The snapshot's text. Definitions that the module has let go are read once more. */
  evaluate(options, now) {
    const evaluate = () => module.compute((core) => core.flags_local(this.#id, options, now));
    let local = this.#generation === module.generation ? evaluate() : undefined;
    if (local === undefined) {
      this.#define();
      local = evaluate();
    }
    return local;
  }
}

let sourceOf;

class FlagDefinitions {
  #source;

  constructor(source, { etag, fetchedAt, stale = false, error } = {}) {
    this.#source = source;
    const { flags = 0, problems = [], error: unreadable } = source.read;
    this.ok = unreadable === undefined;
    this.flags = flags;
    this.problems = problems;
    this.etag = etag ?? undefined;
    this.fetchedAt = fetchedAt ?? undefined;
    this.stale = stale;
    this.error = unreadable ?? error;
    Object.freeze(this);
  }

  get ageMs() {
    const at = Date.parse(this.fetchedAt);
    return Number.isNaN(at) ? undefined : Math.max(0, Date.now() - at);
  }

  static {
    sourceOf = (definitions) =>
      typeof definitions === "object" && definitions !== null && #source in definitions && definitions.ok
        ? definitions.#source
        : undefined;
  }
}

/** Where the module has these; nothing of what are none. */
export { sourceOf };

const UNREADABLE = { error: { code: "not_json", message: "could not be read" } };

function sourceFrom(given) {
  try {
    return new Source(typeof given === "string" ? given : JSON.stringify(given) ?? "");
  } catch {
    return { read: UNREADABLE };
  }
}

export function parseFlagDefinitions(given, known) {
  return new FlagDefinitions(sourceFrom(given), ignoreErrors(() => ({ ...known })));
}

export async function loadFlagDefinitions(client, options) {
  try {
    return await load(client, options);
  } catch (cause) {
    return failed(cause);
  }
}

async function load(client, options) {
  const { settings, fetch } = clients.get(client) ?? {};
  if (settings === undefined) {
    return {
      status: "invalid",
      error: { code: "invalid_config", field: "client", message: "is no PostHog" },
    };
  }
  const { secretKey, etag, timeoutMs, signal } = options ?? {};
  const asked = extraText({ secretKey, etag, timeoutMs });
  const request = JSON.parse(module.compute((core) => core.flags_definitions_request(settings, asked)));
  if (request.error) return { status: "invalid", error: request.error };
  if (request.skipped) {
    return { status: "skipped", error: { code: request.skipped, message: "nothing was asked" } };
  }
  const reply = await ask(request, { fetch, signal }, () => -1);
  if (reply.code) {
    const { code, message } = reply;
    return { status: code === "too_large" ? "invalid" : code, error: { code, message } };
  }
  const status = module.compute((core) => core.flags_definitions_status(reply.status));
  const told = { status, httpStatus: reply.status };
  if (status === "not_modified") return { ...told, etag: reply.etag ?? etag };
  if (status !== "loaded") {
    return { ...told, error: { code: status, message: `PostHog answered ${reply.status}` } };
  }
  const known = { etag: reply.etag, fetchedAt: new Date().toISOString() };
  const source = sourceFrom(reply.text);
  const definitions = new FlagDefinitions(source, known);
  if (!definitions.ok) return { ...told, status: "invalid", error: definitions.error };
  return { ...told, etag: reply.etag, definitions, stored: { text: source.text, ...known } };
}

const failed = (cause) => {
  const error = mistakeOf(cause);
  return { status: error.code === "internal" ? "failed" : "invalid", error };
};

/** What is wrong with a store or with the time that it is given, before it is asked. */
function mistakeIn(store, methods, field, ms) {
  const code = "invalid_config";
  if (methods.some((name) => typeof store?.[name] !== "function")) {
    return { code, field: "store", message: `must have ${methods.map((name) => `${name}()`).join(", ")}` };
  }
  return Number.isInteger(ms) && ms >= 1 && ms <= 600_000
    ? undefined
    : { code, field, message: "must be a whole number, 1 to 600000" };
}

export async function refreshFlagDefinitions(client, options) {
  try {
    const { store, storeTimeoutMs, ...rest } = options ?? {};
    const ms = storeTimeoutMs ?? 5000;
    const error = mistakeIn(store, ["read", "write"], "storeTimeoutMs", ms);
    if (error) return { status: "invalid", stored: false, error };
    const { source, known: before } = await stored(store, ms).catch(() => undefined) ?? {};
    // What cannot be used is replaced, even if it is the newest.
    const text = source?.read.error ? undefined : source?.text;
    const etag = text === undefined ? undefined : before.etag ?? undefined;
    const { stored: loaded, ...result } = await loadFlagDefinitions(client, { ...rest, etag });
    const known = result.status === "not_modified" && text !== undefined
      ? { text, etag: result.etag, fetchedAt: new Date().toISOString() }
      : loaded;
    if (!known) return { ...result, stored: false };
    try {
      await withTimeout(ms, Promise.resolve(store.write(known)));
      return { ...result, stored: true };
    } catch (error) {
      return { ...result, stored: false, error: storeError(error) };
    }
  } catch (cause) {
    return { ...failed(cause), stored: false };
  }
}

/** What a store has, if it has something. Text that is the same is not read again. */
async function stored(store, ms) {
  const { text, etag, fetchedAt } = await withTimeout(ms, Promise.resolve(store.read())) ?? {};
  if (typeof text !== "string") return undefined;
  const before = last.get(store)?.source;
  return { source: before?.text === text ? before : sourceFrom(text), known: { etag, fetchedAt } };
}

/** Codes as databases and runtimes spell them, and names of errors. */
const CODE = /^[A-Z0-9]\w{2,49}$/;

/** Nothing else of what a store throws: its words may quote what it was given. */
function storeError(error) {
  const words = ignoreErrors(() => [error.code, error.fields?.code, error.name]) ?? [];
  const known = words.find((word) => typeof word === "string" && CODE.test(word));
  const message = known === "TimeoutError" ? "no answer in time" : known ? `threw: ${known}` : "threw";
  return { code: "store_failed", message };
}

/** What each store gave last: text that is the same is not read again, and better than none while the store is broken. */
const last = new WeakMap();

export async function readFlagDefinitions(store, options) {
  const { maxAgeMs = Infinity, timeoutMs } = ignoreErrors(() => ({ ...options })) ?? {};
  const before = ignoreErrors(() => last.get(store));
  let error;
  try {
    const ms = timeoutMs ?? 1000;
    error = mistakeIn(store, ["read"], "timeoutMs", ms);
    if (error) return new FlagDefinitions({ read: { error } });
    const kept = await stored(store, ms);
    if (kept) {
      const { source, known } = kept;
      const definitions = new FlagDefinitions(source, known);
      if (definitions.ok) {
        last.set(store, { source, known });
        const stale = !(definitions.ageMs <= maxAgeMs) && maxAgeMs !== Infinity;
        return stale ? new FlagDefinitions(source, { ...known, stale }) : definitions;
      }
      error = definitions.error;
    } else error = { code: "store_empty", message: "the store has no definitions" };
  } catch (thrown) {
    error = storeError(thrown);
  }
  if (before) return new FlagDefinitions(before.source, { ...before.known, stale: true, error });
  return new FlagDefinitions({ read: { error } });
}
