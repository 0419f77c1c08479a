// What pg_cron calls. These wait for PostHog and say how it went: nobody else waits for them.
import { Hono } from "hono";
import { PostHog, type Tracked, trusted } from "posthog-wasm/full";
import { buildStatusChanged } from "posthog-wasm/lifecycle";
import * as database from "../_shared/database.ts";

export const cron = new Hono();

cron.post("/cron_rollout_auto_pause", async (c) => {
  const rollouts = (await database.unhealthyRollouts()).filter(({ action }) => action === "notify");
  const { ok, status } = await PostHog.fromEnv(c).track(rollouts.map(autoPauseNotice));
  return c.json({ status }, ok ? 200 : 502);
});

function autoPauseNotice(channel: database.Rollout): Tracked {
  return {
    kind: "capture",
    event: "Rollout Auto-Pause Notification",
    distinctId: channel.owner_org,
    groups: [trusted("organization", channel.owner_org, "owns the channel")],
    properties: {
      channel: "rollout-auto-pause",
      app_id: channel.app_id,
      channel_id: channel.id,
      channel_name: channel.name,
      rollout_version: channel.version,
      description: channel.reason,
    },
    channel: "rollout-auto-pause",
    icon: "⚠️",
    notify: true,
    description: channel.reason,
  };
}

cron.post("/cron_reconcile_build_status", async (c) => {
  const now = new Date();
  const lost = await database.lostBuilds(now);
  const events: Tracked[] = [];
  for (const build of lost) {
    const updated_at = now.toISOString();
    const timedOut = await database.saveBuild({ ...build, status: "timed_out", updated_at });
    events.push(...buildStatusChanged(timedOut));
  }
  const { status } = await PostHog.fromEnv(c).track(events);
  return c.json({ status, builds: lost.length });
});

cron.post("/logsnag_insights", async (c) => {
  const { ok, status } = await PostHog.fromEnv(c).track({
    kind: "capture",
    event: "Updates last month",
    distinctId: "admin",
    properties: { channel: "updates-stats", ...await database.lastMonth() },
    channel: "updates-stats",
    icon: "📲",
  });
  return c.json({ status }, ok ? 200 : 502);
});
