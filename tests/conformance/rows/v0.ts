// protocol §1.1 and §5: the endpoint that every PostHog has.
import { deepStrictEqual as same, match, ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { row } from "../row.ts";
import { AT, between, EVENT, KEY, status, tracked, UTC, UUID, uuid } from "../world.ts";

const SOURCE = "protocol §1.1";
const RETRIED = [408, 429, 500, 502, 503, 504];
const FINAL = [301, 307, 400, 401, 402, 403, 404, 413, 415];
/** All of them are the same place. */
const ENDPOINTS = ["/", "/batch/", "/batch", "/i/v0/e/", "/e/", "/capture/", "/track/", "/engage/", "/s/"];

export const rows = [
  row("path", SOURCE, "Events are POSTed to /batch/.", async (t) => {
    await t.client().capture(EVENT);
    same([t.request.method, t.request.path, t.request.status], ["POST", "/batch/", 200]);
  }),
  row("body", SOURCE, "The body is an object of api_key and batch, and nothing else.", async (t) => {
    await t.client().capture(EVENT);
    same([Object.keys(t.request.json), t.request.json.api_key], [["api_key", "batch"], KEY]);
  }),
  row("no-authorization", SOURCE, "The key is in the body; there is no Authorization header.", async (t) => {
    await t.client().capture(EVENT);
    strictEqual(t.request.headers.authorization, undefined);
  }),
  row("content-type", SOURCE, "The body is sent as application/json.", async (t) => {
    await t.client().capture(EVENT);
    strictEqual(t.request.headers["content-type"], "application/json");
  }),
  row("user-agent", "protocol §0.3", "User-Agent says name and version, on every runtime.", async (t) => {
    await t.client().capture(EVENT);
    match(t.request.headers["user-agent"]!, /^posthog-wasm\/\d+\.\d+\.\d+$/);
  }),
  row(
    "event-fields",
    SOURCE,
    "An event has event, distinct_id, properties, timestamp and uuid.",
    async (t) => {
      await t.client().capture(EVENT);
      same(Object.keys(t.event).sort(), ["distinct_id", "event", "properties", "timestamp", "uuid"]);
      same([t.event.event, t.event.distinct_id], ["Ping", "user-1"]);
    },
  ),
  row("own-lib", "protocol §0.6", "$lib is none of those whose stack frames PostHog reverses.", async (t) => {
    await t.client().capture(EVENT);
    strictEqual(t.event.properties.$lib, "posthog-wasm");
  }),
  row("timestamp", "protocol §0.5", "A timestamp is UTC, ends in Z and has milliseconds.", async (t) => {
    await t.client().capture(EVENT);
    match(t.event.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }),
  row("many-in-one", SOURCE, "Several events travel in one request.", async (t) => {
    await t.client().track([tracked(), tracked(), tracked()]);
    strictEqual(t.request.json.batch.length, 3);
  }),
  row("no-empty-batch", SOURCE, "An empty batch, which is answered 400, is not sent.", async (t) => {
    await t.client().track([]);
    strictEqual(t.requests().length, 0);
  }),
  row("gzip", SOURCE, "A packed body is gzip, and Content-Encoding says so.", async (t) => {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    const keep: typeof fetch = (url, init) => {
      bodies.push(init!.body as Uint8Array<ArrayBuffer>);
      return fetch(url, init);
    };
    await t.client({ compress: "gzip", fetch: keep }).capture(EVENT);
    same([t.request.headers["content-encoding"], t.request.status], ["gzip", 200]);
    strictEqual(gunzipSync(bodies[0]!).toString(), t.request.body);
  }),
  row("gzip-off", SOURCE, "Nothing is packed where that is off.", async (t) => {
    await t.client({ compress: "off" }).capture({ ...EVENT, properties: { text: "x".repeat(50_000) } });
    same([t.request.headers["content-encoding"], t.request.bytes], [undefined, t.request.body.length]);
  }),
  row(
    "sent-at",
    SOURCE,
    "When a request is sent is told in milliseconds, so that a clock that is off is corrected.",
    async (t) => {
      await t.client().capture(EVENT);
      match(t.request.query, /^\?_=\d{13}$/);
      ok(Math.abs(Number(t.request.query.slice(3)) - Date.now()) < 60_000, t.request.query);
    },
  ),
  row(
    "no-skew-of-sources",
    SOURCE,
    "An event whose time is not this clock's is exempt: $ignore_sent_at is true.",
    async (t) => {
      await t.client().track([tracked(), tracked({ timestamp: AT })]);
      same(
        t.request.json.batch.map((event: { properties: object }) => "$ignore_sent_at" in event.properties),
        [
          false,
          true,
        ],
      );
      strictEqual(t.project.events[1]!.stored_timestamp, AT);
    },
  ),
  row("historical", SOURCE, "historical_migration is a boolean beside the batch.", async (t) => {
    await t.client({ historicalMigration: true }).capture(EVENT);
    strictEqual(t.request.json.historical_migration, true);
    strictEqual(t.project.events[0]!.historical_migration, true);
  }),
  row("not-historical", SOURCE, "historical_migration is left out where it is not asked for.", async (t) => {
    await t.client({ historicalMigration: false }).capture(EVENT);
    ok(!("historical_migration" in t.request.json));
  }),
  ...['{"status":"Ok"}', '{"status":1}', "", "<html>"].map((body) =>
    row(
      `success-${body || "empty"}`,
      SOURCE,
      `A 200 is a success without reading its body (${body || "none"}).`,
      async (t) => {
        t.answers(status(200, { body }));
        const { status: ended, attempts } = await t.client({ maxRetries: 3 }).capture(EVENT);
        same([ended, attempts, t.requests().length], ["accepted", 1, 1]);
      },
    )
  ),
  row("success-204", SOURCE, "A 204 is a success.", async (t) => {
    t.answers(status(204));
    strictEqual((await t.client().capture(EVENT)).status, "accepted");
  }),
  ...RETRIED.map((code) =>
    row(`retries-${code}`, SOURCE, `${code} is tried again.`, async (t) => {
      t.answers(status(code));
      const { status: ended, attempts } = await t.client({ maxRetries: 2 }).capture(EVENT);
      same([ended, attempts, t.project.events.length], ["accepted", 2, 1]);
    })
  ),
  row("retries-network", SOURCE, "A lost connection is tried again.", async (t) => {
    t.answers({ mode: "reset", times: 1 });
    same((await t.client({ maxRetries: 2 }).capture(EVENT)).status, "accepted");
    strictEqual(t.requests().length, 2);
  }),
  ...FINAL.map((code) =>
    row(`final-${code}`, SOURCE, `${code} is not tried again.`, async (t) => {
      t.answers(status(code));
      const { status: ended, httpStatus } = await t.client({ maxRetries: 3 }).capture(EVENT);
      same([ended, httpStatus, t.requests().length], ["rejected", code, 1]);
    })
  ),
  row("413-halves", SOURCE, "413 for several events sends them in halves.", async (t) => {
    t.answers(status(413));
    strictEqual(
      (await t.client().track([1, 2, 3, 4].map((n) => tracked({ uuid: uuid(n) })))).status,
      "accepted",
    );
    same(t.requests().map(({ json }) => json.batch.length).sort(), [2, 2, 4]);
  }),
  row(
    "too-big-splits",
    SOURCE,
    "400 because one of several events is too big takes nothing from the others.",
    async (t) => {
      const body = "maximum event size exceeded";
      t.answers(status(400, { body }), status(400, { body }));
      const outcome = await t.client().track([tracked(), tracked()]);
      same(outcome.events.map(({ status }) => status).sort(), ["accepted", "rejected"]);
    },
  ),
  row(
    "invalid-beside-valid",
    "protocol §0.1",
    "One invalid event does not reject the batch: it is found before it is sent.",
    async (t) => {
      const { events } = await t.client().track([
        tracked(),
        tracked({ distinctId: "" }),
        tracked({ event: "" }),
      ]);
      same(events.map(({ status }) => status), ["accepted", "invalid", "invalid"]);
      strictEqual(t.event.event, "Ping");
    },
  ),
  row("retry-after", SOURCE, "Retry-After is the least that is waited.", async (t) => {
    t.answers(status(429, { headers: { "Retry-After": "2" } }));
    strictEqual((await t.client({ maxRetries: 1 }).capture(EVENT)).status, "accepted");
    const [one, two] = t.requests();
    ok(between(one!, two!) >= 1990, `${between(one!, two!)} ms`);
  }),
  row("backoff", SOURCE, "Retries wait at least 0.1 s, and longer each time.", async (t) => {
    t.answers(status(503), status(503), status(503));
    strictEqual((await t.client({ maxRetries: 3 }).capture(EVENT)).status, "accepted");
    const [one, two, three, four] = t.requests();
    ok(between(one!, two!) >= 100, `${between(one!, two!)} ms`);
    ok(between(three!, four!) > between(one!, two!), "no backoff");
  }),
  row("max-retries", SOURCE, "Retries end where the client says.", async (t) => {
    t.project.faults(status(503, { times: undefined }));
    strictEqual((await t.client({ maxRetries: 3 }).capture(EVENT)).status, "unreachable");
    strictEqual(t.requests().length, 4);
  }),
  row("same-bytes", SOURCE, "A retry sends the same bytes: the same uuids and timestamps.", async (t) => {
    t.answers(status(503), status(503));
    await t.client({ maxRetries: 2 }).track([tracked(), tracked()]);
    const [one, two, three] = t.requests();
    same([two!.body, three!.body], [one!.body, one!.body]);
  }),
  row(
    "event-size",
    SOURCE,
    "An event that PostHog would find too big, quotes counted twice, is not sent.",
    async (t) => {
      const outcome = await t.client().capture({ ...EVENT, properties: { text: '"'.repeat(600_000) } });
      same([outcome.status, outcome.error?.code, t.requests().length], ["invalid", "too_large", 0]);
    },
  ),
  row("event-size-fits", SOURCE, "An event that the client takes is not too big for PostHog.", async (t) => {
    const outcome = await t.client().capture({
      ...EVENT,
      properties: { text: '"'.repeat(120_000) + "x".repeat(450_000) },
    });
    same([outcome.status, t.request.status], ["accepted", 200]);
  }),
  row("body-size", SOURCE, "No request has more than 2 MB on the wire.", async (t) => {
    const text = "x".repeat(700_000);
    await t.client({ compress: "off" }).track(
      Array.from({ length: 6 }, () => tracked({ properties: { text } })),
    );
    const sizes = t.requests().map(({ bytes }) => bytes);
    ok(sizes.length > 1 && sizes.every((bytes) => bytes <= 2_000_000), `${sizes}`);
    strictEqual(t.project.events.length, 6);
  }),
  ...[["empty", ""], ["blank", " "], ["null", null], ["missing", undefined]].map(([name, distinctId]) =>
    row(`distinct-id-${name}`, SOURCE, `An event whose distinct id is ${name} is not sent.`, async (t) => {
      // deno-lint-ignore no-explicit-any
      const { status: ended } = await t.client().capture({ event: "Ping", distinctId } as any);
      same([ended, t.requests().length], ["invalid", 0]);
    })
  ),
  row(
    "distinct-id-long",
    SOURCE,
    "A distinct id over 200 characters, which PostHog cuts, is warned about.",
    async (t) => {
      const { warnings } = await t.client().capture({ ...EVENT, distinctId: "x".repeat(201) });
      same(warnings.map(({ code }) => code), ["distinct_id_too_long"]);
    },
  ),
  ...([["personal", "phx_secret"], ["long", "p".repeat(65)], ["no-ascii", "phc_ü"]] as const).map((
    [name, key],
  ) =>
    row(`key-${name}`, SOURCE, `A key that PostHog answers 401 for (${name}) is not sent.`, async (t) => {
      const { status: ended } = await t.client({}, key).capture(EVENT);
      same([ended, t.requests().length], ["invalid", 0]);
    })
  ),
  row("uuid", SOURCE, "Every event has a UUID.", async (t) => {
    await t.client().track([tracked(), tracked()]);
    for (const event of t.request.json.batch) match(event.uuid, UUID);
  }),
  row(
    "uuid-invalid",
    SOURCE,
    "An invalid UUID, for which PostHog refuses the whole request, is not sent.",
    async (t) => {
      const { events } = await t.client().track([tracked({ uuid: "7" }), tracked()]);
      same(events.map(({ status }) => status), ["invalid", "accepted"]);
    },
  ),
  row(
    "timestamp-future",
    SOURCE,
    "A time more than 23 h ahead, which PostHog replaces, is warned about.",
    async (t) => {
      const timestamp = new Date(Date.now() + 25 * 3_600_000);
      const { warnings } = await t.client().capture({ ...EVENT, timestamp });
      same(warnings.map(({ code }) => code), ["timestamp_in_future"]);
    },
  ),
  row(
    "timestamp-invalid",
    SOURCE,
    "What is no time, which PostHog replaces with now, is not sent.",
    async (t) => {
      const { status: ended, error } = await t.client().capture({ ...EVENT, timestamp: "yesterday" });
      same([ended, error?.code, t.requests().length], ["invalid", "invalid_timestamp", 0]);
    },
  ),
  row(
    "surrogates",
    "protocol §5",
    "A lone surrogate, which PostHog answers 400 for, is replaced.",
    async (t) => {
      const { status: ended } = await t.client().capture({ ...EVENT, properties: { text: "a\ud800b" } });
      same([ended, t.event.properties.text], ["accepted", "a\ufffdb"]);
    },
  ),
  row(
    "nesting",
    "protocol §5",
    "Nesting that PostHog cannot read is refused before it is sent.",
    async (t) => {
      let deep: unknown = 1;
      for (let level = 0; level < 130; level++) deep = [deep];
      const { error } = await t.client().capture({ ...EVENT, properties: { deep } });
      same([error?.code, t.requests().length], ["too_deep", 0]);
    },
  ),
  row("text", "protocol §5", "NUL, emoji and large numbers arrive exactly.", async (t) => {
    const properties = { nul: "a\u0000b", emoji: "🙂", large: Number.MAX_SAFE_INTEGER, nan: NaN };
    await t.client().capture({ ...EVENT, properties });
    const { nul, emoji, large, nan } = t.event.properties;
    same([nul, emoji, large, nan, t.request.status], ["a\u0000b", "🙂", Number.MAX_SAFE_INTEGER, null, 200]);
  }),
  ...ENDPOINTS.map((path) =>
    row(`host${path}`, SOURCE, `A host that ends in ${path} is the same host.`, async (t) => {
      await t.client({ host: t.project.url + path }).capture(EVENT);
      same([t.request.path, t.request.status], ["/batch/", 200]);
    })
  ),
  row("utc", SOURCE, "A time with an offset is sent as the same instant in UTC.", async (t) => {
    await t.client().capture({ ...EVENT, timestamp: "2025-01-02T08:34:05+05:30" });
    match(t.event.timestamp, UTC);
    strictEqual(Date.parse(t.event.timestamp), Date.parse("2025-01-02T03:04:05Z"));
  }),
];
