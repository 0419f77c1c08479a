// What every stack does: sends one event that counts for an organization.
import { PostHog, trusted } from "posthog-wasm";

export function send(host) {
  const posthog = new PostHog("phc_test", { host, maxRetries: 0 });
  const groups = [trusted("organization", "org_1")];
  return posthog.capture({ event: "Stack Tried", distinctId: "user_1", groups });
}
