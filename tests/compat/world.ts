// What a call is given and what can be seen of it. The oracle foretells an `Observed`, the product gives one.

export type FunctionName =
  | "trackPosthogEvent"
  | "groupIdentifyPosthog"
  | "capturePosthogException"
  | "capturePosthogReplaySnapshot"
  | "sendEventToTracking";

export const functions: FunctionName[] = [
  "trackPosthogEvent",
  "groupIdentifyPosthog",
  "capturePosthogException",
  "capturePosthogReplaySnapshot",
  "sendEventToTracking",
];

/** What a server does with a request: it answers, or `fetch` throws. */
export type Answer = { status: number; body: string; location?: string } | { throws: unknown };

/** What the host's helpers do. */
export interface World {
  posthog: Answer;
  logsnag: Answer;
  /** `promise`: the task itself is returned, as in wait mode. `null`: it is taken, as by `waitUntil`. */
  background: "promise" | "null";
  /** `notifyMembers` resolves to this, or throws. */
  notify: { gives: unknown } | { throws: unknown };
  /** A LogSnag client of the host's own, and what its `track` does. */
  client?: { gives: unknown } | { throws: unknown };
}

export interface Call {
  function: FunctionName;
  env: Record<string, string>;
  context: { requestId?: unknown; method?: string; url?: string; headers?: Record<string, string> };
  payload: unknown;
  options?: { background?: boolean; ip?: string; strict?: boolean };
  world: World;
}

export interface Request {
  method: string;
  url: string;
  /** In lower case; without User-Agent. */
  headers: Record<string, string>;
  /** The times of this call are written `@now`. */
  body: string;
}

export interface LogLine {
  how: "log" | "error";
  record: Record<string, unknown>;
}

export interface Observed {
  requests: Request[];
  /** What the host's own LogSnag client was handed. */
  tracked: unknown[];
  logs: LogLine[];
  /** Calls of `backgroundTask`, when they were done, and when the whole call was, in order. */
  background: string[];
  /** Whether the tasks that it was handed resolve. */
  tasks: ("resolves" | "rejects")[];
  notified: { notification: unknown; organizationId: unknown }[];
  result: { returned: unknown } | { rejected: string };
}

/** What the oracle foretells. */
export interface Expected extends Omit<Observed, "result"> {
  result: { returned: unknown } | { rejects: Rejection };
}

/** `mustReject` only with `strict` and `background: false`; anywhere else the product must not follow. */
export interface Rejection {
  mustReject: boolean;
  /** Any of these; several if providers fail at once. */
  messages: string[];
  /** Whether what was sent and logged up to there is foretold. */
  foretold: boolean;
}

/** Stands for what origin.md does not fix: the description of an error that is the runtime's or the SDK's. */
export const anything = Symbol("anything");

/** The host's own description of an error (origin.md 2d). */
export function serializeError(error: unknown) {
  if (!(error instanceof Error)) {
    return { name: "Error", message: JSON.stringify(error) ?? "undefined", stack: undefined };
  }
  const { name, message, stack, cause } = error;
  return cause === undefined ? { name, message, stack } : { name, message, stack, cause };
}

export const now = "@now";
