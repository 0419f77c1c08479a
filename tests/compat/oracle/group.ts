// `groupIdentifyPosthog`.
import { type Call, type Expected, now } from "../world.ts";
import { captureUrl } from "./hosts.ts";
import { isConfigured, notConfigured, send } from "./send.ts";

export function groupIdentify(call: Call): Expected {
  if (!isConfigured(call)) return notConfigured(call);
  // deno-lint-ignore no-explicit-any
  const { groupType, groupKey, properties } = call.payload as any;
  const body = {
    api_key: call.env.POSTHOG_API_KEY,
    event: "$groupidentify",
    distinct_id: `$${groupType}_${groupKey}`,
    properties: { $group_type: groupType, $group_key: groupKey, $group_set: properties ?? {} },
    timestamp: now,
  };
  return send(call, captureUrl(call.env.POSTHOG_API_HOST), body, {
    sent: "PostHog $groupidentify sent",
    error: "PostHog $groupidentify error",
    failed: "PostHog $groupidentify fetch failed",
    fields: { groupType, groupKey },
  });
}
