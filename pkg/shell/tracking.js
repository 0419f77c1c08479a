// The stand-ins: the functions that hosts have today, behind the same signatures. Their bodies are
// built and sent in Rust; here they are wired to the host's helpers.
import { hasRoom } from "./guard.js";
import { eventSender } from "./tracking_events.js";
import { toolsOf } from "./tracking_host.js";
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

/**
 * The same, but that it does nothing where the stack is full: running out of it halfway would reject. Not `async`
 * itself: one whose own frame does not fit rejects in some engines.
 */
function withRoom(work, otherwise) {
  return (c, payload, options) => {
    try {
      if (hasRoom()) return work(c, payload, options);
    } catch {
      // Not even room to ask.
    }
    return Promise.resolve(otherwise);
  };
}
