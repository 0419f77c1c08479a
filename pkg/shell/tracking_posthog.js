// The four functions that send one event each to PostHog.
import { compat } from "./modules.js";
import { exceptionSender } from "./tracking_exceptions.js";
import {
  capturePayload,
  captureRefusal,
  groupIdentifyPayload,
  heldEvents,
  snapshotPayload,
} from "./tracking_payloads.js";
import { senderOf } from "./tracking_send.js";

const CAPTURE = {
  kind: "capture",
  words: ["PostHog event sent", "PostHog error", "PostHog fetch failed", "Invalid PostHog host"],
};
const GROUP_IDENTIFY = {
  kind: "group_identify",
  words: [
    "PostHog $groupidentify sent",
    "PostHog $groupidentify error",
    "PostHog $groupidentify fetch failed",
    "Invalid PostHog host",
  ],
};
const SNAPSHOT = {
  kind: "snapshot",
  words: [
    "PostHog replay sent",
    "PostHog replay error",
    "PostHog replay fetch failed",
    "Invalid PostHog replay host",
  ],
};

export function posthogSenders(tools) {
  const { kept } = tools;
  const { send, checkHost } = senderOf(compat, tools);

  async function trackPosthogEvent(c, payload) {
    const facts = (distinctId) => ({ event: payload?.event, distinctId: idOf(payload) || distinctId });
    return await send(c, CAPTURE, facts, () => ({
      payload: capturePayload(payload, kept),
      refusal: captureRefusal(payload, kept),
    }));
  }

  const idOf = (payload) =>
    payload?.user_id || payload?.distinct_id || (kept("keepAnonymous") ? "anonymous" : undefined);

  async function groupIdentifyPosthog(c, payload) {
    const facts = () => ({ groupType: payload?.groupType, groupKey: payload?.groupKey });
    return await send(c, GROUP_IDENTIFY, facts, () => ({ payload: groupIdentifyPayload(payload, kept) }));
  }

  async function capturePosthogReplaySnapshot(c, payload) {
    const facts = () => ({ sessionId: payload?.sessionId, distinctId: payload?.distinctId });
    const make = () => ({ payload: snapshotPayload(payload), held: heldEvents(payload, kept) });
    return await send(c, SNAPSHOT, facts, make);
  }

  return {
    trackPosthogEvent,
    groupIdentifyPosthog,
    capturePosthogException: exceptionSender(send, tools),
    capturePosthogReplaySnapshot,
    checkHost,
  };
}
