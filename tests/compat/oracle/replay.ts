// `capturePosthogReplaySnapshot`.
import { anything, type Call, type Expected } from "../world.ts";
import { replayUrl } from "./hosts.ts";
import { isConfigured, line, notConfigured, nothing, send } from "./send.ts";

export function snapshot(call: Call): Expected {
  if (!isConfigured(call)) return notConfigured(call);
  // deno-lint-ignore no-explicit-any
  const payload = call.payload as any;
  const { POSTHOG_API_KEY: key, POSTHOG_API_HOST: host } = call.env;
  const { currentUrl, distinctId, events, lib, libVersion, sessionId, userEmail } = payload;
  let url;
  try {
    url = replayUrl(host);
  } catch {
    const logs = [line(call, "error", "Invalid PostHog replay host", { error: anything, host })];
    return nothing({ logs, result: { returned: false } });
  }
  const body = {
    api_key: key,
    distinct_id: distinctId,
    event: "$snapshot",
    properties: {
      $current_url: currentUrl,
      $lib: lib,
      $lib_version: libVersion,
      $session_id: sessionId,
      ...(userEmail ? { $set: { email: userEmail } } : {}),
      $snapshot_bytes: payload.snapshotBytes ?? new TextEncoder().encode(JSON.stringify(events)).length,
      $snapshot_data: events,
      $snapshot_source: "web",
      $window_id: payload.windowId,
      distinct_id: distinctId,
      token: key,
      user_id: payload.userId,
    },
    timestamp: payload.timestamp,
  };
  return send(call, url, body, {
    sent: "PostHog replay sent",
    error: "PostHog replay error",
    failed: "PostHog replay fetch failed",
    fields: { sessionId, distinctId },
  });
}
