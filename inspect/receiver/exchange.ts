import { Buffer } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { capture, type Submission, type Taken } from "./capture.ts";
import { captureV1, onlyAi } from "./capture_v1.ts";
import { readableBody } from "./decode.ts";
import { delay, type Fault, type FaultMode, misbehave } from "./faults.ts";
import { define, evaluate } from "./flags.ts";
import { logsnag } from "./logsnag.ts";
import type { Exchange, Project, RecordedRequest } from "./project.ts";
import { Refusal } from "./refusal.ts";
import { replay } from "./replay.ts";

interface Route {
  /** POST if left out. */
  method?: "GET";
  /** On the wire; inflated bodies have no limit. */
  bodyLimit: number;
  take(submission: Submission, project: Project): Taken;
}

const MEBIBYTE = 1024 * 1024;
const ROUTES: readonly (readonly [RegExp, Route])[] = [
  [/^\/(?:capture|batch|i\/v0\/e|e|track|engage)\/?$/, {
    bodyLimit: 2 * MEBIBYTE,
    take: (submission) => capture(submission),
  }],
  [/^\/i\/v1\/analytics\/events\/?$/, { bodyLimit: 10 * MEBIBYTE, take: captureV1 }],
  [/^\/i\/v0\/ai\/batch\/$/, {
    bodyLimit: 20 * MEBIBYTE,
    // In an event's message, quotes count twice.
    take: (submission) => onlyAi(capture(submission, 17 * MEBIBYTE)),
  }],
  [/^\/s\/?$/, { bodyLimit: 25 * MEBIBYTE, take: replay }],
  [/^\/flags\/?$/, { bodyLimit: 2 * MEBIBYTE, take: (asked, { flags }) => evaluate(asked, flags) }],
  [/^\/flags\/definitions$/, {
    method: "GET",
    bodyLimit: 0,
    take: (asked, { flags }) => define(asked, flags),
  }],
  [/^\/v1\/log$/, { bodyLimit: MEBIBYTE, take: logsnag }],
];
/** Posted to or not, an unknown path is read like an event's, for the record. */
const NOWHERE: Route = {
  bodyLimit: 2 * MEBIBYTE,
  take() {
    throw new Refusal(404, "");
  },
};

/** The answers a client can only run away from. */
const NEVER_ENDING: readonly FaultMode[] = ["hang", "drip", "stall"];

/** How long a client may go on sending after it was told that it sends too much. */
const LINGER_MS = 2000;

/** One request to a project, from its arrival to its answer, and the record of it. */
export async function exchange(
  project: Project,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const at = new Date();
  const known = ROUTES.find(([pattern]) => pattern.test(path))?.[1];
  const isPreflight = known !== undefined && request.method === "OPTIONS";
  const route = known !== undefined && request.method === (known.method ?? "POST") ? known : NOWHERE;
  const fault: Fault = known && !isPreflight ? project.nextFault(at.getTime()) : { mode: "none" };

  const record: RecordedRequest = {
    method: request.method!,
    path,
    query,
    headers: request.headers as Record<string, string>,
    body: "",
    bytes: 0,
    at: at.getTime(),
    status: null,
    aborted: false,
    fault: fault.mode,
  };
  project.requests.push(record);
  project.openConnections++;
  const exchange: Exchange = { record };
  let answered = false;
  response.once("close", () => {
    project.openConnections--;
    record.aborted = !answered;
    project.observer?.changed(exchange);
  });

  const { bytes, length, gone } = await readBody(request, route.bodyLimit);
  record.bytes = length;
  if (bytes !== undefined) record.body = readableBody(bytes);
  if (gone) return;

  const submission = {
    path,
    query,
    contentType: request.headers["content-type"],
    headers: record.headers,
    body: bytes,
    at,
  };
  if (!isPreflight) exchange.peek = () => route.take(submission, project);
  if (fault.record) exchange.outcome = settle(project, route, submission);
  // Shown before it is answered, where that takes long or never comes.
  if (fault.mode !== "none") project.observer?.changed(exchange);
  if (fault.mode === "slow") await delay(fault.delayMs, response);
  if (record.aborted) return;

  answered = !NEVER_ENDING.includes(fault.mode);
  if (isPreflight) allowEverything(request, response);
  else if (!misbehave(fault, request, response)) {
    exchange.outcome ??= settle(project, route, submission);
    answer(exchange.outcome, request, response);
  }
  if (response.headersSent) record.status = response.statusCode;
  project.observer?.changed(exchange);
}

/** The answer to a preflight: everything is allowed. */
export function allowEverything(request: IncomingMessage, response: ServerResponse) {
  response.writeHead(200, {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
  });
  response.end();
}

/** Takes the request's events or finds the reason not to. */
function settle(project: Project, route: Route, submission: Submission): Taken | Refusal {
  try {
    const taken = route.take(submission, project);
    project.store(taken);
    return taken;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function answer(outcome: Taken | Refusal, request: IncomingMessage, response: ServerResponse) {
  if (!(outcome instanceof Refusal)) {
    const { status, body = '{"status":"Ok"}', headers } = outcome;
    response.writeHead(status, { "content-type": "application/json", ...headers } as OutgoingHttpHeaders);
    response.end(status === 200 ? body : undefined);
    return;
  }
  const text = outcome.message;
  response.writeHead(outcome.status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...(outcome.status === 413 && { connection: "close" }),
  });
  response.write(text);
  if (request.complete) response.end();
  else endAfterUpload(request, response);
}

/** Closing on a client that is still sending would reset the connection and destroy the answer. */
function endAfterUpload(request: IncomingMessage, response: ServerResponse) {
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once("end", () => response.end());
  response.once("close", () => clearTimeout(timer));
}
