// The outbox's own migration on a real PostgreSQL, and what the tests ask of it besides.
import postgres from "postgres";
import { readFile } from "node:fs/promises";
import { startPostgres } from "../../tools/postgres.ts";

export const migration = new URL("../../pkg/postgres.sql", import.meta.url);

export type Sql = ReturnType<typeof connect>;

export function connect(url: string) {
  return postgres(url, { onnotice: () => {} });
}

/** An entry as it stands in the table. */
export interface Row {
  id: string;
  target: string;
  body: string;
  tries: number;
  dead: boolean;
  reason: string | null;
  waits: number;
}

export async function startDatabase() {
  const server = await startPostgres();
  const sql = connect(server.url);
  await sql.unsafe(await readFile(migration, "utf8"));
  return {
    url: server.url,
    sql,
    rows: () =>
      sql<Row[]>`
        select id, target, body, tries, dead_at is not null as dead, reason,
          (extract(epoch from due_at - clock_timestamp()) * 1000)::double precision as waits
        from posthog_outbox order by seq`,
    /** Time passes: every lease and every wait is over, since the same moment. */
    ripen: () => sql`update posthog_outbox set due_at = now() - interval '1 second'`,
    empty: () => sql`truncate posthog_outbox`,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

export type Database = Awaited<ReturnType<typeof startDatabase>>;
