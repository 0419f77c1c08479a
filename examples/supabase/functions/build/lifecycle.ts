import { type Context, Hono } from "hono";
import { background, PostHog, type Tracked, type VerifiedGroup } from "posthog-wasm/full";
import { buildStatusChanged } from "posthog-wasm/lifecycle";
import { notFound, organizationOf } from "../_shared/access.ts";
import type { WithUser } from "../_shared/api_key.ts";
import { objectOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";
import { notifyMembers } from "../_shared/members.ts";

export const lifecycle = new Hono<WithUser>();

lifecycle.post("/request", async (c) => {
  const { app_id, platform, build_mode } = await objectOf<database.Build>(c);
  const app = await database.app(app_id);
  const organization = await organizationOf(c, app);
  if (!app || !organization) throw notFound();

  const { plan_name, builds: limit } = await database.limitsOf(app.owner_org);
  const active_builds = (await database.buildsRunning(app.owner_org)).length;
  if (active_builds >= limit) {
    const about = { app_id: app.app_id, active_builds, limit, plan_name };
    const event = limitReached(c.get("userId"), organization, about);
    await background(PostHog.fromEnv(c).track(event), c);
    await background(notifyMembers([event]), c);
    return c.json({ error: "too_many_builds" }, 429);
  }

  const build = await database.saveBuild({
    id: `build_${crypto.randomUUID()}`,
    app_id: app.app_id,
    owner_org: app.owner_org,
    requested_by: c.get("userId"),
    platform,
    build_mode,
    status: "requested",
    updated_at: new Date().toISOString(),
  });
  await background(PostHog.fromEnv(c).track(buildStatusChanged(build)), c);
  return c.json({ id: build.id });
});

lifecycle.post("/start", async (c) => {
  const build = await ownBuild(c);
  return await moveOn(c, build, { status: "started" });
});

/** What the builder says has become of a build. */
lifecycle.post("/status", async (c) => {
  const { status, failure_category } = await objectOf<database.Build>(c);
  const build = await ownBuild(c);
  // It is asked again and again, and mostly nothing has changed.
  if (status === build.status) return c.json({ status });
  return await moveOn(c, build, { status, failure_category });
});

async function ownBuild(c: Context<WithUser>): Promise<database.Build> {
  const { id } = await objectOf<{ id: string }>(c);
  const build = await database.build(id);
  if (!build || !await organizationOf(c, build)) throw notFound();
  return build;
}

async function moveOn(
  c: Context<WithUser>,
  before: database.Build,
  change: Pick<database.Build, "status" | "failure_category">,
): Promise<Response> {
  const updated_at = new Date().toISOString();
  const started_at = before.started_at ?? updated_at;
  const build = await database.saveBuild({ ...before, ...change, started_at, updated_at });
  const seconds = Math.round((Date.parse(updated_at) - Date.parse(started_at)) / 1000);
  const events = buildStatusChanged({ ...build, ...before.started_at && { duration_seconds: seconds } });
  await background(PostHog.fromEnv(c).track(events), c);
  return c.json({ status: build.status });
}

function limitReached(
  distinctId: string,
  organization: VerifiedGroup<"organization">,
  about: { app_id: string; active_builds: number; limit: number; plan_name: string },
): Tracked {
  return {
    kind: "capture",
    event: "Native build concurrency limit reached",
    distinctId,
    groups: [organization],
    properties: { channel: "usage", org_id: organization.key, ...about, reason: "plan_limit" },
    channel: "usage",
    icon: "🚧",
    notify: false,
    notification: {
      event: "user:native_build_concurrency_limit",
      preferenceKey: "usage_limit",
      uniqId: `${organization.key}:native_build_concurrency`,
      cron: "0 0 * * *",
      data: about,
    },
  };
}
