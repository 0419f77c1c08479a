// The store of flag definitions and its migration, on a real PostgreSQL.
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import pg from "pg";
import type { FlagDefinitionsStore } from "posthog-wasm/flags";
import { postgresFlagStore } from "posthog-wasm/postgres";
import { type Database, outsiders, startSupabase, supabase } from "./database.ts";

const MIGRATION = new URL("../../pkg/flags.sql", import.meta.url);

Deno.test({
  name: "the store of flag definitions in PostgreSQL",
  // Two drivers keep sockets of their own for a while.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  await using database = await startSupabase();
  await database.sql.unsafe(await readFile(MIGRATION, "utf8"));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const clients = {
    postgres: postgresFlagStore(database.sql),
    pg: postgresFlagStore(client),
    function: postgresFlagStore((text, values) => database.sql.unsafe(text, values)),
    supabase: postgresFlagStore(supabase(database.sql)),
  };
  for (const [name, store] of Object.entries(clients)) {
    await t.step(`${name}: the contract`, () => contract(store, database));
  }
  await client.end();
  for (const role of outsiders) {
    await t.step(`${role} can neither read nor write it`, () => isClosed(database, role));
  }
  await t.step("the service role can", () => isOpen(database));
});

async function contract(store: FlagDefinitionsStore, { sql }: Database) {
  await sql`truncate posthog_flag_definitions`;
  strictEqual(await store.read(), null);
  const stored = {
    text: '{"flags":[{"key":"ü😀 \' \\" $1"}]}',
    etag: 'W/"1"',
    fetchedAt: "2026-01-02T03:04:05.678Z",
  };
  await store.write(stored);
  deepStrictEqual(await store.read(), stored);
  const later = { text: '{"flags":[]}', etag: null, fetchedAt: "2026-01-02T03:05:05.678Z" };
  await store.write(later);
  deepStrictEqual(await store.read(), later);
  strictEqual(await postgresFlagStore(sql, "another project").read(), null);
  await rejects(
    () => store.write({ ...later, text: "x".repeat(8_000_001) }),
    /posthog_flag_definitions_definitions_check/,
  );
  deepStrictEqual(await store.read(), later, "what is there stays");
}

function as<T>({ sql }: Database, role: string, work: (sql: Database["sql"]) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx.unsafe(`set local role ${role}`);
    return await work(tx as unknown as Database["sql"]);
  }) as Promise<T>;
}

async function isClosed(database: Database, role: string) {
  const denied = { code: "42501", message: /^permission denied for table/ };
  const uncalled = { code: "42501", message: /^permission denied for function/ };
  for (
    const statement of [
      "select * from posthog_flag_definitions",
      "insert into posthog_flag_definitions default values",
      "update posthog_flag_definitions set definitions = 'forged'",
      "delete from posthog_flag_definitions",
      "truncate posthog_flag_definitions",
    ]
  ) {
    await rejects(() => as(database, role, async (tx) => await tx.unsafe(statement)), denied, statement);
  }
  await rejects(() => as(database, role, (tx) => postgresFlagStore(tx).read()), uncalled);
  await rejects(
    () => as(database, role, async (tx) => await postgresFlagStore(tx).write({ text: "{}" })),
    uncalled,
  );
}

async function isOpen(database: Database) {
  await as(database, "service_role", async (tx) => await postgresFlagStore(tx).write({ text: "{}" }));
  deepStrictEqual(await as(database, "service_role", (tx) => postgresFlagStore(tx).read()), {
    text: "{}",
    etag: null,
    fetchedAt: null,
  });
}
