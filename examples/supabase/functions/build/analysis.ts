import { type Context, Hono } from "hono";
import { background, PostHog, type Properties, type Tracked, type VerifiedGroup } from "posthog-wasm/full";
import { organizationOf } from "../_shared/access.ts";
import type { WithUser } from "../_shared/api_key.ts";
import { objectOf } from "../_shared/body.ts";
import * as database from "../_shared/database.ts";

export const analysis = new Hono<WithUser>();

const LOGS_BYTES = 1_000_000;

interface Logs {
  app_id: string;
  job_id: string;
  logs: string;
}

/** Whatever way out the analysis takes, one event says which it was. */
analysis.post("/ai_analyze", async (c) => {
  const started = Date.now();
  const { app_id, job_id, logs } = await objectOf<Logs>(c);
  const organization = await organizationOf(c, await database.app(app_id));
  const about = { app_id, job_id, logs_bytes: String(logs).length, org_id: organization?.key };
  const end = (result: string) =>
    send(c, "AI Build Analysis Result", organization, {
      ...about,
      result,
      duration_ms: Date.now() - started,
    });

  if (!organization) {
    await end("not_found");
    return c.json({ error: "not_found" }, 404);
  }
  if (about.logs_bytes > LOGS_BYTES) {
    await end("too_large");
    return c.json({ error: "too_large" }, 413);
  }
  await send(c, "AI Build Analysis Requested", organization, about);
  try {
    const cause = likelyCause(logs);
    await end("success");
    return c.json({ cause });
  } catch (error) {
    await end("error");
    throw error;
  }
});

function send(
  c: Context<WithUser>,
  event: string,
  organization: VerifiedGroup<"organization"> | undefined,
  properties: Properties,
): Promise<void> {
  const tracked: Tracked = {
    kind: "capture",
    event,
    distinctId: c.get("userId"),
    groups: [organization],
    properties: { channel: "build-lifecycle", ...properties },
    channel: "build-lifecycle",
    icon: "🤖",
    notify: false,
  };
  return background(PostHog.fromEnv(c).track(tracked), c);
}

/** Where a model would be asked. */
function likelyCause(logs: string): string {
  const line = logs.split("\n").find((line) => /error|failed/i.test(line));
  if (!line) throw new Error("the model gave no answer");
  return line.trim();
}
