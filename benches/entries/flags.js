// Flags from definitions, and the client that they belong to.
import { PostHog } from "posthog-wasm";
import { evaluateFlags, parseFlagDefinitions } from "posthog-wasm/flags";

export async function first() {
  const client = new PostHog("phc_test", { logger() {} });
  const definitions = parseFlagDefinitions('{"flags":[{"key":"f","active":true,"filters":{"groups":[{}]}}]}');
  const flags = await evaluateFlags(client, { distinctId: "u", definitions, onlyEvaluateLocally: true });
  return flags.isEnabled("f", { sendFeatureFlagEvents: false });
}
export default { fetch: async () => new Response(String(await first())) };
