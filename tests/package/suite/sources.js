// The same fact, however often it is reported, is the same bytes.
import { client, same, sleep, truthy } from "./check.js";

const CREATED = "2026-01-02T03:04:05.678Z";
const row = { id: 7, created_at: CREATED, updated_at: "2026-01-02 04:00:00.1+00" };
const webhook = (type, more) => ({
  type,
  table: "apps",
  schema: "public",
  record: row,
  old_record: null,
  ...more,
});

export const tests = {
  async "what reports a fact gives its id and its time"(t) {
    const { databaseSource, queueSource, stripeSource } = t.posthog;
    const at = (text) => new Date(text);
    for (
      const [source, expected] of [
        [stripeSource({ id: "evt_1", created: 1767323045 }, { seq: 2 }), {
          system: "stripe",
          id: "evt_1",
          at: at("2026-01-02T03:04:05Z"),
          seq: 2,
        }],
        [databaseSource(webhook("INSERT")), {
          system: "database",
          id: '["INSERT","public","apps","7"]',
          at: CREATED,
        }],
        [databaseSource(webhook("UPDATE")), {
          system: "database",
          id: `["UPDATE","public","apps","7","${row.updated_at}"]`,
          at: row.updated_at,
        }],
        [
          databaseSource(webhook("DELETE", { record: null, old_record: row }), { at: at(CREATED) }),
          { system: "database", id: '["DELETE","public","apps","7"]', at: at(CREATED) },
        ],
        [
          databaseSource({ type: "INSERT", table: "apps", record: { app_id: "com.x" } }, {
            id: "com.x",
            at: CREATED,
            seq: 1,
          }),
          { system: "database", id: '["INSERT","public","apps","com.x"]', at: CREATED, seq: 1 },
        ],
        [queueSource("jobs", { msg_id: 12n, read_ct: 3, enqueued_at: CREATED, message: {} }), {
          system: "queue",
          id: '["jobs","12"]',
          at: CREATED,
        }],
        [queueSource("jobs", { id: "a1", timestamp: at(CREATED), body: {}, attempts: 2 }), {
          system: "queue",
          id: '["jobs","a1"]',
          at: at(CREATED),
        }],
      ]
    ) {
      same(source, expected);
      const outcome = await client(t).capture({ event: "E", distinctId: "u", source });
      same(outcome.status, "accepted", JSON.stringify(outcome.error));
    }
  },

  "two facts never share an id"(t) {
    const { databaseSource, queueSource } = t.posthog;
    const of = (type, id, more) => databaseSource(webhook(type, { record: { ...row, id }, ...more })).id;
    const ids = [
      of("INSERT", "x:deleted"),
      of("DELETE", "x"),
      of("INSERT", "x"),
      of("INSERT", "x", { schema: "archive" }),
      of("INSERT", 'x","y'),
      of("UPDATE", "x"),
      queueSource("a:1", { msg_id: 2, enqueued_at: CREATED }).id,
      queueSource("a", { msg_id: "1:2", enqueued_at: CREATED }).id,
      queueSource('a","1', { msg_id: "2", enqueued_at: CREATED }).id,
      queueSource("a", { msg_id: '1","2', enqueued_at: CREATED }).id,
    ];
    same(new Set(ids).size, ids.length, ids.join("\n"));
    truthy(ids.every((id) => typeof id === "string"), ids.join("\n"));
    // A row's number and its text are one row; a table without a schema is in Postgres' own.
    same(of("INSERT", 7n), of("INSERT", "7"));
    same(of("INSERT", 7, { schema: undefined }), of("INSERT", 7, { schema: "public" }));
    // What has no text of its own is no id.
    for (const odd of [{}, [], Object.create(null), Symbol("x"), () => {}, NaN, new Date(NaN), ""]) {
      same([of("INSERT", odd), queueSource("jobs", { id: odd, timestamp: CREATED }).id], [
        undefined,
        undefined,
      ]);
    }
  },

  "nothing throws, whatever it is given"(t) {
    const { databaseSource, queueSource, stripeSource } = t.posthog;
    const trap = () => {
      throw new Error("a trap");
    };
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const odd = () => [
      undefined,
      null,
      7,
      7n,
      "text",
      Symbol("x"),
      trap,
      [],
      new Date(NaN),
      Object.create(null),
      revoked,
      new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap }),
      Object.defineProperty({}, "id", { get: trap }),
    ];
    for (const one of odd()) {
      for (const type of ["INSERT", "UPDATE", "DELETE", "constructor", "__proto__", one]) {
        for (const other of odd()) {
          stripeSource({ id: one, created: other }, { seq: one });
          databaseSource({ type, schema: one, table: other, record: one, old_record: other }, {
            id: one,
            at: other,
          });
          databaseSource(
            { type, table: "apps", record: { id: one, created_at: other, updated_at: other } },
            null,
          );
          queueSource(one, { id: other, msg_id: one, timestamp: other }, { seq: one });
        }
      }
      for (const source of [stripeSource, databaseSource, queueSource]) source(one, one, one);
    }
  },

  async "delivered twice it is byte-identical, and its three events keep their three ids"(t) {
    const bodies = [];
    for (let delivery = 0; delivery < 2; delivery++) {
      const source = t.posthog.stripeSource({ id: "evt_1", created: 1767323045 });
      const events = ["A", "B", "B"].map((event, at) => ({
        kind: "capture",
        event,
        distinctId: "o1",
        source: at === 2 ? { ...source, seq: 1 } : source,
      }));
      same((await client(t).track(events)).status, "accepted");
      bodies.push((await t.project.state()).requests.at(-1).body);
      await sleep(5);
    }
    same(bodies[0], bodies[1]);
    const { events, distinct } = await t.project.arrived(6);
    same([distinct, new Set(events.map(({ uuid }) => uuid)).size], [3, 3]);
  },

  async "a fact without id or time is refused, and nothing throws"(t) {
    const { databaseSource, queueSource, stripeSource } = t.posthog;
    for (
      const source of [
        stripeSource({}),
        stripeSource(undefined),
        stripeSource({ id: "evt_1" }),
        stripeSource({ id: "evt_1", created: "yesterday" }),
        databaseSource(webhook("DELETE", { record: null, old_record: row })),
        databaseSource(webhook("TRUNCATE")),
        databaseSource(webhook("constructor")),
        databaseSource(webhook("INSERT", { record: { id: Symbol("x"), created_at: CREATED } })),
        databaseSource(webhook("INSERT", { record: {} })),
        databaseSource(null),
        databaseSource(webhook("UPDATE", { record: { id: 7 } })),
        databaseSource(webhook("UPDATE", { record: { id: 7, updated_at: null } })),
        queueSource("jobs", null),
        queueSource("", { msg_id: 1, enqueued_at: CREATED }),
        queueSource("jobs", { msg_id: 1 }),
      ]
    ) {
      const { status, error } = await client(t).capture({ event: "E", distinctId: "u", source });
      same(status, "invalid", JSON.stringify(source));
      if (source.id !== undefined && source.at === undefined) same(error.field, "source.at");
      truthy(["invalid_source", "invalid_timestamp"].includes(error.code), error.code);
      truthy(error.field.startsWith("source"), error.field);
    }
  },
};
