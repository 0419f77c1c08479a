// LogSnag's own package, version 1.0.1: it sends whatever it is handed.
import { anything, type Call, type Expected, serializeError } from "../world.ts";
import { json, line, nothing } from "./send.ts";

/** An error as it stands in a log line. */
interface Told {
  name: string;
  message: string;
  stack?: unknown;
  cause?: unknown;
}

export interface Provider {
  happened: Expected;
  /** What it failed with; `undefined` where it did not. */
  failure?: { message: string };
}

// deno-lint-ignore no-explicit-any
export function logsnag(call: Call, payload: any): Provider {
  const { client, logsnag: answer } = call.world;
  if (client) {
    const tracked = [payload];
    if ("throws" in client) return threw(call, "logsnag", { tracked }, client.throws);
    return gave(call, "logsnag", nothing({ tracked }), client.gives);
  }
  const { LOGSNAG_TOKEN: token, LOGSNAG_PROJECT: project } = call.env;
  if (!token) return { happened: nothing({}) };
  const event = { ...payload, project: project ?? "" };
  if ("timestamp" in event) event.timestamp = seconds(event.timestamp);
  const requests = [{
    method: "POST",
    url: "https://api.logsnag.com/v1/log",
    headers: { ...json, authorization: `Bearer ${token}`.trim() },
    body: JSON.stringify(event),
  }];
  if ("throws" in answer) return threw(call, "logsnag", { requests }, answer.throws);
  if (answer.status >= 200 && answer.status < 300) return { happened: nothing({ requests }) };
  return failed(call, "logsnag", { requests }, anything);
}

/** Seconds from a date, from milliseconds, or from seconds: whichever is nearer to now. */
// deno-lint-ignore no-explicit-any
function seconds(timestamp: any): unknown {
  if (!timestamp) return undefined;
  const value = timestamp instanceof Date ? timestamp.getTime() : timestamp;
  const milliseconds = Math.abs(Date.now() - value) < Math.abs(Date.now() - value * 1000);
  return milliseconds ? Math.floor(value / 1000) : value;
}

/** A provider that answers: only with `strict`, `false` is a failure. */
export function gave(call: Call, provider: string, happened: Expected, value: unknown): Provider {
  if (value !== false || !call.options?.strict) return { happened };
  const message = `${provider} tracking returned false`;
  return failed(call, provider, happened, { name: "Error", message, stack: anything });
}

/** What was thrown is logged as the host describes it, and handed on as it is. */
// deno-lint-ignore no-explicit-any
export function threw(call: Call, provider: string, happened: Partial<Expected>, thrown: any): Provider {
  const failure = { message: String(thrown?.message ?? thrown) };
  return { ...failed(call, provider, happened, serializeError(thrown)), failure };
}

export function failed(
  call: Call,
  provider: string,
  happened: Partial<Expected>,
  error: Told | typeof anything,
): Provider {
  const told = line(call, "error", "sendEventToTracking provider failed", { provider, error });
  const logs = [...happened.logs ?? [], told];
  const failure = { message: error === anything ? "" : (error as Told).message };
  return { happened: nothing({ ...happened, logs }), failure };
}
