// A cron job that delivers what an outbox in PostgreSQL holds.
import { drainOutbox } from "posthog-wasm/drain";
import { postgresOutbox } from "posthog-wasm/postgres";

export default {
  scheduled: (sql, env) => drainOutbox(postgresOutbox(sql), { env, budgetMs: 50_000 }),
};
