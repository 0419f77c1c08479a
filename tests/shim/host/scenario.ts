// The pasted files over the host's real helpers and a real Hono context, on whatever runtime runs this. Says what
// was sent, printed, handed to the runtime and told to members; `expected` is what it must say, everywhere.
import { type Context, Hono } from "hono";
import { steps } from "./utils/pg.ts";
import {
  capturePosthogException,
  capturePosthogReplaySnapshot,
  groupIdentifyPosthog,
  trackPosthogEvent,
} from "./utils/posthog.ts";
import { sendEventToTracking } from "./utils/tracking.ts";

export const settings = {
  POSTHOG_API_KEY: "phc_test",
  ENV_NAME: "test",
  LOGSNAG_TOKEN: "token",
  LOGSNAG_PROJECT: "acme",
};

/** `GET /` runs it all. */
export const app = new Hono();
app.get("/", async (c) => {
  c.set("requestId" as never, "req-1" as never);
  return c.json(await scenario(c));
});

async function scenario(c: Context) {
  const requests: string[] = [];
  const printed: unknown[] = [];
  const { fetch } = globalThis;
  const { error, log } = console;
  globalThis.fetch = ((url: string, { body }: { body: string }) => {
    const timeless = body.replace(/("timestamp":)"[^"]+"/, '$1"now"');
    requests.push(`${url} ${timeless}`);
    const ok = !body.includes("Refused");
    return Promise.resolve({ ok, status: ok ? 200 : 400, text: () => Promise.resolve(ok ? "" : "no") });
  }) as unknown as typeof globalThis.fetch;
  console.log = console.error = (record) => printed.push(record.message);
  try {
    steps.length = 0;
    const results = [
      await trackPosthogEvent(c, { event: "Uploaded", channel: "upload", user_id: "org-1", tags: { n: 1 } }),
      await trackPosthogEvent(c, { event: "Refused", channel: "upload" }),
      await groupIdentifyPosthog(c, { groupType: "organization", groupKey: "org-1", properties: { a: 1 } }),
      await capturePosthogException(c, {
        error: Object.assign(new Error("boom"), { stack: "Error: boom\n    at run (file:///fn.ts:1:2)" }),
        functionName: "fn",
        kind: "unhandled_error",
      }),
      await capturePosthogReplaySnapshot(c, {
        currentUrl: "https://console.example/",
        distinctId: "user-1",
        events: [{ type: 4 }],
        lib: "web",
        libVersion: "1",
        sessionId: "session-1",
        timestamp: "2026-07-24T09:00:00.000Z",
        userId: "user-1",
        windowId: "window-1",
      }),
    ];
    for (const once of [true, false]) {
      await sendEventToTracking(c, {
        channel: "usage",
        event: "User cancel",
        user_id: "org-1",
        groups: { organization: "org-1" },
        sentToBento: true,
        bento: { event: "user:cancel", preferenceKey: "credit_usage", uniqId: "user:cancel", data: {}, once },
      }, { background: !once, ip: "203.0.113.7" });
    }
    // What was left to the runtime.
    await new Promise((done) => setTimeout(done, 20));
    return { results, requests, printed, steps: [...steps] };
  } finally {
    globalThis.fetch = fetch;
    Object.assign(console, { error, log });
  }
}
