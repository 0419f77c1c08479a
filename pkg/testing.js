// @ts-self-types="./testing.d.ts"
// A `fetch` for other people's tests: it takes what the package sends and shows it decoded, and fails when it is told to.
import { clearTimeout, setTimeout } from "./shell/clock.js";

/** Statuses whose responses have no body. */
const EMPTY = [101, 204, 205, 304];

/** PostHog's endpoints, behind a proxy's path or not. The short names are anybody's: there its key has to be in it. */
const POSTHOG =
  /\/(?:(batch|capture|e|engage|flags|flags\/definitions|s|track)|i\/v\d\/(e|ai|ai\/batch|analytics\/events))\/?$/;

/** Whose endpoint it is: `posthog`, `logsnag`, or somebody else's. */
function providerOf({ pathname, searchParams }, body) {
  const [, short, long] = POSTHOG.exec(pathname) ?? [];
  const [first] = Array.isArray(body) ? body : [body];
  const parts = [first, first?.properties, Object.fromEntries(searchParams)];
  const isKeyed = () => parts.some((part) => typeof (part?.api_key ?? part?.token) === "string");
  if (long || short && isKeyed()) return "posthog";
  const isLog = /\/v1\/log$/.test(pathname) &&
    [body?.project, body?.event].every((name) => typeof name === "string");
  return isLog ? "logsnag" : undefined;
}

/** A body's text: a large one comes as gzip. */
function textOf(body) {
  const isPacked = body instanceof Uint8Array && body[0] === 0x1f && body[1] === 0x8b;
  const { body: stream } = new Response(body);
  return new Response(isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream).text();
}

export function createTestTransport() {
  const [events, logsnag, requests] = [[], [], []];
  let failures = [];
  const waiting = new Set();
  let [flags, definitions] = [{}, { flags: [] }];

  async function fetch(input, init = {}) {
    const isRequest = typeof input === "object" && input !== null && "url" in input;
    const url = new URL(isRequest ? input.url : input, "http://localhost");
    const method = (init.method ?? (isRequest ? input.method : "GET")).toUpperCase();
    const signal = init.signal ?? (isRequest ? input.signal : undefined);
    signal?.throwIfAborted();
    const body = parsed(
      await (init.body === undefined && isRequest ? input.text() : textOf(init.body)),
    );
    const provider = providerOf(url, body);
    requests.push({ method, url: url.href, body });
    signal?.throwIfAborted();
    if (!provider) return answer(200, {});
    const at = failures.findIndex(({ failure }) => (failure.provider ?? provider) === provider);
    if (at >= 0) {
      const { failure } = failures[at];
      if (--failures[at].times === 0) failures.splice(at, 1);
      return await failed(failure, signal);
    }
    const path = url.pathname.replace(/\/$/, "");
    if (path.endsWith("/flags/definitions")) return answer(200, definitions);
    if (path.endsWith("/flags")) return answer(200, evaluated(flags));
    if (provider === "logsnag") logsnag.push(body);
    else if (method === "POST") { for (const event of eventsOf(body)) arrived(decoded(event, url.pathname)); }
    return answer(200, provider === "logsnag" ? {} : { status: "Ok" });
  }

  function arrived(event) {
    events.push(event);
    for (const look of waiting) look(event);
  }

  function waitFor(wanted, options) {
    return new Promise((resolve, reject) => {
      const { timeoutMs = 1000 } = options ?? {};
      const isName = typeof wanted === "string";
      check(isName || typeof wanted === "function", "an event must be a name or a function");
      check(timeoutMs >= 0 && timeoutMs < 2 ** 31, "timeoutMs must be a number from 0 to 2147483647");
      const matches = isName ? ({ event }) => event === wanted : wanted;
      const found = events.find(matches);
      if (found) return resolve(found);
      const end = (settle, value) => {
        clearTimeout(timer);
        waiting.delete(look);
        settle(value);
      };
      // Called while something is sent, whose trouble a predicate's is not.
      const look = (event) => {
        try {
          if (matches(event)) end(resolve, event);
        } catch (error) {
          end(reject, error);
        }
      };
      waiting.add(look);
      const timer = setTimeout(() => {
        const what = isName ? JSON.stringify(wanted) : "such event";
        const names = events.map(({ event }) => JSON.stringify(event)).join(", ") || "nothing";
        end(reject, new Error(`no ${what} within ${timeoutMs} ms; what arrived: ${names}`));
      }, timeoutMs);
    });
  }

  function failNext(failure, times = 1) {
    const { provider = "posthog", status, body, headers, hang, reset } = Object(failure);
    check(
      times >= 1 && Math.floor(times) === times,
      "times must be a whole number of at least 1, or Infinity",
    );
    check(["posthog", "logsnag"].includes(provider), 'provider must be "posthog" or "logsnag"');
    if (status === undefined) check(hang || reset, "a failure must have status, hang or reset");
    else {
      check(
        Number.isInteger(status) && status >= 200 && status < 600,
        "status must be a number from 200 to 599",
      );
      // What cannot be answered says so here.
      answer(status, body, headers);
    }
    failures.push({ failure, times });
  }

  return {
    fetch,
    events,
    logsnag,
    requests,
    waitFor,
    flags: (given) => void (flags = { ...given }),
    flagDefinitions: (given) => void (definitions = given),
    failNext,
    clear() {
      for (const list of [events, logsnag, requests]) list.length = 0;
      failures = [];
      [flags, definitions] = [{}, { flags: [] }];
    },
  };
}

function check(holds, message) {
  if (!holds) throw new TypeError(message);
}

/** PostHog's answer about flags, as the test has set them. The package takes those that it asked for. */
function evaluated(flags) {
  const details = Object.entries(flags).map(([key, flag]) => {
    const { value, payload } = Object(flag) === flag ? flag : { value: flag };
    const variant = typeof value === "string" ? value : undefined;
    const metadata = {
      id: 1,
      version: 1,
      payload: payload === undefined ? undefined : JSON.stringify(payload),
    };
    return [key, { key, enabled: value !== false, variant, reason: { code: "condition_match" }, metadata }];
  });
  return { flags: Object.fromEntries(details), errorsWhileComputingFlags: false, requestId: "test" };
}

/** JSON, if it is that; text, if it is not; nothing, if there was none. */
function parsed(text) {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The events of a body: one, a batch, or a replay's. */
function eventsOf(body) {
  const all = Array.isArray(body) ? body : body?.batch ?? [body];
  return all.filter((event) => typeof event?.event === "string");
}

function decoded({ event, distinct_id, uuid, timestamp, properties: given }, path) {
  const properties = given ?? {};
  return { event, distinct_id: distinct_id ?? properties.distinct_id, uuid, timestamp, properties, path };
}

function answer(status, body, headers) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { status, headers: { "Content-Type": "application/json", ...headers } };
  return new Response(EMPTY.includes(status) ? null : text, init);
}

/** What comes of a request that is to fail. It has not arrived. */
function failed({ status, body = "", headers, hang }, signal) {
  if (status !== undefined) return answer(status, body, headers);
  if (hang) {
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  throw new TypeError("fetch failed", { cause });
}
