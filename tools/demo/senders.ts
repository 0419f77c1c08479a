// Who calls the functions, and how each of them is told apart from anybody else.
import * as database from "./database.ts";
import * as stripe from "./stripe.ts";

export interface Call {
  /** In the report, calls of the same name are one line. */
  what: string;
  to: "triggers" | "private" | "build";
  route: string;
  /** Made when it is sent: a signature has its time. */
  headers(): Record<string, string>;
  /** `last` is what was answered to the last request for a build. */
  body(last: Answer): string;
  /** What the function must answer. */
  status: number;
  /** How many events must arrive. */
  events: number;
  /** How many of them are new. Default: all, at the first time that it is sent. */
  fresh?: number;
}

export type Answer = Record<string, unknown>;

/** In a body: the id of the build that was asked for last. */
export const LAST_BUILD = { id: "the last build's" };

export function fromDatabase(what: string, route: string, table: string, row: object, events: number): Call {
  const body = database.inserted(table, row);
  return {
    what,
    to: "triggers",
    route,
    headers: database.headers,
    body: () => body,
    status: 200,
    events,
  };
}

export function fromCron(what: string, route: string, given: object, events: number, fresh = events): Call {
  const body = JSON.stringify(given);
  const headers = database.headers;
  return { what, to: "triggers", route, headers, body: () => body, status: 200, events, fresh };
}

export function fromStripe(what: string, body: string, events: number): Call {
  const headers = () => stripe.headers(body);
  return { what, to: "triggers", route: "stripe_event", headers, body: () => body, status: 200, events };
}

export function fromUser(
  what: string,
  to: "private" | "build",
  route: string,
  key: string,
  given: Answer,
  events: number,
): Call {
  return {
    what,
    to,
    route,
    headers: () => ({ "content-type": "application/json", "x-api-key": key }),
    body: (last) => JSON.stringify(given.id === LAST_BUILD.id ? { ...given, id: last.id } : given),
    status: 200,
    events,
  };
}
