// Events that clients send: they may name an event and its properties, but not whom it counts for.
import { Hono } from "hono";
import { background, PostHog } from "posthog-wasm/full";
import {
  fromClient,
  type Identity,
  resolveTrackingIdentity,
  type TrackingRequest,
} from "posthog-wasm/lifecycle";
import type { WithUser } from "../_shared/api_key.ts";
import { objectOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";
import { notifyMembers } from "../_shared/members.ts";
import { isIncompatibleBundle, notificationFor } from "./notifications.ts";

export const events = new Hono<WithUser>();

events.post("/events", async (c) => {
  const body = await objectOf<TrackingRequest>(c);
  const userId = c.get("userId");
  const who = await resolveTrackingIdentity(body, {
    userId,
    canReadOrganization: (id) => database.mayRead(userId, id),
    canReadApp: (id) => database.mayReadApp(userId, id),
    appOwner: async (id) => (await database.app(id))?.owner_org,
  });
  if (!who.ok) return c.json({ error: who.code }, who.status);
  await background(PostHog.fromEnv(c).track(fromClient(body, who)), c);
  if (body.notifyConsole && who.requestedOrganization) {
    await background(database.broadcast(who.requestedOrganization.key), c);
  }
  await background(tellMembers(PostHog.fromEnv(c), body, who), c);
  return c.json({ status: "ok" });
});

/** Some events make members an e-mail; of the one about an incompatible bundle PostHog hears as well. */
async function tellMembers(
  posthog: PostHog,
  body: TrackingRequest,
  { app, distinctId, groups }: Extract<Identity, { ok: true }>,
) {
  const notification = app && notificationFor(body, await database.app(app.key));
  const told = notification &&
    await notifyMembers([{ kind: "capture", event: body.event, groups, notification }]);
  // One that was sent before is none that was sent now.
  if (!isIncompatibleBundle(body) || told === 0) return;
  const { update_strategy, app_id, channel_name } = body.tags ?? {};
  await posthog.capture({
    event: "Bundle Incompatible Email",
    distinctId,
    groups,
    properties: {
      channel: "bundle",
      outcome: told ? "sent" : "skipped_metadata",
      update_strategy,
      app_id,
      channel_name,
    },
  });
}
