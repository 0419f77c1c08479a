// One request to PostHog and the line that tells how it went.
import { type Answer, type Call, type Expected, type LogLine, serializeError } from "../world.ts";

export const json = { "content-type": "application/json" };

/** How a function's three lines are called, and what else they hold. */
export interface Lines {
  sent: string;
  error: string;
  failed: string;
  fields: Record<string, unknown>;
}

export function send(call: Call, url: string, body: object, lines: Lines): Expected {
  const request = { method: "POST", url, headers: json, body: JSON.stringify(body) };
  const answer = call.world.posthog;
  const line = told(call, answer, lines);
  const requests = "location" in answer
    ? [request, { ...request, url: new URL(answer.location!, url).href }]
    : [request];
  return nothing({ requests, logs: [line], result: { returned: line.how === "log" } });
}

function told(call: Call, answer: Answer, { sent, error, failed, fields }: Lines): LogLine {
  if ("throws" in answer) {
    return line(call, "error", failed, { error: serializeError(answer.throws), ...fields });
  }
  const { status, body, location } = answer;
  // Nothing keeps `fetch` from following a redirect, and where it leads there is a success.
  if (location || (status >= 200 && status < 300)) return line(call, "log", sent, fields);
  return line(call, "error", error, { status, error: body, ...fields });
}

export function line(call: Call, how: LogLine["how"], message: string, fields: object = {}): LogLine {
  return { how, record: { requestId: call.context.requestId, message, ...fields } };
}

export function isConfigured(call: Call): boolean {
  return Boolean(call.env.POSTHOG_API_KEY);
}

export function notConfigured(call: Call): Expected {
  return nothing({ logs: [line(call, "log", "PostHog not configured")], result: { returned: false } });
}

/** Nothing happens but for `what`. */
export function nothing(what: Partial<Expected>): Expected {
  return {
    requests: [],
    tracked: [],
    logs: [],
    background: [],
    tasks: [],
    notified: [],
    result: { returned: undefined },
    ...what,
  };
}
