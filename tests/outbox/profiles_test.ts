// The profile store and its migration, on a real PostgreSQL.
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import pg from "pg";
import type { ProfileStore } from "posthog-wasm/full";
import { postgresProfiles } from "posthog-wasm/postgres";
import { connect, type Database, startDatabase, supabase } from "./database.ts";

const WRITERS = 50;

Deno.test({
  name: "the profile store in PostgreSQL",
  // Two drivers keep sockets of their own for a while.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  await using database = await startDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const clients = {
    postgres: postgresProfiles(database.sql),
    pg: postgresProfiles(client),
    function: postgresProfiles((text, values) => database.sql.unsafe(text, values)),
    supabase: postgresProfiles(supabase(database.sql)),
  };
  for (const [name, store] of Object.entries(clients)) {
    await t.step(`${name}: the contract`, () => contract(store, database));
  }
  await client.end();
  for (const found of [undefined, "the first"]) {
    await t.step(`who is first wins, over ${found}`, () => firstWins(database, found));
    await t.step(`who is first is rolled back, over ${found}`, () => firstGivesUp(database, found));
  }
  await t.step(`${WRITERS} at once, one winner a round`, () => oneWinner(database));
});

async function contract(store: ProfileStore, { sql }: Database) {
  await sql`truncate posthog_profiles`;
  const key = "organization:o'1 \\ ü 😀";
  const mark = '{"a":"\\u0000 \\" \' $1 \\\\"}';
  // Nothing is stored, whatever is expected.
  strictEqual(await store.compareAndSet(key, "?", "lost"), undefined);
  deepStrictEqual([...await sql`select * from posthog_profiles`], []);
  strictEqual(await store.compareAndSet(key, undefined, mark), mark);
  // Something is, and it is something else.
  for (const expected of [undefined, "", "?", "null"]) {
    strictEqual(await store.compareAndSet(key, expected, "lost"), mark);
  }
  const [{ updated_at: before }] = await sql`select updated_at from posthog_profiles`;
  strictEqual(await store.compareAndSet(key, mark, mark), mark);
  deepStrictEqual((await sql`select updated_at from posthog_profiles`)[0].updated_at, before);
  strictEqual(await store.compareAndSet(key, mark, ""), "");
  strictEqual(await store.compareAndSet(key, undefined, "lost"), "");
  strictEqual(await store.compareAndSet(key, "", "null"), "null");
  const [row] = await sql`select key, mark, updated_at > ${before} as newer from posthog_profiles`;
  deepStrictEqual(row, { key, mark: "null", newer: true });
  // Another key is another profile.
  strictEqual(await store.compareAndSet("organization:o2", "null", "lost"), undefined);

  strictEqual(
    await store.compareAndSet("k".repeat(1000), undefined, "m".repeat(200_000)),
    "m".repeat(200_000),
  );
  await rejects(() => store.compareAndSet("k".repeat(1001), undefined, "m"), /posthog_profiles_key_check/);
  await rejects(
    () => store.compareAndSet("k", undefined, "m".repeat(200_001)),
    /posthog_profiles_mark_check/,
  );
  await rejects(() => store.compareAndSet(key, "null", "m".repeat(200_001)), /posthog_profiles_mark_check/);
}

/** Two transactions: the second has to wait for the first. */
async function inTurn({ sql, url }: Database, found: string | undefined, firstEnds: () => void) {
  await sql`truncate posthog_profiles`;
  if (found !== undefined) await postgresProfiles(sql).compareAndSet("k", undefined, found);
  const other = connect(url);
  let second: Promise<string | undefined> | undefined;
  await other.begin(async (tx) => {
    strictEqual(await postgresProfiles(tx).compareAndSet("k", found, "one"), "one");
    second = postgresProfiles(sql).compareAndSet("k", found, "two");
    await untilBlocked(tx as unknown as Database["sql"]);
    firstEnds();
  }).catch(() => {});
  const [stored] = await sql`select mark from posthog_profiles`;
  await other.end();
  return [await second, stored.mark];
}

async function untilBlocked(sql: Database["sql"]) {
  for (let tries = 0; tries < 500; tries++) {
    const [{ count }] = await sql`
      select count(*) from pg_locks where not granted`;
    if (Number(count) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("nobody waits");
}

async function firstWins(database: Database, found: string | undefined) {
  deepStrictEqual(await inTurn(database, found, () => {}), ["one", "one"]);
}

async function firstGivesUp(database: Database, found: string | undefined) {
  const [answer] = await inTurn(database, found, () => {
    throw new Error("rolled back");
  });
  strictEqual(answer, "two");
  deepStrictEqual((await database.sql`select mark from posthog_profiles`)[0].mark, "two");
}

async function oneWinner({ sql, url }: Database) {
  await sql`truncate posthog_profiles`;
  const connections = await Promise.all(Array.from({ length: WRITERS }, async () => {
    const connection = connect(url, { max: 1 });
    await connection`select 1`;
    return connection;
  }));
  let stored: string | undefined;
  for (let round = 0; round < 20; round++) {
    const marks = connections.map((_, at) => `round ${round}, writer ${at}`);
    const answers = await Promise.all(
      connections.map((connection, at) => postgresProfiles(connection).compareAndSet("k", stored, marks[at])),
    );
    const winners = answers.filter((answer, at) => answer === marks[at]);
    strictEqual(winners.length, 1, `round ${round}: ${winners}`);
    // The others are told who won.
    deepStrictEqual(new Set(answers), new Set(winners));
    [stored] = winners;
  }
  await Promise.all(connections.map((connection) => connection.end()));
}

Deno.test("what has not been to the database is no profile", async () => {
  for (const answer of [[], [{}], [{ answer: 5 }], {}, undefined]) {
    const lying = postgresProfiles(() => Promise.resolve(answer));
    await rejects(() => lying.compareAndSet("k", undefined, "m"), TypeError);
  }
  const lying = postgresProfiles({ rpc: () => Promise.resolve({ data: { mark: "m" }, error: null }) });
  await rejects(() => lying.compareAndSet("k", undefined, "m"), TypeError);
  const failing = postgresProfiles({
    rpc: () => Promise.resolve({ data: null, error: { message: "down" } }),
  });
  await rejects(() => failing.compareAndSet("k", undefined, "m"), /^Error: down$/);
});
