// The stand-ins: the functions that hosts have today, behind the same signatures. Their bodies are
// built and sent in Rust; here they are wired to the host's helpers.
import { eventSender } from "./tracking_events.js";
import { toolsOf, withRoom } from "./tracking_host.js";
import { posthogSenders } from "./tracking_posthog.js";

export function createTracking(given) {
  const tools = toolsOf(given ?? {});
  const senders = posthogSenders(tools);
  return {
    trackPosthogEvent: withRoom(senders.trackPosthogEvent, false),
    groupIdentifyPosthog: withRoom(senders.groupIdentifyPosthog, false),
    capturePosthogException: withRoom(senders.capturePosthogException, false),
    capturePosthogReplaySnapshot: withRoom(senders.capturePosthogReplaySnapshot, false),
    sendEventToTracking: withRoom(eventSender(tools, senders), undefined),
  };
}
