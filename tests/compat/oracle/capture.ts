// `trackPosthogEvent`.
import { type Call, type Expected, now } from "../world.ts";
import { captureUrl } from "./hosts.ts";
import { isConfigured, notConfigured, send } from "./send.ts";

// deno-lint-ignore no-explicit-any
export function capture(call: Call, payload: any): Expected {
  if (!isConfigured(call)) return notConfigured(call);
  const { event } = payload;
  const distinctId = payload.user_id || payload.distinct_id || "anonymous";
  const body = {
    api_key: call.env.POSTHOG_API_KEY,
    event,
    distinct_id: distinctId,
    properties: properties(payload),
    ip: payload.ip,
    timestamp: payload.timestamp ?? now,
  };
  return send(call, captureUrl(call.env.POSTHOG_API_HOST), body, {
    sent: "PostHog event sent",
    error: "PostHog error",
    failed: "PostHog fetch failed",
    fields: { event, distinctId },
  });
}

/** Later ones win, `undefined` too: a tag without a value removes the non-person tag of its name. */
// deno-lint-ignore no-explicit-any
function properties({ nonPersonTags, tags, channel, description, setPersonProperties, groups }: any) {
  return {
    ...nonPersonTags,
    ...tags,
    channel,
    description,
    ...(setPersonProperties === false ? {} : { $set: tags }),
    ...(isObject(groups) && Object.keys(groups).length > 0 ? { $groups: groups } : {}),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
