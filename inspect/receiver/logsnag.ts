import type { Submission, Taken } from "./capture.ts";
import { Refusal } from "./refusal.ts";

/** What LogSnag's `/v1/log` documents; anything else in a body is not its business. */
const KNOWN = new Set([
  "project",
  "channel",
  "event",
  "description",
  "icon",
  "notify",
  "parser",
  "tags",
  "timestamp",
  "user_id",
]);

/** A LogSnag beside PostHog: it takes one announcement per request and refuses what it does not know. */
export function logsnag({ body }: Submission): Taken {
  let log: Record<string, unknown>;
  try {
    log = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
  for (const name of ["project", "channel", "event"]) {
    if (typeof log[name] !== "string" || log[name] === "") throw new Refusal(400, `${name} is required`);
  }
  for (const name of Object.keys(log)) {
    if (!KNOWN.has(name)) throw new Refusal(400, `${name} is not known`);
  }
  for (const [name, value] of Object.entries(log.tags ?? {})) {
    if (!["string", "number", "boolean"].includes(typeof value)) throw new Refusal(400, `tags.${name}`);
  }
  return { status: 200, events: [] };
}
