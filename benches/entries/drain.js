// A cron job that delivers what an outbox in PostgreSQL holds.
import { PostHog } from "posthog-wasm/full";
import { postgresOutbox } from "posthog-wasm/postgres";

export default {
  scheduled: (sql, env) => PostHog.fromEnv(env).drain(postgresOutbox(sql), { budgetMs: 50_000 }),
};
