// Hono on workerd: the client comes from the context, and the runtime is asked to let the call finish.
import { Hono } from "hono";
import { PostHog, trusted } from "posthog-wasm";

const app = new Hono();

app.get("/", async (c) => {
  const posthog = PostHog.fromEnv(c, { maxRetries: 0 });
  const groups = [trusted("organization", "org_1")];
  const event = { event: "Stack Tried", distinctId: "user_1", groups };
  return c.json(await posthog.capture(event, { context: c }));
});

export default app;
