// The default logger: a line for what was not accepted and for what was left out, with what to do about it. Never a key,
// a token or a property's value; the words of a server, a store or a hook only where `debug` asks for them.

import { ignoreErrors } from "./ignore_errors.js";

/** The codes whose warning was said in this isolate. */
const told = new Set();

/** So many names, errors and warnings are shown. */
const MOST = 5;

/** What looks like a key or a token, in an event's name. */
const SECRET = /(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{20,}/g;

/** What databases say of a migration that was not run, in the words of PostgreSQL and of Supabase's API. */
const NO_MIGRATION = /posthog_(outbox|profiles).*not exist|not find.*posthog_(outbox|profiles)/is;

/**
 * One line, or none. `attempt` is the request that the outcome is about, `isFromEnv` whether the key was looked for in the
 * environment.
 */
export function log(outcome, { debug, attempt, isFromEnv }) {
  const { status, reason, cause, attempts, elapsedMs, events = [], warnings = [], error, message } = outcome;
  // No event is nothing that could be lost: most webhooks come to none.
  const isNothing = reason === "no_valid_event" && events.length === 0;
  const isAccepted = isNothing || status === "accepted" || status === "queued" || reason === "unchanged";
  const fresh = debug ? warnings : firstOfTheirCode(warnings);
  if (isAccepted && !fresh[0] && !debug) return;
  // The module is not there for any call: that is said once.
  if (error?.code === "wasm_unavailable" && !debug && !firstOfTheirCode([error])[0]) return;
  const errors = events.flatMap(({ error }) => error ?? []);
  if (!errors[0] && error) errors.push(error);
  const { host, origin } = attempt ? new URL(attempt.url) : {};
  const shown = (list) => list[0] && [...new Set(list)].slice(0, MOST);
  const described = (list) => shown(list.map((mistake) => words(mistake, debug)));
  const record = {
    status,
    reason,
    events: shown(events.flatMap(({ event }) => event?.replace(SECRET, "…") || [])),
    // Without its path, which may be nobody's business.
    host: isAccepted ? undefined : origin,
    cause,
    attempts,
    elapsedMs,
    errors: described(errors),
    warnings: described(fresh),
    hint: hintOf(
      outcome,
      [...errors, ...fresh],
      attempt && { host, isLogsnag: attempt.url.endsWith("/v1/log") },
      isFromEnv,
    ),
    message: debug ? message : undefined,
  };
  console[isAccepted || status === "skipped" ? "log" : "warn"]("posthog-wasm", JSON.stringify(record));
}

/** Warns of something that is about no call, once in this isolate. */
export function warnOnce(warning, options) {
  const once = `${warning.code} ${warning.field}`;
  if (told.has(once)) return;
  told.add(once);
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
function hintOf({ status, reason, httpStatus, cause = "" }, mistakes, { host, isLogsnag } = {}, isFromEnv) {
  for (const { message } of mistakes) {
    const [, ...stores] = NO_MIGRATION.exec(message) ?? [];
    const store = stores.find(Boolean);
    if (store) return `run ${store === "outbox" ? "postgres" : store}.sql as a migration`;
  }
  if (reason === "not_configured") {
    return isFromEnv
      ? "POSTHOG_API_KEY is not set (Workers: fromEnv(env); Deno: --allow-env)"
      : "no API key was given";
  }
  if (/^requires net/i.test(cause)) return `run with --allow-net=${host}`;
  if (isLogsnag) return httpStatus === 401 ? "check LOGSNAG_TOKEN" : undefined;
  if (httpStatus === 401) return "check POSTHOG_API_KEY, and POSTHOG_API_HOST (eu or us)";
  const isElsewhere = status === "rejected"
    ? httpStatus > 400 || httpStatus < 400
    : /^(ENOTFOUND|EAI_AGAIN) /.test(cause);
  return isElsewhere ? "check POSTHOG_API_HOST" : undefined;
}
