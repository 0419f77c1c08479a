import type { OutgoingHttpHeaders } from "node:http";
import type { Submission, Taken } from "./capture.ts";
import { Refusal } from "./refusal.ts";

/** What a project says of its flags; set by a test. */
export interface Flags {
  /** The answer to `/flags/`; without one it has no flags. */
  answer?: unknown;
  /** The definitions, and their version. */
  definitions?: unknown;
  etag?: string;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

/** PostHog's evaluation of flags: it reads a request as the real one does, and answers what a test has set. */
export function evaluate({ body, query }: Submission, { answer }: Flags): Taken {
  let asked: Record<string, unknown>;
  try {
    asked = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
  if (query !== "?v=2") throw new Refusal(400, "v=2 is what is answered here");
  if (typeof (asked.token ?? asked.api_key) !== "string") throw new Refusal(401, "token is required");
  if (typeof asked.distinct_id !== "string" || asked.distinct_id === "") {
    throw new Refusal(400, "distinct_id is required");
  }
  for (const name of ["groups", "person_properties", "group_properties"]) {
    if (!isObject(asked[name])) throw new Refusal(400, `${name} is no object`);
  }
  if (typeof asked.geoip_disable !== "boolean") throw new Refusal(400, "geoip_disable is no boolean");
  const none = { flags: {}, errorsWhileComputingFlags: false, requestId: "request-1" };
  return { status: 200, events: [], body: JSON.stringify(answer ?? none) };
}

/** PostHog's definitions, for whoever has a secret key. */
export function define({ query, headers }: Submission, { definitions, etag }: Flags): Taken {
  if (!/^Bearer ph[sx]_\w+$/.test(headers.authorization ?? "")) {
    throw new Refusal(401, "a secret key is required");
  }
  const asked = new URLSearchParams(query);
  if (!asked.get("token") || !asked.has("send_cohorts")) throw new Refusal(400, "token is required");
  const told: OutgoingHttpHeaders = etag === undefined ? {} : { etag };
  if (etag !== undefined && headers["if-none-match"] === etag) {
    return { status: 304, events: [], headers: told };
  }
  return { status: 200, events: [], headers: told, body: JSON.stringify(definitions ?? { flags: [] }) };
}
