// The stand-ins, over a host's own context and helpers.
import {
  type BentoTrackingPayload,
  createTracking,
  type PostHogCapturePayload,
  type PostHogExceptionPayload,
  type PostHogGroupIdentifyPayload,
  type PostHogGroups,
  type PostHogReplaySnapshotPayload,
  type SendEventToTrackingOptions,
  type SendEventToTrackingPayload,
  type Tracking,
  type TrackingHost,
} from "posthog-wasm/compat";
import type { Equal, Expect } from "./expect.ts";

interface Context {
  env: { POSTHOG_API_KEY?: string };
  get(key: "requestId"): string;
  req: { url: string; method: string; header(name: string): string | undefined };
}
type Preference = "onboarding" | "usage_limit";
interface LogsnagEvent {
  channel: string;
  event: string;
}

declare const c: Context;
declare function getEnv(c: Context, key: string): string;
declare function cloudlog(message: object | string): void;
declare function serializeError(error: unknown): { name: string; message: string; stack: string | undefined };
declare function backgroundTask(c: Context, task: Promise<unknown>): Promise<unknown> | null;
declare function logsnag(c: Context): { track(event: LogsnagEvent): Promise<boolean> };
declare function notify(c: Context, preference: Preference, organization: string): Promise<boolean>;

export const { trackPosthogEvent, groupIdentifyPosthog, sendEventToTracking, ...others } = createTracking<
  Context
>({
  getEnv: (c, key) => getEnv(c, key),
  log: (record) => cloudlog(record),
  logError: cloudlog,
  serializeError,
  backgroundTask,
  logsnag,
  trackPosthogEvent: (_c, { event }) => Promise.resolve(event !== ""),
  // A host may know its own preferences better than we do.
  notifyMembers: (c, notification: BentoTrackingPayload & { preferenceKey: Preference }, organization) =>
    notify(c, notification.preferenceKey, organization),
  budgetMs: 1000,
  allowHttp: true,
  keepAnonymous: true,
  keepChannel: true,
  keepGeoip: true,
  keepExceptionParams: true,
  keepFrames: true,
  keepLogsnagPayload: true,
  sendIp: true,
});

// deno-fmt-ignore
type _ = [
  Expect<Equal<typeof trackPosthogEvent, (context: Context, payload: PostHogCapturePayload) => Promise<boolean>>>,
  Expect<Equal<PostHogGroups, Record<string, string>>>,
  Expect<Equal<PostHogExceptionPayload["kind"], "drizzle_error" | "http_exception" | "unhandled_error">>,
];

export async function callSites(error: unknown, snapshot: PostHogReplaySnapshotPayload) {
  const groups: PostHogGroups = { organization: "o1" };
  const sent: boolean = await trackPosthogEvent(c, {
    event: "Credit Usage Ledger Entry",
    channel: "usage",
    user_id: "o1",
    groups,
    tags: { amount: 1, $insert_id: "x", at: new Date() },
    nonPersonTags: { a: null },
    setPersonProperties: false,
    ip: c.req.header("cf-connecting-ip"),
    timestamp: "2026-01-02T03:04:05Z",
  });
  const profile: PostHogGroupIdentifyPayload = { groupType: "organization", groupKey: "o1", properties: {} };
  await groupIdentifyPosthog(c, profile);
  await others.capturePosthogException(c, { error, functionName: "f", kind: "drizzle_error", status: 500 });
  await others.capturePosthogReplaySnapshot(c, snapshot);

  const payload: SendEventToTrackingPayload = {
    channel: "usage",
    event: "User subscribe",
    icon: "💰",
    user_id: "o1",
    notify: true,
    groups,
    tags: { plan_name: "Team", seats: 3, yearly: true },
    nonPersonTags: { source: "stripe" },
    timestamp: 1767323045,
    parser: "markdown",
    sentToBento: true,
    bento: {
      event: "user:subscribe",
      preferenceKey: "usage_limit",
      uniqId: "1",
      data: {},
      audience: "billing",
    },
  };
  const options: SendEventToTrackingOptions = { background: false, strict: true, ip: undefined };
  const nothing: void = await sendEventToTracking(c, payload, options);
  await sendEventToTracking(c, payload);
  return [sent, nothing];
}

export function hosts() {
  const bare: Tracking<unknown> = createTracking();
  const empty: Tracking<Context> = createTracking({});
  const undecided: TrackingHost<Context> = { budgetMs: undefined, sendIp: undefined };
  // What the context is follows from the host's own helpers.
  const inferred = createTracking({ getEnv });
  type _ = Expect<Equal<typeof inferred, Tracking<Context>>>;
  return [bare.trackPosthogEvent(c, { event: "e" }), empty, createTracking(undecided), inferred];
}

export function refused() {
  // @ts-expect-error an event has a name
  trackPosthogEvent(c, { channel: "usage" });
  // @ts-expect-error the host's own context
  trackPosthogEvent({}, { event: "e" });
  // @ts-expect-error groups by type
  trackPosthogEvent(c, { event: "e", groups: ["o1"] });
  // @ts-expect-error keys are strings
  trackPosthogEvent(c, { event: "e", groups: { organization: undefined } });
  // @ts-expect-error ISO text
  trackPosthogEvent(c, { event: "e", timestamp: new Date() });
  // @ts-expect-error misspelt
  trackPosthogEvent(c, { event: "e", distinctId: "u" });
  // @ts-expect-error whose profile?
  groupIdentifyPosthog(c, { groupType: "organization" });
  // @ts-expect-error one of three
  others.capturePosthogException(c, { error: 1, functionName: "f", kind: "error" });
  // @ts-expect-error a session has an id
  others.capturePosthogReplaySnapshot(c, { distinctId: "u", events: [] });
  // @ts-expect-error LogSnag wants a channel
  sendEventToTracking(c, { event: "e" });
  // @ts-expect-error LogSnag's tags are flat
  sendEventToTracking(c, { event: "e", channel: "x", tags: { nested: {} } });
  // @ts-expect-error a notification says which preference allows it
  sendEventToTracking(c, { event: "e", channel: "x", bento: { event: "e", uniqId: "1", data: {} } });
  // @ts-expect-error no such option
  sendEventToTracking(c, { event: "e", channel: "x" }, { wait: true });
  // @ts-expect-error a context that the host does not have
  createTracking<Context>({ getEnv: (c) => c.missing });
  // @ts-expect-error text
  createTracking<Context>({ getEnv: () => 7 });
  // @ts-expect-error no such flag
  createTracking<Context>({ keepEverything: true });
  // @ts-expect-error it says whether it was sent
  createTracking<Context>({ trackPosthogEvent: () => Promise.resolve("yes") });
}
