// What a request says of itself. All of it is a claim of whoever sent it: bounded, cleaned, and never an authority.
// Nothing here throws.
import { ignoreErrors } from "./ignore_errors.js";

/** So much of a header or a URL is looked at. */
const MAX_READ = 8_192;
const MAX_ID_LENGTH = 200;
const MAX_PATH_LENGTH = 1_000;
/** Ids that browsers send by mistake, and that would make one person of everybody. PostHog merges none of them, or warns of them. */
const NOBODY =
  /^(?:0|anonymous(?:-user)?|backend|distinct_?id|email|false|guest|id|nan|none|not_authenticated|null|system|true|undefined|user|\[object object\]|00000000-0000-0000-0000-000000000000)$/i;
/** What PostHog takes as a session's id. */
const SESSION_ID = /^[A-Za-z0-9-]{1,70}$/;
/** Where platforms and proxies leave a request's id; the first that is there. */
const REQUEST_ID = ["x-request-id", "cf-ray", "x-vercel-id", "sb-request-id", "x-amzn-trace-id"];
/** A part of a path that may be a key, a token or an e-mail address. */
const SECRET = /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[\w.~-]{20,}$|[0-9A-Fa-f]{32,}|@|%40/;

export const DISTINCT_ID_HEADER = "X-POSTHOG-DISTINCT-ID";
export const SESSION_ID_HEADER = "X-POSTHOG-SESSION-ID";

/** The ids of PostHog's tracing headers; `warn` is told of what is left out. */
export function tracingOf(request, warn) {
  const distinctId = headerOf(request, DISTINCT_ID_HEADER);
  const sessionId = headerOf(request, SESSION_ID_HEADER);
  const isTooLong = distinctId?.length > MAX_ID_LENGTH;
  const isNobody = NOBODY.test(distinctId ?? "");
  const isNoSession = sessionId !== undefined && !SESSION_ID.test(sessionId);
  if (isTooLong) {
    warn("distinct_id_too_long", DISTINCT_ID_HEADER, `is ignored: over ${MAX_ID_LENGTH} characters`);
  }
  if (isNobody) warn("illegal_distinct_id", DISTINCT_ID_HEADER, "is ignored: an id that many share");
  if (isNoSession) {
    warn("invalid_session_id", SESSION_ID_HEADER, "is ignored: not 1 to 70 of A-Z, a-z, 0-9 and -");
  }
  return {
    ...distinctId !== undefined && !isTooLong && !isNobody && { distinctId },
    ...sessionId !== undefined && !isNoSession && { sessionId },
  };
}

/** The id that whoever passed the request on has given it. */
export function requestIdOf(request) {
  for (const name of REQUEST_ID) {
    const id = headerOf(request, name);
    if (id !== undefined && id.length <= MAX_ID_LENGTH) return id;
  }
}

export function methodOf(request) {
  const method = ignoreErrors(() => request.method);
  return typeof method === "string" && /^[A-Za-z]{1,20}$/.test(method) ? method : undefined;
}

/** The path without its query, which may hold anything, and without what looks like a secret. */
export function pathOf(request) {
  return ignoreErrors(() => {
    // Express keeps the whole path there.
    const url = request.originalUrl ?? request.url;
    if (url === undefined) return undefined;
    // The base is for Node's requests, which have a path only.
    const { pathname } = new URL(String(url).slice(0, MAX_READ), "http://localhost");
    return pathname.slice(0, MAX_PATH_LENGTH).replace(/[^/]+/g, (part) => SECRET.test(part) ? "…" : part);
  });
}

/** A header without control characters; what is blank is not there. Of a `Request`, or of Node's. */
function headerOf(request, name) {
  return ignoreErrors(() => {
    const { headers } = request;
    const found = typeof headers.get === "function" ? headers.get(name) : headers[name.toLowerCase()];
    const value = Array.isArray(found) ? found[0] : found;
    if (typeof value !== "string") return undefined;
    return value.slice(0, MAX_READ).replace(/\p{Cc}/gu, "").trim() || undefined;
  });
}
