// The default logger: a line for what was not accepted and for what was left out, with what to do about it. Never a key,
// a token or a property's value; the words of a server, a store or a hook only where `debug` asks for them.

import { ignoreErrors } from "./ignore_errors.js";

/** The codes whose warning was said in this isolate. */
const told = new Set();

/** So many names, errors and warnings are shown. */
const MOST = 5;

/** What databases say of a migration that was not run, in the words of PostgreSQL and of Supabase's API. */
const NO_MIGRATION = /posthog_(outbox|profiles).*not exist|not find.*posthog_(outbox|profiles)/is;

/**
 * One line, or none. `origin` is the host that a request was sent to, `isFromEnv` whether the key was looked for in the
 * environment.
 */
export function log(outcome, { debug, origin, isFromEnv } = {}) {
  const { status, reason, cause, attempts, elapsedMs, events = [], warnings = [], error } = outcome;
  const isAccepted = status === "accepted" || status === "queued";
  const fresh = debug ? warnings : firstOfTheirCode(warnings);
  if (isAccepted && fresh.length === 0 && !debug) return;
  // The module is not there for any call: that is said once.
  if (error?.code === "wasm_unavailable" && !debug && firstOfTheirCode([error]).length === 0) return;
  const errors = events.flatMap(({ error }) => error ?? []);
  const shown = (list) => [...new Set(list)].slice(0, MOST);
  const described = (list) =>
    list.length > 0 ? shown(list.map((mistake) => words(mistake, debug))) : undefined;
  const names = shown(events.map(({ event }) => event).filter(Boolean));
  const record = {
    status,
    reason,
    events: names.length > 0 ? names : undefined,
    count: events.length > 1 ? events.length : undefined,
    host: isAccepted ? undefined : origin,
    cause,
    attempts,
    elapsedMs,
    errors: described(errors.length > 0 ? errors : error ? [error] : []),
    warnings: described(fresh),
    hint: hintOf(outcome, [...errors, error, ...fresh], origin, isFromEnv),
    message: debug ? outcome.message : undefined,
  };
  console[isAccepted || status === "skipped" ? "log" : "warn"]("posthog-wasm", JSON.stringify(record));
}

/** Warns of something that is about no call, once in this isolate. */
export function warnOnce(warning, options) {
  if (firstOfTheirCode([warning]).length === 0) return;
  ignoreErrors(() => options?.onWarning?.(warning));
  if (!options?.logger) console.warn("posthog-wasm", JSON.stringify({ warnings: [words(warning)] }));
}

/** Those whose code has not been said; all that come at once are. */
function firstOfTheirCode(warnings) {
  const fresh = warnings.filter(({ code }) => !told.has(code));
  for (const { code } of fresh) told.add(code);
  return fresh;
}

/** A mistake as one text. What a store or a callback of the host threw is theirs to show: its code alone is ours. */
function words({ code, field = "", message }, debug) {
  const [thrown, known = ""] = debug ? [] : /^threw(: [A-Z0-9_]{5,40}(?=: ))?/.exec(message) ?? [];
  return `${code}${field && ` ${field}`}: ${thrown === undefined ? message : `threw${known}`}`;
}

/** What to do about it, where that is known. */
function hintOf({ reason, httpStatus, cause = "" }, mistakes, origin, isFromEnv) {
  for (const mistake of mistakes) {
    const [, first, second] = NO_MIGRATION.exec(mistake?.message) ?? [];
    const missing = first ?? second;
    if (missing) {
      return `run ${missing === "outbox" ? "postgres" : "profiles"}.sql of posthog-wasm as a migration`;
    }
  }
  if (reason === "not_configured") {
    return isFromEnv
      ? "POSTHOG_API_KEY is not set (on Workers: fromEnv(env); on Deno: --allow-env)"
      : "new PostHog() was given no API key";
  }
  if (httpStatus === 401 || httpStatus === 403) {
    return "the host does not know this API key: check POSTHOG_API_KEY, and POSTHOG_API_HOST (eu or us)";
  }
  if (httpStatus === 404) return "there is no PostHog at this host: check POSTHOG_API_HOST";
  if (httpStatus >= 300 && httpStatus < 400) return "the host redirects: set `host` to where it points";
  if (/^(ENOTFOUND|EAI_AGAIN) /.test(cause)) {
    return "there is no such host: check POSTHOG_API_HOST, and the network";
  }
  if (cause.startsWith("no permission")) return `allow it: --allow-net=${origin.split("//")[1]}`;
  return undefined;
}
