// What the files declare, and calls of every shape that the backend makes. Only compiled.
import type { TrackOptions } from "@logsnag/node";
import type { Context } from "hono";
import type * as old from "./old_types.ts";
import {
  capturePosthogException,
  capturePosthogReplaySnapshot,
  groupIdentifyPosthog,
  type PostHogGroupIdentifyPayload,
  type PostHogGroups,
  type PostHogReplaySnapshotPayload,
  trackPosthogEvent,
} from "./utils/posthog.ts";
import {
  type BentoTrackingPayload,
  sendEventToTracking,
  type SendEventToTrackingOptions,
  type SendEventToTrackingPayload,
} from "./utils/tracking.ts";

/** Whether each may stand where the other stood. */
type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : never : never;
export const same: [
  Same<PostHogGroups, old.PostHogGroups>,
  Same<PostHogReplaySnapshotPayload, old.PostHogReplaySnapshotPayload>,
  Same<PostHogGroupIdentifyPayload, old.PostHogGroupIdentifyPayload>,
  Same<BentoTrackingPayload, old.BentoTrackingPayload>,
  Same<SendEventToTrackingPayload, old.SendEventToTrackingPayload>,
  Same<SendEventToTrackingOptions, old.SendEventToTrackingOptions>,
] = [true, true, true, true, true, true];

export async function callSites(c: Context<{ Variables: { requestId: string } }>, error: unknown) {
  const groups: PostHogGroups = { organization: "org-1" };
  // A trigger's.
  await sendEventToTracking(c, {
    bento: {
      cron: "* * * * *",
      data: { org_id: "org-1" },
      event: "org:created",
      preferenceKey: "onboarding",
      uniqId: "org:created:org-1",
    },
    channel: "org-created",
    event: "Org Created",
    icon: "🎉",
    user_id: "org-1",
    groups,
    notify: false,
    sentToBento: true,
  });
  // A notification that a function of the host made.
  const bento: BentoTrackingPayload = {
    data: {},
    event: "user:cancel",
    preferenceKey: "credit_usage",
    uniqId: "user:cancel",
    audience: "billing",
    once: true,
  };
  const tags: Record<string, string | number | boolean> = { plan_name: "Solo" };
  const payload: SendEventToTrackingPayload = { channel: "usage", event: "User cancel", tags, bento };
  await sendEventToTracking(c, payload, { background: false, strict: true }).catch(() => {});
  // What a client reports: LogSnag's options, and more.
  const trackOptions: TrackOptions = { channel: "usage", event: "CLI Login", tags: { source: "cli" } };
  const nonPersonTags = { attempt: 1 };
  const options: SendEventToTrackingOptions = { ip: c.req.header("cf-connecting-ip") };
  await sendEventToTracking(c, { ...trackOptions, user_id: "u", groups: undefined, nonPersonTags }, options);

  const sent: boolean = await trackPosthogEvent(c, {
    event: "Credit Usage Ledger Entry",
    channel: "usage",
    user_id: "org-1",
    groups,
    tags: { $insert_id: "usage_credit_transaction:1", amount: 1, at: new Date() },
    setPersonProperties: false,
    timestamp: "2026-07-24T10:11:12Z",
  });
  await groupIdentifyPosthog(c, { groupType: "organization", groupKey: "org-1", properties: { name: null } });
  void capturePosthogException(c, { error, functionName: "fn", kind: "drizzle_error" });
  void capturePosthogException(c, { error, functionName: "fn", kind: "http_exception", status: 503 });
  const snapshot = {} as PostHogReplaySnapshotPayload;
  return sent && await capturePosthogReplaySnapshot(c, snapshot);
}

export function refused(c: Context) {
  const bento = { data: {}, event: "user:cancel", uniqId: "user:cancel" };
  // @ts-expect-error no such preference
  const preference: BentoTrackingPayload = { ...bento, preferenceKey: "usage" };
  // @ts-expect-error no such audience
  const audience: BentoTrackingPayload = { ...bento, preferenceKey: "onboarding", audience: "everyone" };
  // @ts-expect-error no such preference, at a call site
  sendEventToTracking(c, { channel: "c", event: "E", bento: { ...bento, preferenceKey: "usage" } });
  // @ts-expect-error no such kind
  capturePosthogException(c, { error: 1, functionName: "fn", kind: "error" });
  // @ts-expect-error an event has a name
  trackPosthogEvent(c, { channel: "usage" });
  return [preference, audience];
}
