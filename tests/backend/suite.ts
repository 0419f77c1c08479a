// What holds on every runtime: the same source, called over HTTP or in this process.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { AcceptedEvent, Project } from "../../inspect/receiver/mod.ts";
import * as database from "../../tools/demo/database.ts";
import type { Answer, Call } from "../../tools/demo/senders.ts";
import * as stripe from "../../tools/demo/stripe.ts";
import { year } from "../../tools/demo/year.ts";
import { type Expected, refused, type Site, sites } from "./sites.ts";

export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** The settings that the functions read. */
export function settings(project: Project): Record<string, string> {
  return {
    POSTHOG_API_KEY: "phc_test",
    POSTHOG_API_HOST: project.url,
    LOGSNAG_TOKEN: "",
    ENV_NAME: "test",
    DATABASE_WEBHOOK_SECRET: database.secret,
    STRIPE_WEBHOOK_SECRET: stripe.secret,
  };
}

/** One test for each call site and each refusal. They share one database, so their order is theirs. */
export async function everyCallSite(t: Deno.TestContext, project: Project, send: Send): Promise<void> {
  const caller = new Caller(send);
  for (const site of sites) {
    const { old, call, arrives } = site;
    const name = `${call.to}/${call.route}: ${arrives.map(({ event }) => event).join(", ")} (${old})`;
    await t.step(name, () => arrivesAsExpected(caller, project, site));
  }
  const others = year.find(({ title }) => title === "Who is refused")!.calls.map((call) =>
    [call.what, call] as const
  );
  for (const [why, call] of [...others, ...refused]) {
    await t.step(`refused: ${why}`, async () => {
      project.reset();
      const { status } = await caller.post(call);
      strictEqual(status, call.status);
      strictEqual(project.requests.length, 0);
    });
  }
}

async function arrivesAsExpected(caller: Caller, project: Project, { call, arrives }: Site): Promise<void> {
  project.reset();
  const before = Date.now();
  const { status, answer } = await caller.post(call);
  strictEqual(status, call.status, JSON.stringify(answer));
  const events = await caller.arrived(project, arrives.length);
  deepStrictEqual(names(events), names(arrives));
  deepStrictEqual(project.warnings, []);
  const left = [...events];
  for (const expected of arrives) {
    const [event] = left.splice(left.findIndex(({ event }) => event === expected.event), 1);
    isAsExpected(event, expected, before);
  }
  // A replay belongs to a person and says to whom; nothing else may.
  for (const { path, body } of project.requests) {
    strictEqual(/cus_|\w@\w/.test(body), path === "/s/", `an address or a customer's id in ${path}`);
  }
}

/** A time as it is sent: in UTC, as exact as it was given. */
function exactly(at: string | number): string {
  const digits = /\.(\d{4,})/.exec(String(at))?.[1];
  const utc = new Date(at).toISOString();
  return digits ? utc.replace(/\.\d+/, `.${digits}`) : utc;
}

function isAsExpected(event: AcceptedEvent, expected: Expected, before: number): void {
  const { organization, distinctId, at, properties = {} } = expected;
  strictEqual(event.distinct_id, distinctId);
  deepStrictEqual(event.properties.$groups, organization && { organization });
  const time = Date.parse(event.timestamp!);
  if (at) strictEqual(event.timestamp, exactly(at));
  else ok(time >= before - 1000 && time <= Date.now() + 1000, `${event.timestamp} is not when it was sent`);
  for (const [name, value] of Object.entries(properties)) {
    const actual = event.properties[name];
    // Of a profile, what is said of it is enough.
    if (name === "$group_set") includes(actual as object, value as object);
    else if (value instanceof RegExp) match(String(actual), value);
    else deepStrictEqual(actual, value, name);
  }
}

function includes(actual: object, expected: object): void {
  const part = Object.keys(expected).map((name) => [name, (actual as Record<string, unknown>)[name]]);
  deepStrictEqual(Object.fromEntries(part), expected);
}

const names = (events: { event: string }[]) => events.map(({ event }) => event).sort();

/** Calls routes, and remembers the build that was asked for last and the profiles that have arrived. */
export class Caller {
  #last: Answer = {};
  readonly #profiles = new Set<string>();

  constructor(private readonly send: Send) {}

  async post(call: Omit<Call, "events">): Promise<{ status: number; answer: Answer }> {
    const path = `/${call.to}/${call.route}`;
    const body = call.body(this.#last);
    const response = await this.send(path, { method: "POST", headers: call.headers(), body });
    const answer = await response.json();
    if (call.route === "request" && response.ok) this.#last = answer;
    return { status: response.status, answer };
  }

  /**
   * What has arrived since the last call, when there is so much of it. Not a profile that has arrived before: a
   * handler that finds a newer one in the store, once its own has arrived, sends that again.
   */
  async arrived(project: Project, count: number): Promise<AcceptedEvent[]> {
    const fresh = () => {
      const events = project.events.filter(({ uuid }) => !this.#profiles.has(uuid));
      return [...new Map(events.map((event) => [event.uuid, event])).values()];
    };
    for (const end = Date.now() + 5000; fresh().length < count && Date.now() < end;) {
      await project.wait({ events: project.events.length + 1, ms: 1000 });
    }
    const events = fresh();
    for (const { event, uuid } of events) if (event === "$groupidentify") this.#profiles.add(uuid);
    return events;
  }
}
