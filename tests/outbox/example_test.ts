// The example's outbox function, as pg_cron and a backend would call it.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outbox } from "../../examples/supabase/functions/outbox/app.ts";
import { startReceiver } from "../../inspect/receiver/mod.ts";
import { startDatabase } from "./database.ts";

Deno.test({
  name: "the example: events that exist if their organization does, drained by a cron job",
  // The function keeps its connections.
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  await using database = await startDatabase();
  await database
    .sql`create table orgs (id text primary key, name text, created_at timestamptz not null default now())`;
  await using receiver = await startReceiver();
  const project = receiver.project("example");
  Deno.env.set("POSTHOG_API_KEY", "phc_test");
  Deno.env.set("POSTHOG_API_HOST", project.url);
  Deno.env.set("DATABASE_URL", database.url);
  Deno.env.set("DATABASE_WEBHOOK_SECRET", "s3cret");
  const post = async (route: string, body: unknown = {}, secret = "s3cret") => {
    const headers = { "x-webhook-secret": secret };
    const response = await outbox.request(`/outbox/${route}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return [response.status, await response.json()];
  };
  strictEqual((await post("drain", {}, "guess"))[0], 401);
  deepStrictEqual(await post("create_organization", { id: "org_1", name: "Acme" }), [200, {
    status: "queued",
  }]);
  // It exists already: neither a second organization nor a second event.
  strictEqual((await post("create_organization", { id: "org_1", name: "Again" }))[0], 500);
  strictEqual((await database.rows()).length, 2);
  const rest = { accepted: 0, retried: 2, deadLettered: 0, more: false };
  project.faults({ mode: "status", status: 503 });
  deepStrictEqual(await post("drain"), [502, { status: "unreachable", ...rest, more: true }]);
  project.faults([]);
  await database.ripen();
  deepStrictEqual(await post("drain"), [200, { status: "accepted", ...rest, accepted: 2, retried: 0 }]);
  deepStrictEqual(await post("drain"), [200, { status: "accepted", ...rest, retried: 0 }]);
  const told = project.events.filter(({ event }) => event !== "$exception");
  deepStrictEqual(told.map(({ event, distinct_id }) => [event, distinct_id]), [
    ["Org Created", "org_1"],
    ["$groupidentify", "$organization_org_1"],
  ]);
});
