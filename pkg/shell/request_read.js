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
/** What a part of a path has that may be a key, a token, a customer's id or an e-mail address. */
const SECRET =
  /@|[0-9A-Fa-f]{24}|(?:^|[^A-Za-z0-9])(?:(?:(?:[eprs]k_(?:live|test)|g?cus|gh[oprsu]|github_pat|ph[csx]|sb_(?:publishable|secret)|whsec)_|glpat-|sk-(?:ant|or|proj)-|xox[a-z]-)[\w-]{6}|A[KS]IA[0-9A-Z]{16})/;
/** A word that may be one. */
const RANDOM = /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{20}/;
/** What is encoded more often than this, nobody can read: it is taken for a secret. */
const MAX_DECODED = 4;

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
    const text = String(url);
    const read = text.slice(0, MAX_READ);
    let { pathname } = new URL(read, "http://localhost");
    // Half a secret looks like none.
    const isCut = text.length > MAX_READ && !/[?#]/.test(read);
    if (isCut) pathname = `${pathname.slice(0, pathname.lastIndexOf("/"))}/…`;
    return pathname.replace(/[^/]+/g, (part) => isSecret(part) ? "…" : part).slice(0, MAX_PATH_LENGTH);
  });
}

/** As it is, and as what it stands for. */
function isSecret(part) {
  for (let decoded = 0; decoded < MAX_DECODED; decoded++) {
    if (SECRET.test(part) || part.split(/[^\w.~-]+/).some((word) => RANDOM.test(word))) return true;
    const plain = part.replace(/%([0-7][\dA-F])/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    if (plain === part) return false;
    part = plain;
  }
  return true;
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
