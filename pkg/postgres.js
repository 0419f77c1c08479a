// @ts-self-types="./postgres.d.ts"
// An outbox in PostgreSQL, over whatever client there is; `postgres.sql` beside it is the migration.

export function postgresOutbox(client) {
  const call = caller(client);
  return {
    put: (entries, afterMs) => call("put", { entries, after_ms: afterMs }),
    claim: (limit, leaseMs) => call("claim", { limit, lease_ms: leaseMs }),
    delete: (ids) => call("delete", { ids }),
    retry: (entries, reason) => call("retry", { entries, reason }),
    deadLetter: (ids, reason) => call("dead_letter", { ids, reason }),
  };
}

/** Every function takes one JSON value, and a value is text to every client. */
function caller(client) {
  const sql = (name) => `select * from public.posthog_outbox_${name}($1::text::jsonb)`;
  if (typeof client?.rpc === "function") {
    return async (name, given) => {
      const { data, error } = await client.rpc(`posthog_outbox_${name}`, { given });
      if (error) throw Object.assign(new Error(error.message), { cause: error });
      return data;
    };
  }
  const run = querier(client);
  return async (name, given) => {
    const found = await run(sql(name), [JSON.stringify(given)]);
    const rows = found?.rows ?? found;
    // Anything else has not been to the database, and must not count as an acknowledgement.
    if (!Array.isArray(rows)) throw new TypeError("the query gave no rows");
    return rows;
  };
}

/** pg, Neon and PGlite have `query`, deno-postgres `queryObject`, postgres.js `unsafe` (Neon's does something else). */
function querier(client) {
  for (const name of ["query", "queryObject", "unsafe"]) {
    if (typeof client?.[name] === "function") return (text, values) => client[name](text, values);
  }
  if (typeof client === "function") return client;
  throw new TypeError("postgresOutbox() takes a PostgreSQL or Supabase client, or (text, values) => rows");
}
