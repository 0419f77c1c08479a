// vitest
import { PostHog } from "posthog-wasm";
import { createTestTransport } from "posthog-wasm/testing";
import { expect, test, vi } from "vitest";
import { onSignup } from "./signup.js";

test("a signup is attributed to its organization", async () => {
  const transport = createTestTransport();
  await onSignup(new PostHog("phc_test", { fetch: transport.fetch }), { id: "org_1" });
  expect(transport.events).toMatchObject([{
    event: "Org Created",
    properties: { $groups: { organization: "org_1" } },
  }]);
});

test("under fake timers too, a call ends with its budget", async () => {
  vi.useFakeTimers();
  try {
    const posthog = new PostHog("phc_test", {
      fetch: () => new Promise(() => {}),
      budgetMs: 50,
      logger: () => {},
    });
    expect(await posthog.capture({ event: "Ping", distinctId: "u" })).toMatchObject({ status: "timed_out" });
  } finally {
    vi.useRealTimers();
  }
});
