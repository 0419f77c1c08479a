// Called by a database webhook on every insert into `orgs`.
import { background } from "posthog-wasm";
import { posthog } from "../_shared/analytics.ts";
import { insertedOrganization, organizationCreated } from "../_shared/organizations.ts";
import { fromDatabase } from "../_shared/webhook_secret.ts";

Deno.serve(async (request) => {
  if (!await fromDatabase(request)) return Response.json({ error: "unauthorized" }, { status: 401 });
  const row = insertedOrganization(await request.json().catch(() => undefined));
  if (!row) return Response.json({ error: "invalid_body" }, { status: 400 });

  await background(posthog().track(organizationCreated(row)));
  return Response.json({ status: "ok" });
});
