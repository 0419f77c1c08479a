import { Hono } from "hono";
import { background, PostHog } from "posthog-wasm/full";
import { bundleUploadFailed, uploadLinkCreated } from "posthog-wasm/lifecycle";
import { notFound, organizationOf } from "../_shared/access.ts";
import type { WithUser } from "../_shared/api_key.ts";
import { objectOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";

export const uploads = new Hono<WithUser>();

uploads.post("/upload_link", async (c) => {
  const { app_id } = await objectOf<{ app_id: string }>(c);
  const app = await database.app(app_id);
  if (!app || !await organizationOf(c, app)) throw notFound();
  await background(PostHog.fromEnv(c).track(uploadLinkCreated(app)), c);
  return c.json({ url: `https://files.example/${app.app_id}/${crypto.randomUUID()}` });
});

uploads.post("/delete_failed_version", async (c) => {
  const { version_id } = await objectOf<{ version_id: number }>(c);
  const version = await database.version(version_id);
  if (!version || !await organizationOf(c, version)) throw notFound();
  await background(PostHog.fromEnv(c).track(bundleUploadFailed(version)), c);
  return c.json({ status: "ok" });
});
