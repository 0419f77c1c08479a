// Events that must not be lost: written in the transaction of what they tell of, delivered by a cron job.
import { Hono } from "hono";
import { env } from "hono/adapter";
import { requestId } from "hono/request-id";
import { PostHog } from "posthog-wasm/full";
import { organizationCreated } from "posthog-wasm/lifecycle";
import { postgresOutbox } from "posthog-wasm/postgres";
import postgres from "postgres";
import { objectOf } from "../_shared/body.ts";
import { answerError } from "../_shared/errors.ts";
import { databaseSecret } from "../_shared/secret.ts";

export const outbox = new Hono().basePath("/outbox");

outbox.onError(answerError);
outbox.use(requestId());
outbox.use(databaseSecret);

/** One for the isolate: it opens connections as they are needed. */
let sql: postgres.Sql | undefined;
const database = (url: string) => sql ??= postgres(url, { max: 4, onnotice() {} });

/** The organization and its events are there together, or neither is. */
outbox.post("/create_organization", async (c) => {
  const { id, name } = await objectOf<{ id: string; name: string }>(c);
  const { DATABASE_URL } = env<{ DATABASE_URL: string }>(c);
  const status = await database(DATABASE_URL).begin(async (tx) => {
    const [row] = await tx`insert into orgs ${tx({ id, name })} returning id, name, created_at`;
    const events = organizationCreated({
      id: row.id,
      name: row.name,
      created_at: row.created_at.toISOString(),
    });
    const { ok, status } = await PostHog.fromEnv(c).enqueue(events, postgresOutbox(tx));
    // Without the events the organization is not created either; without a key there are none.
    if (!ok && status !== "skipped") throw new Error(`the events are ${status}`);
    return status;
  });
  return c.json({ status });
});

/** What pg_cron calls every minute. Two of them at once do each other no harm. */
outbox.post("/drain", async (c) => {
  const { DATABASE_URL } = env<{ DATABASE_URL: string }>(c);
  const store = postgresOutbox(database(DATABASE_URL));
  const { ok, status, accepted, retried, deadLettered, more } = await PostHog.fromEnv(c).drain(store, {
    budgetMs: 50_000,
  });
  return c.json({ status, accepted, retried, deadLettered, more }, ok ? 200 : 502);
});
