// @ts-self-types="./postgres.d.ts"
// An outbox in PostgreSQL, over whatever client there is; `postgres.sql` beside it is the migration.

export function postgresOutbox(client) {
  const call = caller(client);
  return {
    put: (entries, afterMs) => call("put", { entries, after_ms: afterMs }),
    take: (limit, leaseMs) => call("take", { limit, lease_ms: leaseMs }),
    delete: (ids) => call("delete", { ids }),
    retry: (entries, reason) => call("retry", { entries, reason }),
    bury: (ids, reason) => call("bury", { ids, reason }),
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
    return found?.rows ?? found;
  };
}

/** postgres.js has `unsafe`, deno-postgres `queryObject`; pg, Neon and PGlite have `query`. */
function querier(client) {
  for (const name of ["unsafe", "queryObject", "query"]) {
    if (typeof client?.[name] === "function") return (text, values) => client[name](text, values);
  }
  if (typeof client === "function") return client;
  throw new TypeError("postgresOutbox() takes a PostgreSQL or Supabase client, or (text, values) => rows");
}
