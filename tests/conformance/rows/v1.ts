// protocol §1.2: the newer endpoint, which says of each event what became of it.
import { deepStrictEqual as same, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Options } from "posthog-wasm/full";
import { row } from "../row.ts";
import { AT, between, EVENT, KEY, status, tracked, UTC, UUID, uuid, verdicts, type World } from "../world.ts";

const SOURCE = "protocol §1.2";
const PATH = "/i/v1/analytics/events";
const RETRIED = [408, 429, 500, 502, 503, 504];
const FINAL = [400, 401, 402, 403, 413, 415];
/** Properties of ours, and what they are on the wire. */
const OPTIONS: [property: string, option: string, value: boolean | string][] = [
  ["$cookieless_mode", "cookieless_mode", true],
  ["$ignore_sent_at", "disable_skew_correction", true],
  ["$process_person_profile", "process_person_profile", false],
  ["$product_tour_id", "product_tour_id", "tour-1"],
];
const TERMINAL = ["ok", "warning", "drop", "limited", "a_word_of_the_future"];

const client = (t: World, options: Options = {}) => t.client({ protocol: "v1", ...options });
const events = (count: number) => Array.from({ length: count }, (_, at) => tracked({ uuid: uuid(at + 1) }));
const header = (t: World, name: string) => t.request.headers[name]!;
const sent = (request: { json: { batch: { uuid: string }[] } }) => request.json.batch.map(({ uuid }) => uuid);

export const rows = [
  row("path", SOURCE, "Events are POSTed to /i/v1/analytics/events, and to nowhere else.", async (t) => {
    await client(t).capture(EVENT);
    same([t.request.method, t.request.path, t.request.status], ["POST", PATH, 200]);
  }),
  row("authorization", SOURCE, "Authorization is Bearer and the key.", async (t) => {
    await client(t).capture(EVENT);
    strictEqual(header(t, "authorization"), `Bearer ${KEY}`);
  }),
  row("content-type", SOURCE, "Content-Type is application/json.", async (t) => {
    await client(t).capture(EVENT);
    strictEqual(header(t, "content-type"), "application/json");
  }),
  row("user-agent", SOURCE, "User-Agent is not empty.", async (t) => {
    await client(t).capture(EVENT);
    match(header(t, "user-agent"), /^posthog-wasm\//);
  }),
  row("sdk-info", SOURCE, "PostHog-Sdk-Info is name/version, at most 200 characters.", async (t) => {
    await client(t).capture(EVENT);
    match(header(t, "posthog-sdk-info"), /^posthog-wasm\/\d+\.\d+\.\d+$/);
  }),
  row("attempt", SOURCE, "PostHog-Attempt begins with 1.", async (t) => {
    await client(t).capture(EVENT);
    strictEqual(header(t, "posthog-attempt"), "1");
  }),
  row("request-id", SOURCE, "PostHog-Request-Id is a UUID.", async (t) => {
    await client(t).capture(EVENT);
    match(header(t, "posthog-request-id"), UUID);
  }),
  row("request-ids", SOURCE, "Two requests have two ids.", async (t) => {
    const posthog = client(t);
    await posthog.capture(EVENT);
    await posthog.capture(EVENT);
    const [one, two] = t.requests().map(({ headers }) => headers["posthog-request-id"]);
    notStrictEqual(one, two);
  }),
  row("request-timestamp", SOURCE, "PostHog-Request-Timestamp is now, in RFC 3339 and UTC.", async (t) => {
    await client(t).capture(EVENT);
    const now = header(t, "posthog-request-timestamp");
    match(now, UTC);
    ok(Math.abs(Date.parse(now) - Date.now()) < 60_000, now);
  }),
  row("encoding", SOURCE, "A packed body is gzip, and Content-Encoding says so.", async (t) => {
    await client(t, { compress: "gzip" }).capture(EVENT);
    same([header(t, "content-encoding"), t.request.status], ["gzip", 200]);
  }),
  row("encoding-off", SOURCE, "There is no Content-Encoding where nothing is packed.", async (t) => {
    await client(t, { compress: "off" }).capture(EVENT);
    strictEqual(t.request.headers["content-encoding"], undefined);
  }),
  row("body", SOURCE, "The body is created_at and a batch: no key, no token, no sent_at.", async (t) => {
    await client(t).capture(EVENT);
    same(Object.keys(t.request.json).sort(), ["batch", "created_at"]);
  }),
  row("no-query", SOURCE, "When it is sent stands in the header alone.", async (t) => {
    await client(t).capture(EVENT);
    strictEqual(t.request.query, "");
  }),
  row("created-at", SOURCE, "created_at is the time at which the batch was made.", async (t) => {
    await client(t).capture(EVENT);
    match(t.request.json.created_at, UTC);
    ok(Math.abs(Date.parse(t.request.json.created_at) - Date.now()) < 60_000);
  }),
  row("historical", SOURCE, "historical_migration is a boolean beside the batch.", async (t) => {
    await client(t, { historicalMigration: true }).capture(EVENT);
    strictEqual(t.request.json.historical_migration, true);
  }),
  row(
    "event",
    SOURCE,
    "event, uuid, distinct_id and timestamp are strings at an event's root.",
    async (t) => {
      await client(t).capture(EVENT);
      const { event, uuid, distinct_id, timestamp } = t.event;
      same([event, distinct_id], ["Ping", "user-1"]);
      match(uuid, UUID);
      match(timestamp, UTC);
    },
  ),
  row("distinct-id", SOURCE, "distinct_id is not among the properties.", async (t) => {
    await client(t).capture(EVENT);
    ok(!("distinct_id" in t.event.properties));
  }),
  row("lib", SOURCE, "$lib and $lib_version come from the header.", async (t) => {
    await client(t).capture(EVENT);
    ok(!("$lib" in t.event.properties) && !("$lib_version" in t.event.properties));
    strictEqual(t.project.events[0]!.properties.$lib, "posthog-wasm");
  }),
  row("set", SOURCE, "$set and $set_once stand in the properties, not at the root.", async (t) => {
    await client(t).capture({ ...EVENT, set: { plan: "Maker" }, setOnce: { joined: 1 } });
    const { properties, ...root } = t.event;
    same([properties.$set, properties.$set_once], [{ plan: "Maker" }, { joined: 1 }]);
    ok(!("$set" in root) && !("$set_once" in root));
  }),
  ...OPTIONS.map(([property, option, value]) =>
    row(
      `option-${option}`,
      SOURCE,
      `${property} travels as the option ${option}, of its own type.`,
      async (t) => {
        await client(t).capture({ ...EVENT, properties: { [property]: value } });
        same([t.event.options, t.event.properties[property]], [{ [option]: value }, undefined]);
        strictEqual(t.project.events[0]!.properties[property], value);
      },
    )
  ),
  row("options-unset", SOURCE, "Options that nobody set are left out.", async (t) => {
    await client(t).capture(EVENT);
    strictEqual(t.event.options, undefined);
  }),
  row("session", SOURCE, "$session_id and $window_id travel as session_id and window_id.", async (t) => {
    await client(t).capture({ ...EVENT, properties: { $session_id: "s-1", $window_id: "w-1" } });
    const { session_id, window_id, properties } = t.event;
    same([session_id, window_id, properties.$session_id, properties.$window_id], [
      "s-1",
      "w-1",
      undefined,
      undefined,
    ]);
  }),
  row(
    "duplicates",
    SOURCE,
    "No request has the same uuid twice, which PostHog would refuse as a whole.",
    async (t) => {
      const outcome = await client(t).track([tracked({ uuid: uuid(1) }), tracked({ uuid: uuid(1) })]);
      strictEqual(outcome.status, "accepted");
      for (const request of t.requests()) strictEqual(new Set(sent(request)).size, sent(request).length);
    },
  ),
  row("skew", SOURCE, "An event whose time is not this clock's is exempt from the correction.", async (t) => {
    await client(t).track([tracked(), tracked({ timestamp: AT })]);
    same(t.request.json.batch.map(({ options }: { options?: object }) => options), [
      undefined,
      { disable_skew_correction: true },
    ]);
  }),
  ...RETRIED.map((code) =>
    row(
      `retries-${code}`,
      SOURCE,
      `${code} is tried again, with the same id and the next attempt.`,
      async (t) => {
        t.answers(status(code));
        strictEqual((await client(t, { maxRetries: 2 }).capture(EVENT)).status, "accepted");
        const [one, two] = t.requests();
        same([one!.headers["posthog-attempt"], two!.headers["posthog-attempt"]], ["1", "2"]);
        strictEqual(one!.headers["posthog-request-id"], two!.headers["posthog-request-id"]);
        strictEqual(one!.body, two!.body);
      },
    )
  ),
  ...FINAL.map((code) =>
    row(`final-${code}`, SOURCE, `${code} is not tried again.`, async (t) => {
      t.answers(status(code, { body: '{"error":"e","error_description":"","error_uri":""}' }));
      const { status: ended } = await client(t, { maxRetries: 3 }).capture(EVENT);
      same([ended, t.requests().length], ["rejected", 1]);
    })
  ),
  row("402", SOURCE, "402 is told as over quota.", async (t) => {
    t.answers(status(402));
    strictEqual((await client(t).capture(EVENT)).reason, "over_quota");
  }),
  // It is remembered with the options of the last eight clients.
  {
    ...row(
      "404",
      "protocol §0.4",
      "A PostHog without the endpoint gets the events at /batch/, and from then on.",
      async (t) => {
        t.answers(status(404));
        const posthog = client(t);
        await posthog.capture(EVENT);
        await posthog.capture(EVENT);
        same(t.requests().map(({ path }) => path), [PATH, "/batch/", "/batch/"]);
      },
    ),
    alone: true as const,
  },
  row("413-halves", SOURCE, "413 for several events sends them in halves.", async (t) => {
    t.answers(status(413));
    strictEqual((await client(t).track(events(4))).status, "accepted");
    same(t.requests().map((request) => sent(request).length).sort(), [2, 2, 4]);
  }),
  row("fresh-timestamp", SOURCE, "The request's timestamp is new on every attempt.", async (t) => {
    t.answers(status(503));
    await client(t, { maxRetries: 1 }).capture(EVENT);
    const [one, two] = t.requests().map(({ headers }) => Date.parse(headers["posthog-request-timestamp"]!));
    ok(two! >= one! + 100, `${one} ${two}`);
  }),
  row("retry-after", SOURCE, "Retry-After is the least that is waited.", async (t) => {
    t.answers(status(503, { headers: { "Retry-After": "2" } }));
    await client(t, { maxRetries: 1 }).capture(EVENT);
    const [one, two] = t.requests();
    ok(between(one!, two!) >= 1990, `${between(one!, two!)} ms`);
  }),
  ...TERMINAL.map((result) =>
    row(
      `result-${result}`,
      SOURCE,
      `An event with the result ${result} is not sent again, and its caller is told.`,
      async (t) => {
        t.answers(verdicts({ [uuid(1)]: { result, details: "why" } }));
        const { events: [told] } = await client(t, { maxRetries: 3 }).track(events(1));
        same([told!.result, told!.details, t.requests().length], [result, "why", 1]);
        strictEqual(told!.status, ["drop", "limited"].includes(result) ? "rejected" : "accepted");
      },
    )
  ),
  row(
    "result-retry",
    SOURCE,
    "Only what was not persisted is sent again: same uuids, same id, next attempt, after Retry-After.",
    async (t) => {
      const results = {
        [uuid(1)]: { result: "ok" },
        [uuid(2)]: { result: "retry" },
        [uuid(3)]: { result: "drop" },
      };
      t.answers(verdicts(results, { "Retry-After": "1" }));
      const outcome = await client(t, { maxRetries: 3 }).track(events(3));
      same(outcome.events.map(({ result }) => result), ["ok", "ok", "drop"]);
      const [one, two] = t.requests();
      same(sent(two!), [uuid(2)]);
      same([two!.headers["posthog-attempt"], two!.headers["posthog-request-id"]], [
        "2",
        one!.headers["posthog-request-id"],
      ]);
      ok(between(one!, two!) >= 990, `${between(one!, two!)} ms`);
    },
  ),
  row(
    "result-retry-spent",
    SOURCE,
    "What stays unpersisted when the retries are spent is not called accepted.",
    async (t) => {
      t.project.faults({ ...verdicts({ [uuid(1)]: { result: "retry" } }), times: undefined });
      const { events: [told] } = await client(t, { maxRetries: 1 }).track(events(1));
      same([told!.status, t.requests().length], ["unreachable", 2]);
    },
  ),
  row("drop-name", SOURCE, "An event name over 200 bytes is dropped, and its caller is told.", async (t) => {
    const { events: [told] } = await client(t).capture({ ...EVENT, event: "é".repeat(101) });
    same([told!.status, told!.details], ["rejected", "event_name_too_long"]);
  }),
  row("drop-id", SOURCE, "A distinct id over 200 bytes is dropped, and its caller is told.", async (t) => {
    const { events: [told] } = await client(t).capture({ ...EVENT, distinctId: "é".repeat(101) });
    same([told!.status, told!.details], ["rejected", "distinct_id_too_large"]);
  }),
  ...["anonymous", "None", "0", "undefined"].map((distinctId) =>
    row(
      `warned-${distinctId}`,
      SOURCE,
      `${distinctId} as a distinct id is warned about here and there.`,
      async (t) => {
        const { events: [told], warnings } = await client(t).capture({ ...EVENT, distinctId });
        same([told!.result, told!.details], ["warning", "person_processing_disabled"]);
        same(warnings.map(({ code }) => code), ["illegal_distinct_id"]);
      },
    )
  ),
  row("replay", SOURCE, "A replay does not go this way: it stays on /s/.", async (t) => {
    await client(t).captureSnapshot({ sessionId: "s-1", distinctId: "u", events: [{ type: 4 }] });
    strictEqual(t.request.path, "/s/");
  }),
  row(
    "ai-names",
    "protocol §1.3",
    "An event named $ai_… goes to /batch/, since this endpoint may reroute it.",
    async (t) => {
      await client(t).capture({ ...EVENT, event: "$ai_generation" });
      strictEqual(t.request.path, "/batch/");
    },
  ),
];
