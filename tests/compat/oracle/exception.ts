// `capturePosthogException`: frames and fingerprint by the letter, for they decide what is one issue.
import { anything, type Call, type Expected, now, serializeError } from "../world.ts";
import { exceptionUrl } from "./hosts.ts";
import { isConfigured, line, notConfigured, nothing, send } from "./send.ts";

interface Frame {
  function: string;
  filename?: string;
  lineno?: number;
  colno?: number;
  platform: "custom";
  lang: "javascript";
}

export function exception(call: Call): Expected {
  if (!isConfigured(call)) return notConfigured(call);
  // deno-lint-ignore no-explicit-any
  const { error, functionName, kind, status } = call.payload as any;
  const { env: { POSTHOG_API_KEY, POSTHOG_API_HOST: host, ENV_NAME } } = call;
  const url = orUndefined(() => exceptionUrl(host));
  if (!url) {
    const logs = [line(call, "error", "Invalid PostHog host", { error: anything, host })];
    return nothing({ logs, result: { returned: false } });
  }
  const { name, message, stack } = serializeError(error);
  const frames = framesOf(stack, functionName);
  const [top] = frames;
  const distinctId = `backend:${ENV_NAME || "unknown"}:${functionName}`;
  const fingerprint = [distinctId, kind, name, top.function, top.filename || "unknown", status ?? 500];
  const body = {
    token: POSTHOG_API_KEY,
    event: "$exception",
    properties: {
      distinct_id: distinctId,
      $exception_list: [{
        type: name,
        value: message,
        mechanism: { handled: true, synthetic: false },
        stacktrace: { type: "raw", frames },
      }],
      $exception_fingerprint: fingerprint.join(":"),
      error_kind: kind,
      function_name: functionName,
      method: call.context.method,
      request_id: call.context.requestId,
      status,
      url_path: orUndefined(() => new URL(call.context.url!).pathname) ?? "/",
    },
    timestamp: now,
  };
  return send(call, url, body, {
    sent: "PostHog exception sent",
    error: "PostHog exception error",
    failed: "PostHog exception fetch failed",
    fields: { event: "$exception", distinctId },
  });
}

/** Every line but the first is a frame, be it one or not. */
export function framesOf(stack: string | undefined, fallback: string): Frame[] {
  const frames = (stack ?? "").split("\n").slice(1).map((text) => frame(text, fallback));
  return frames.length > 0 ? frames : [bare(fallback)];
}

function frame(text: string, fallback: string): Frame {
  let rest = text.trim();
  if (rest.startsWith("at ")) rest = rest.slice(3);
  let name = fallback;
  let location = rest;
  const bracket = rest.lastIndexOf(" (");
  if (bracket >= 0 && rest.endsWith(")")) {
    name = rest.slice(0, bracket).trim() || fallback;
    location = rest.slice(bracket + 2, -1);
  }
  const parts = location.split(":");
  if (parts.length < 3) return bare(fallback);
  const [lineno, colno] = parts.slice(-2).map((digits) => Number.parseInt(digits, 10));
  return {
    function: name,
    filename: parts.slice(0, -2).join(":"),
    lineno,
    colno,
    platform: "custom",
    lang: "javascript",
  };
}

function bare(name: string): Frame {
  return { function: name, platform: "custom", lang: "javascript" };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
