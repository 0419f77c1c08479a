// vitest
import { PostHog } from "posthog-wasm";
import { createTestTransport } from "posthog-wasm/testing";
import { expect, test } from "vitest";
import { onSignup } from "./signup.js";

test("a signup is attributed to its organization", async () => {
  const transport = createTestTransport();
  await onSignup(new PostHog("phc_test", { fetch: transport.fetch }), { id: "org_1" });
  expect(transport.events).toMatchObject([{
    event: "Org Created",
    properties: { $groups: { organization: "org_1" } },
  }]);
});
