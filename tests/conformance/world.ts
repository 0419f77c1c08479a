// What a row has: a PostHog project of its own over loopback, clients of it, and an adapter.
import { strictEqual } from "node:assert/strict";
import { type Options, PostHog } from "posthog-wasm/full";
import type { Fault, Project, RecordedRequest } from "../../inspect/receiver/mod.ts";

/** JSON of whatever shape arrived. */
// deno-lint-ignore no-explicit-any
export type Json = any;

export const KEY = "phc_test_key";
export const AT = "2026-01-02T03:04:05.678Z";
export const EVENT = { event: "Ping", distinctId: "user-1" };
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** RFC 3339 in UTC. */
export const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export const uuid = (last: number) => `0190a0a0-0000-7000-8000-${String(last).padStart(12, "0")}`;
/** An event for `track`. */
export const tracked = (more: object = {}) => ({ kind: "capture" as const, ...EVENT, ...more });
export const status = (status: number, more: object = {}): Fault => ({
  mode: "status",
  status,
  times: 1,
  ...more,
});
/** What the newer endpoint answers. */
export const verdicts = (results: Record<string, object>, headers = {}): Fault =>
  status(200, { headers, body: JSON.stringify({ results }) });

export class World {
  /** What clients logged and warned of. */
  readonly outcomes: Json[] = [];

  constructor(readonly project: Project, readonly adapters: Record<"v0" | "v1", string>) {}

  /** It has all the time it wants, and tries once unless told otherwise. */
  client(options: Options = {}, key: string | undefined = KEY): PostHog {
    return new PostHog(key, {
      host: this.project.url,
      maxRetries: 0,
      budgetMs: 60_000,
      groupTypes: ["organization", "company"],
      logger: (outcome) => void this.outcomes.push(outcome),
      ...options,
    });
  }

  /** The next requests are answered so; then everything is normal. */
  answers(...faults: Fault[]) {
    this.project.faults([...faults, { mode: "none" }]);
  }

  requests(path = /./): (RecordedRequest & { json: Json })[] {
    return this.project.requests.filter((request) => path.test(request.path)).map((request) => ({
      ...request,
      json: request.body ? JSON.parse(request.body) : undefined,
    }));
  }

  /** The only request that there was. */
  get request(): RecordedRequest & { json: Json } {
    const all = this.requests();
    strictEqual(all.length, 1, "requests");
    return all[0]!;
  }

  /** The only event of the only request. */
  get event(): Json {
    const { json } = this.request;
    const batch = json.batch ?? json;
    strictEqual(batch.length, 1, "events");
    return batch[0];
  }

  /** Calls an outside suite's adapter. */
  async adapter(protocol: "v0" | "v1", endpoint: string, body?: object): Promise<Json> {
    const [method, path] = endpoint.split(" ");
    const response = await fetch(`${this.adapters[protocol]}${path}?test_id=${this.project.name}`, {
      method,
      ...body && { body: JSON.stringify(body) },
    });
    return await response.json();
  }

  /** What arrived, for who reads of a failure. */
  arrived(): string {
    return this.project.requests.map(({ method, path, query, headers, body, status }) => {
      const { host: _, accept: __, "accept-language": ___, "accept-encoding": ____, ...told } = headers;
      return `${method} ${path}${query} → ${status}\n    ${JSON.stringify(told)}\n    ${body.slice(0, 600)}`;
    }).join("\n    ") || "nothing";
  }
}

/** Milliseconds between the arrivals of two requests. */
export const between = (one: RecordedRequest, two: RecordedRequest) => two.at - one.at;
