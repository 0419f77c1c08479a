// The package's migrations on a real PostgreSQL, and what the tests ask of it besides.
import postgres from "postgres";
import { readFile } from "node:fs/promises";
import { startPostgres } from "../../tools/postgres.ts";

/** The package's migrations, by their copies in the example. */
export const migrations = {
  "20250101000000_posthog_profiles.sql": new URL("../../pkg/profiles.sql", import.meta.url),
  "20250101000001_posthog_outbox.sql": new URL("../../pkg/postgres.sql", import.meta.url),
};

/**
 * Supabase's roles, and its default privileges: whatever is made in `public` is open at first. So it is to a role of the
 * project's own.
 */
const SUPABASE = `
  create role anon; create role authenticated; create role service_role bypassrls;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  create role "Reports";
  alter default privileges in schema public grant all on tables to "Reports" with grant option;
  alter default privileges in schema public grant all on functions to "Reports";
  alter default privileges in schema public grant all on sequences to "Reports"`;

/** Who must not come in. */
export const outsiders = ["anon", "authenticated", '"Reports"'];

export type Sql = ReturnType<typeof connect>;

export function connect(url: string, options: postgres.Options<Record<string, never>> = {}) {
  return postgres(url, { onnotice: () => {}, ...options });
}

/** supabase-js, as far as it counts: functions are called by name, with named values, and errors are returned. */
export function supabase(sql: Sql) {
  return {
    async rpc(name: string, { given }: { given: object }) {
      try {
        const rows = await sql`select * from ${sql(`public.${name}`)}(${
          JSON.stringify(given)
        }::text::jsonb) as value`;
        // What is no table comes as the value itself.
        const scalar = rows.columns.length === 1 && rows.columns[0].name === "value";
        return { data: scalar ? rows[0].value : rows, error: null };
      } catch (error) {
        const { message, code, detail = null, hint = null } = error as postgres.PostgresError;
        return { data: null, error: { message, code, details: detail, hint } };
      }
    },
  };
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

export async function startDatabase(before = "") {
  const server = await startPostgres();
  const sql = connect(server.url);
  await sql.unsafe(before);
  for (const migration of Object.values(migrations)) await sql.unsafe(await readFile(migration, "utf8"));
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

/** A database as Supabase's is when the migrations run. */
export const startSupabase = () => startDatabase(SUPABASE);

export type Database = Awaited<ReturnType<typeof startDatabase>>;
