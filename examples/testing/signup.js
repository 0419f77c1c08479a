// The code under test: what a backend does when an organization has signed up.
import { trusted } from "posthog-wasm";

export async function onSignup(posthog, row) {
  return await posthog.capture({
    event: "Org Created",
    distinctId: row.id,
    groups: [trusted("organization", row.id, "the trigger's row")],
    properties: { plan: "trial" },
  });
}
