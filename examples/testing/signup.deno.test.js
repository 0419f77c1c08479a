// deno test
import { equal } from "node:assert/strict";
import { PostHog } from "posthog-wasm";
import { createTestTransport } from "posthog-wasm/testing";
import { onSignup } from "./signup.js";

Deno.test("a signup is attributed to its organization", async () => {
  const transport = createTestTransport();
  await onSignup(new PostHog("phc_test", { fetch: transport.fetch }), { id: "org_1" });
  equal(transport.events.length, 1);
  equal(transport.events[0].event, "Org Created");
  equal(transport.events[0].properties.$groups.organization, "org_1");
});
