// Rows that came into being: database webhooks on inserts.
import { Hono } from "hono";
import { background, PostHog } from "posthog-wasm/full";
import {
  appCreated,
  bundleCreated,
  bundleDeployed,
  organizationCreated,
  userCreated,
} from "posthog-wasm/lifecycle";
import { inserted, type RowOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";
import { notifyMembers } from "../_shared/members.ts";

export const rows = new Hono();

rows.post("/on_organization_create", inserted<RowOf<typeof organizationCreated>>("orgs"), async (c) => {
  const events = organizationCreated(c.get("row"));
  await background(PostHog.fromEnv(c).track(events), c);
  await background(notifyMembers(events), c);
  return c.json({ status: "ok" });
});

rows.post("/on_user_create", inserted<RowOf<typeof userCreated>>("users"), async (c) => {
  await background(PostHog.fromEnv(c).track(userCreated(c.get("row"))), c);
  return c.json({ status: "ok" });
});

rows.post("/on_app_create", inserted<RowOf<typeof appCreated>>("apps"), async (c) => {
  const events = appCreated(c.get("row"));
  await background(PostHog.fromEnv(c).track(events), c);
  await background(notifyMembers(events), c);
  return c.json({ status: "ok" });
});

rows.post("/on_version_create", inserted<RowOf<typeof bundleCreated>>("app_versions"), async (c) => {
  const row = c.get("row");
  const app = await database.app(row.app_id);
  // What a demo app comes with says nothing about its owner.
  if (app?.is_demo) return c.json({ status: "skipped" });
  await background(PostHog.fromEnv(c).track(bundleCreated(row)), c);
  return c.json({ status: "ok" });
});

interface DeployRow {
  id: number;
  app_id: string;
  version_id: number;
  channel_id: number;
  created_at: string;
}

rows.post("/on_deploy_history_create", inserted<DeployRow>("deploy_history"), async (c) => {
  const row = c.get("row");
  const [channel, version] = await Promise.all([
    database.channel(row.channel_id),
    database.version(row.version_id),
  ]);
  // Only what reaches everybody counts as deployed.
  if (!channel?.public || !version) return c.json({ status: "skipped" });
  const deployed = { ...row, owner_org: version.owner_org, bundle_name: version.name };
  await background(PostHog.fromEnv(c).track(bundleDeployed(deployed)), c);
  return c.json({ status: "ok" });
});
