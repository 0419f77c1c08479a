const { PostHog, trusted } = require("posthog-wasm");

test("an event is sent", async () => {
  const posthog = new PostHog("phc_test", { host: process.env.RECEIVER, maxRetries: 0 });
  const groups = [trusted("organization", "org_1")];
  const outcome = await posthog.capture({ event: "Stack Tried", distinctId: "user_1", groups });
  expect(outcome).toMatchObject({ status: "accepted" });
});
