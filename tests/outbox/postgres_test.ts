// The adapter and its migration, on a real PostgreSQL, over every kind of client that it takes.
// `deno test -A --config tests/outbox/deno.json tests/outbox/`
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import { type OutboxStore, PostHog } from "posthog-wasm/full";
import { organizationCreated } from "posthog-wasm/lifecycle";
import { postgresOutbox, postgresProfiles } from "posthog-wasm/postgres";
import { startReceiver } from "../../inspect/receiver/mod.ts";
import { connect, type Database, migrations, startDatabase, supabase } from "./database.ts";

const entry = (body = "{}") => ({ id: crypto.randomUUID(), target: "posthog" as const, body });

Deno.test({
  name: "the outbox in PostgreSQL",
  // Two drivers keep sockets of their own for a while.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  await using database = await startDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const clients = {
    postgres: postgresOutbox(database.sql),
    pg: postgresOutbox(client),
    function: postgresOutbox((text, values) => database.sql.unsafe(text, values)),
    supabase: postgresOutbox(supabase(database.sql)),
  };
  for (const [name, store] of Object.entries(clients)) {
    await t.step(`${name}: the contract`, () => contract(store, database));
    await t.step(`${name}: what the database says is thrown`, () => refusals(store, database));
    await t.step(`${name}: a client of posthog-wasm`, () => roundTrip(store, database));
  }
  await t.step("a lot is never large", () => neverLarge(database));
  await t.step("replays come with what is small, or alone", () => replays(database));
  await t.step("an entry that another transaction holds is stepped over", () => stepsOver(database));
  await t.step("in a transaction: the event exists if the change does", () => inTransaction(database));
  await t.step("several drains at once, each entry once", () => severalDrains(database));
  await client.end();
});

async function contract(store: OutboxStore, database: Database) {
  await database.empty();
  const bodies = ['{"a":"\\u0000 \\ud83d\\ude00 ü \\" \' $1 \\\\"}', "{}", '{"b":  1.0e3}'];
  const entries = bodies.map(entry);
  await store.put(entries, 0);
  await store.put([entry('{"later":true}')], 60_000);
  const claimed = await store.claim(2, 60_000);
  deepStrictEqual(
    claimed.map((one) => ({ ...one })),
    entries.slice(0, 2).map((one) => ({ ...one, tries: 0 })),
  );
  deepStrictEqual((await store.claim(10, 60_000)).map(({ id }) => id), [entries[2].id]);
  deepStrictEqual([...await store.claim(10, 60_000)], []);

  const [gone, tried, dead] = entries.map(({ id }) => id);
  await store.delete([gone]);
  await store.retry([{ id: tried, afterMs: 30_000 }], "HTTP 503");
  await store.deadLetter([dead], "HTTP 400 it's no event");
  await store.delete([]);
  const rows = await database.rows();
  deepStrictEqual(rows.map(({ id, tries, dead, reason }) => [id, tries, dead, reason]).slice(0, 2), [
    [tried, 1, false, "HTTP 503"],
    [dead, 1, true, "HTTP 400 it's no event"],
  ]);
  ok(rows[0].waits > 25_000 && rows[0].waits <= 30_000, `${rows[0].waits} ms`);
  await database.ripen();
  deepStrictEqual((await store.claim(10, 1000)).map(({ tries }) => tries), [1, 0]);

  // Without a wait it is due at once.
  await store.retry([{ id: tried, afterMs: 0 }], "HTTP 502");
  deepStrictEqual((await store.claim(10, 60_000)).map(({ id, tries }) => [id, tries]), [[tried, 2]]);

  const [{ posthog_outbox_revive: revived }] = await database.sql`select posthog_outbox_revive()`;
  strictEqual(Number(revived), 1);
  deepStrictEqual((await store.claim(10, 1000)).map(({ id, tries }) => [id, tries]), [[dead, 0]]);
  // All or none.
  await database.empty();
  const twice = entry();
  await rejects(async () => await store.put([entry(), twice, twice], 0));
  deepStrictEqual([...await database.rows()], []);
}

async function refusals(store: OutboxStore, database: Database) {
  await database.empty();
  const twice = entry();
  await store.put([twice], 0);
  await rejects(async () => await store.put([twice], 0), (error: Error & { code?: string }) => {
    ok(error instanceof Error);
    strictEqual(error.message, 'duplicate key value violates unique constraint "posthog_outbox_pkey"');
    strictEqual(error.code, "23505");
    return true;
  });
  await rejects(async () => await store.delete(["no uuid"]), /invalid input syntax for type uuid: "no uuid"/);
}

async function roundTrip(store: OutboxStore, database: Database) {
  await database.empty();
  await using receiver = await startReceiver();
  const project = receiver.project("outbox");
  const options = { host: project.url, maxRetries: 0, logger: () => {} };
  project.faults([{ mode: "status", status: 503, times: 2 }]);
  const uuids = [];
  for (const write of ["before_send", "on_failure"] as const) {
    const posthog = new PostHog("phc_test", { ...options, outbox: { store, write } });
    const outcome = await posthog.capture({
      event: "E",
      distinctId: "u",
      properties: { a: "\u0000'\u2028" },
    });
    strictEqual(outcome.status, "queued", JSON.stringify(outcome));
    uuids.push(outcome.events[0].uuid);
  }
  ok((await database.rows()).every(({ body }) => !body.includes("phc_test")), "a key in the table");
  await database.ripen();
  const drained = await new PostHog("phc_test", options).drain(store);
  deepStrictEqual([drained.status, drained.accepted], ["accepted", 2]);
  deepStrictEqual(project.events.map(({ uuid }) => uuid), uuids);
  const batch = JSON.parse(project.requests.at(-1)!.body).batch;
  deepStrictEqual(
    batch.map(JSON.stringify),
    project.requests.slice(0, 2).map(({ body }) => JSON.stringify(JSON.parse(body).batch[0])),
  );
  deepStrictEqual([...await database.rows()], []);
}

async function neverLarge(database: Database) {
  await database.empty();
  const store = postgresOutbox(database.sql);
  const large = Array.from({ length: 12 }, () => entry(`{"text":"${"x".repeat(900_000)}"}`));
  await store.put(large, 0);
  const lots = [];
  for (let lot; (lot = await store.claim(100, 60_000)).length > 0;) lots.push(lot.map(({ id }) => id));
  deepStrictEqual(lots.map(({ length }) => length), [5, 5, 2]);
  deepStrictEqual(lots.flat(), large.map(({ id }) => id));
}

async function replays(database: Database) {
  await database.empty();
  const store = postgresOutbox(database.sql);
  const entries = [100, 20_000_000, 20_000_000, 3_900_000, 20_000_000, 100].map((bytes) =>
    entry("x".repeat(bytes))
  );
  await store.put(entries, 0);
  const lots = [];
  for (let lot; (lot = await store.claim(1000, 60_000)).length > 0;) lots.push(lot.map(({ id }) => id));
  deepStrictEqual(lots.map(({ length }) => length), [2, 1, 2, 1]);
  deepStrictEqual(lots.flat(), entries.map(({ id }) => id));
}

async function stepsOver(database: Database) {
  await database.empty();
  const store = postgresOutbox(database.sql);
  const [first, second] = [entry(), entry()];
  await store.put([first, second], 0);
  const other = connect(database.url);
  await other.begin(async (held) => {
    deepStrictEqual((await postgresOutbox(held).claim(1, 60_000)).map(({ id }) => id), [first.id]);
    // Would wait here for ever if it did not.
    deepStrictEqual((await store.claim(10, 60_000)).map(({ id }) => id), [second.id]);
    throw new Error("the drain dies");
  }).catch(() => {});
  deepStrictEqual((await store.claim(10, 60_000)).map(({ id }) => id), [first.id]);
  await other.end();
}

async function inTransaction(database: Database) {
  await database.empty();
  const { sql } = database;
  await sql`create table orgs (id text primary key, name text, created_at timestamptz default now())`;
  const posthog = new PostHog("phc_test", { logger: () => {} });
  const create = (id: string, fails: boolean) =>
    sql.begin(async (tx) => {
      const [row] = await tx`insert into orgs ${tx({ id, name: id })} returning *`;
      const { status, events } = await posthog.enqueue(
        organizationCreated(row as unknown as Parameters<typeof organizationCreated>[0]),
        postgresOutbox(tx),
      );
      strictEqual(status, "queued");
      strictEqual(events.length, 2);
      if (fails) throw new Error("rolled back");
    });
  await create("org_kept", false);
  await rejects(() => create("org_lost", true), /rolled back/);
  const bodies = (await database.rows()).map(({ body }) => body);
  strictEqual(bodies.length, 2);
  ok(bodies.every((body) => body.includes("org_kept")));
  await sql`drop table orgs`;
}

async function severalDrains(database: Database) {
  await database.empty();
  await using receiver = await startReceiver();
  const project = receiver.project("several");
  const store = postgresOutbox(database.sql);
  const posthog = new PostHog("phc_test", { host: project.url, outbox: { store, write: "before_send" } });
  const events = Array.from(
    { length: 950 },
    (_, at) => ({ kind: "capture" as const, event: `E${at}`, distinctId: "u" }),
  );
  strictEqual((await posthog.enqueue(events)).status, "queued");
  const drained = await Promise.all([1, 2, 3, 4].map(() => posthog.drain(store, { budgetMs: 20_000 })));
  strictEqual(drained.reduce((sum, { accepted }) => sum + accepted, 0), 950);
  strictEqual(project.events.length, 950);
  strictEqual(new Set(project.events.map(({ uuid }) => uuid)).size, 950);
  deepStrictEqual([...await database.rows()], []);
}

Deno.test("a Supabase client's error keeps what it says", async () => {
  const error = {
    message: "permission denied for function posthog_outbox_put",
    code: "42501",
    details: null,
    hint: "grant it",
  };
  const store = postgresOutbox({ rpc: () => Promise.resolve({ data: null, error }) });
  await rejects(async () => await store.put([entry()], 0), (thrown: Error) => {
    ok(thrown instanceof Error);
    deepStrictEqual({ ...thrown, message: thrown.message }, error);
    strictEqual(thrown.cause, error);
    return true;
  });
});

Deno.test("what is no client is refused at once", () => {
  for (const client of [undefined, null, {}, 5, { query: 1 }]) {
    for (const store of [postgresOutbox, postgresProfiles]) throws(() => store(client as never), TypeError);
  }
});

Deno.test("what has not been to the database is no acknowledgement", async () => {
  // As Neon's: `unsafe` is a piece of a statement, and `query` runs one.
  let asked = 0;
  const neon = Object.assign(() => {}, { unsafe: () => ({}), query: () => Promise.resolve([asked++]) });
  await postgresOutbox(neon).put([entry()], 0);
  strictEqual(asked, 1);
  for (const answer of [undefined, {}, 5, "rows"]) {
    const lying = postgresOutbox(() => Promise.resolve(answer));
    await rejects(async () => await lying.put([entry()], 0), /no rows/);
  }
});

Deno.test("the example has the same migrations", async () => {
  const copies = new URL("../../examples/supabase/migrations/", import.meta.url);
  deepStrictEqual((await readdir(copies)).sort(), Object.keys(migrations));
  for (const [copy, migration] of Object.entries(migrations)) {
    strictEqual(await readFile(new URL(copy, copies), "utf8"), await readFile(migration, "utf8"), copy);
  }
});
