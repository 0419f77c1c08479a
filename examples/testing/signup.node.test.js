// node --test
import { equal } from "node:assert/strict";
import { test } from "node:test";
import { PostHog } from "posthog-wasm";
import { createTestTransport } from "posthog-wasm/testing";
import { onSignup } from "./signup.js";

test("a signup is attributed to its organization", async () => {
  const transport = createTestTransport();
  await onSignup(new PostHog("phc_test", { fetch: transport.fetch }), { id: "org_1" });
  equal(transport.events[0].properties.$groups.organization, "org_1");
});
