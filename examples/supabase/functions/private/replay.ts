import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { PostHog } from "posthog-wasm/full";
import type { WithUser } from "../_shared/api_key.ts";
import { objectOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";

export const replay = new Hono<WithUser>();

interface Recording {
  sessionId: string;
  windowId: string;
  currentUrl: string;
  events: unknown[];
  timestamp: string;
}

replay.post("/replay", async (c) => {
  const { sessionId, windowId, currentUrl, events, timestamp } = await objectOf<Recording>(c);
  const user_id = c.get("userId");
  const email = await database.emailOf(user_id);
  if (!email) throw new HTTPException(500, { message: "missing_email" });
  const { ok } = await PostHog.fromEnv(c).captureSnapshot({
    sessionId,
    windowId,
    distinctId: user_id,
    events,
    timestamp,
    properties: { $current_url: currentUrl, $set: { email }, user_id },
  });
  // The recorder keeps what it has and tries again.
  return ok ? c.json({ status: "ok" }) : c.json({ error: "posthog_replay_failed" }, 502);
});
