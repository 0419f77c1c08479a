// @ts-self-types="./postgres.d.ts"
// An outbox, a profile store and a store of flag definitions in PostgreSQL, over whatever client there is; `postgres.sql`,
// `profiles.sql` and `flags.sql` beside it are the migrations.

export function postgresOutbox(client) {
  const call = caller(client, "posthog_outbox");
  return {
    put: (entries, afterMs) => call("put", { entries, after_ms: afterMs }),
    claim: (limit, leaseMs) => call("claim", { limit, lease_ms: leaseMs }),
    delete: (ids) => call("delete", { ids }),
    retry: (entries, reason) => call("retry", { entries, reason }),
    deadLetter: (ids, reason) => call("dead_letter", { ids, reason }),
  };
}

export function postgresProfiles(client) {
  const call = caller(client, "posthog_profiles");
  return {
    async compareAndSet(key, expected, next) {
      const answer = await call("compare_and_set", { key, expected, mark: next });
      // A Supabase client has the value itself, others have one row of it.
      const stored = Array.isArray(answer) ? answer[0]?.answer : answer;
      if (stored === null) return undefined;
      if (typeof stored !== "string") throw new TypeError("the query gave no profile");
      return stored;
    },
  };
}

export function postgresFlagStore(client, key = "default") {
  const call = caller(client, "posthog_flags");
  const answered = async (name, given) => {
    const answer = await call(name, { key, ...given });
    return Array.isArray(answer) ? answer[0]?.answer : answer;
  };
  return {
    async read() {
      const stored = await answered("read");
      return typeof stored === "string" ? JSON.parse(stored) : null;
    },
    async write({ text, etag, fetchedAt }) {
      if (await answered("write", { text, etag, fetchedAt }) !== key) {
        throw new TypeError("the query stored nothing");
      }
    },
  };
}

/** Every function takes one JSON value, and a value is text to every client. */
function caller(client, prefix) {
  if (typeof client?.rpc === "function") {
    return async (name, given) => {
      const { data, error } = await client.rpc(`${prefix}_${name}`, { given });
      if (error) throw failure(error);
      return data;
    };
  }
  const run = querier(client);
  return async (name, given) => {
    const sql = `select * from public.${prefix}_${name}($1::text::jsonb) as answer`;
    const found = await run(sql, [JSON.stringify(given)]);
    const rows = found?.rows ?? found;
    // Anything else has not been to the database, and must not count as an acknowledgement.
    if (!Array.isArray(rows)) throw new TypeError("the query gave no rows");
    return rows;
  };
}

/** What the database says is wrong, as other clients throw it. Supabase's returns an object, in some versions no error. */
function failure(error) {
  const { message, code, details, hint } = error;
  return Object.assign(new Error(message, { cause: error }), { code, details, hint });
}

/** pg, Neon and PGlite have `query`, deno-postgres `queryObject`, postgres.js `unsafe` (Neon's does something else). */
function querier(client) {
  for (const name of ["query", "queryObject", "unsafe"]) {
    if (typeof client?.[name] === "function") return (text, values) => client[name](text, values);
  }
  if (typeof client === "function") return client;
  throw new TypeError("a PostgreSQL or Supabase client is needed, or (text, values) => rows");
}
