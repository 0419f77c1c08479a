// How the tests of PostHog's published SDK contract drive an SDK: through the adapter, as its harness does; and what several of
// their categories ask. The names are the contract's.
import { deepStrictEqual as same, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Row, row } from "../../row.ts";
import { between, type Json, KEY, status, UTC, UUID, type World } from "../../world.ts";

export const USER = { distinct_id: "test_user", event: "test_event" };
export const CUSTOM = { custom_string: "hello", custom_number: 42, custom_bool: true };
/** With nulls where nothing is given, as the harness sends it. */
export const NOTHING = { properties: null, timestamp: null };
export const OFFSET = "2025-01-02T08:34:05+05:30";
export const V1_PATH = "/i/v1/analytics/events";

export type Protocol = "v0" | "v1";

/** One test of the harness. */
export class Test {
  constructor(readonly t: World, readonly protocol: Protocol) {}

  async init(config: object = {}) {
    const all = { api_key: KEY, host: this.t.project.url, ...config };
    same(await this.t.adapter(this.protocol, "POST /init", all), { success: true });
  }

  async capture(given: object = {}, endpoint = "POST /capture"): Promise<string> {
    const { success, uuid } = await this.t.adapter(this.protocol, endpoint, {
      ...USER,
      ...NOTHING,
      ...given,
    });
    strictEqual(success, true);
    match(uuid, UUID);
    return uuid;
  }

  captureAi(given: object = {}): Promise<string> {
    return this.capture({ event: "$ai_generation", ...given }, "POST /capture_ai");
  }

  async captures(count: number, given: object = {}): Promise<string[]> {
    const uuids = [];
    for (let at = 0; at < count; at++) {
      uuids.push(await this.capture({ distinct_id: `test_user_${at}`, event: `test_event_${at}`, ...given }));
    }
    return uuids;
  }

  async flush(): Promise<number> {
    const { success, events_flushed } = await this.t.adapter(this.protocol, "POST /flush");
    strictEqual(success, true);
    return events_flushed;
  }

  /** init, one capture, flush. */
  async one(given: object = {}, config: object = { flush_at: 1 }): Promise<Json> {
    await this.init(config);
    await this.capture(given);
    await this.flush();
    return this.t.event;
  }

  /** init, so many captures, flush: the events of the one request. */
  async many(count: number, given: object = {}, config: object = { flush_at: count }): Promise<Json[]> {
    await this.init(config);
    await this.captures(count, given);
    await this.flush();
    strictEqual(this.t.request.json.batch.length, count);
    return this.t.request.json.batch;
  }
}

export type Run = (test: Test, t: World) => Promise<void>;

/** Tests of one category. */
export const category = (
  protocol: Protocol,
  suite: string,
  category: string,
  tests: Record<string, [string, Run]>,
): Row[] =>
  Object.entries(tests).map(([name, [requirement, run]]) =>
    row(`${category}.${name}`, `contract ${suite}`, requirement, (t) => run(new Test(t, protocol), t))
  );

/** What both protocols ask about answers. */
export const answered = (code: number, requests: number, more: object = {}): Run => async (test, t) => {
  t.answers(status(code, more));
  await test.init();
  await test.capture();
  await test.flush();
  strictEqual(t.requests().length, requests);
  strictEqual(t.requests().at(-1)!.status, requests === 1 ? code : 200);
};
export const retries = (...codes: number[]): Record<string, [string, Run]> =>
  Object.fromEntries(
    codes.map((code) => [`retries_on_${code}`, [`${code} is tried again.`, answered(code, 2)]]),
  );
export const gives_up = (...codes: number[]): Record<string, [string, Run]> =>
  Object.fromEntries(
    codes.map((code) => [`does_not_retry_on_${code}`, [`${code} is not tried again.`, answered(code, 1)]]),
  );
export const timing: Record<string, [string, Run]> = {
  retries_on_503: ["503, twice, is tried again.", async (test, t) => {
    t.answers(status(503), status(503));
    await test.init();
    await test.capture();
    strictEqual(await test.flush(), 1);
    same(t.requests().map(({ status }) => status), [503, 503, 200]);
  }],
  implements_backoff: ["The first retry waits at least 0.1 s.", async (test, t) => {
    t.answers(status(503), status(503), status(503));
    await test.init();
    await test.capture();
    await test.flush();
    const [one, two, ...more] = t.requests();
    ok(between(one!, two!) >= 100 && more.length === 2, `${between(one!, two!)} ms`);
  }],
  max_retries_respected: ["Three retries are four requests.", async (test, t) => {
    t.project.faults(status(503, { times: undefined }));
    await test.init({ max_retries: 3 });
    await test.capture();
    strictEqual(await test.flush(), 0);
    strictEqual(t.requests().length, 4);
  }],
};
export const retryAfter = (code: number): [string, Run] => ["Retry-After is waited for.", async (test, t) => {
  t.answers(status(code, { headers: { "Retry-After": "3" } }));
  await test.init();
  await test.capture();
  await test.flush();
  const [one, two] = t.requests();
  ok(between(one!, two!) >= 2500, `${between(one!, two!)} ms`);
}];
export const sent = (request: Json): string[] => request.json.batch.map(({ uuid }: Json) => uuid);
export const times = (request: Json): string[] => request.json.batch.map(({ timestamp }: Json) => timestamp);
export const unique = (uuids: string[]) => strictEqual(new Set(uuids).size, uuids.length);
export const deduplication: Record<string, [string, Run]> = {
  generates_unique_uuids: ["Five events have five uuids, those that were told.", async (test, t) => {
    await test.init();
    const told = await test.captures(5);
    await test.flush();
    unique(told);
    same(t.requests().flatMap(sent), told);
  }],
  preserves_uuid_on_retry: ["A retry has the same uuid.", async (test, t) => {
    t.answers(status(503));
    await test.init();
    const uuid = await test.capture();
    await test.flush();
    same(t.requests().map(sent), [[uuid], [uuid]]);
  }],
  preserves_timestamp_on_retry: ["A retry has the same timestamp, twice.", async (test, t) => {
    t.answers(status(503), status(503));
    await test.init();
    await test.capture();
    await test.flush();
    const [one, two, three] = t.requests().map(times);
    same([two, three], [one, one]);
  }],
  preserves_uuid_and_timestamp_on_batch_retry: ["A retried batch has the same events.", async (test, t) => {
    t.answers(status(503));
    await test.init({ flush_at: 10 });
    await test.captures(3);
    strictEqual(await test.flush(), 3);
    const [one, two] = t.requests();
    same([sent(two), times(two)], [sent(one), times(one)]);
    unique(sent(one));
  }],
  no_duplicate_events_in_batch: ["No request has an event twice.", async (test) => {
    unique((await test.many(5, {}, { flush_at: 10 })).map(({ uuid }) => uuid));
  }],
  different_events_have_different_uuids: [
    "Two captures of the same content are two events.",
    async (test, t) => {
      await test.init();
      const told = [
        await test.capture({ properties: { key: "value" } }),
        await test.capture({ properties: { key: "value" } }),
      ];
      await test.flush();
      notStrictEqual(told[0], told[1]);
      same(t.requests().flatMap(sent), told);
    },
  ],
};
export const utc = (timestamp: string) => {
  match(timestamp, UTC);
  strictEqual(Date.parse(timestamp), Date.parse("2025-01-02T03:04:05Z"));
};
export const keepsOffset: Run = async (test) => {
  const { timestamp, properties } = await test.one({
    timestamp: OFFSET,
    properties: { timestamp_like: OFFSET },
  });
  utc(timestamp);
  strictEqual(properties.timestamp_like, OFFSET);
};

export const FLAG = "signup-aa-test";
/** Asks for a flag of somebody. */
export const ask = async (test: Test, t: World, given: object = {}): Promise<Json> => {
  t.project.flags.answer ??= { featureFlags: { [FLAG]: true }, errorsWhileComputingFlags: false };
  const all = { key: FLAG, distinct_id: "test_user_123", force_remote: true, ...given };
  return await t.adapter(test.protocol, "POST /get_feature_flag", all);
};
