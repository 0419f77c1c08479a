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
  keep: "all",
  keepAnonymous: false,
  keepChannel: true,
  keepIp: true,
  keepGeoip: true,
  keepUuid: true,
  keepLib: true,
  keepTimestamps: true,
  keepGroups: true,
  keepInvalid: true,
  keepApiKey: true,
  keepHosts: true,
  keepRedirects: true,
  keepFrames: true,
  keepFingerprint: undefined,
  keepExceptionParams: true,
  keepLogsnagPayload: true,
  keepStrict: true,
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

type Audience = "admins" | "billing";
declare function notifyAudience(c: Context, preference: Preference, audience?: Audience): Promise<boolean>;

/** A host's own words, from the call site to its own function, without a cast. */
export async function ownWords() {
  const own = createTracking<Context, { preferenceKey: Preference; audience: Audience }>({
    keep: "all",
    notifyMembers: (c, { preferenceKey, audience }, organization: string) =>
      organization === "" ? Promise.resolve() : notifyAudience(c, preferenceKey, audience),
  });
  const bento = { event: "e", data: {}, uniqId: "1" };
  const sites = { event: "e", channel: "x", sentToBento: true };
  await own.sendEventToTracking(c, { ...sites, bento: { ...bento, preferenceKey: "onboarding" } });
  await own.sendEventToTracking(c, {
    ...sites,
    bento: { ...bento, preferenceKey: "usage_limit", audience: "billing", cron: "* * * * *" },
  });
  // @ts-expect-error no preference of this host's
  await own.sendEventToTracking(c, { ...sites, bento: { ...bento, preferenceKey: "news" } });
  await own.sendEventToTracking(c, {
    ...sites,
    // @ts-expect-error no audience of this host's
    bento: { ...bento, preferenceKey: "onboarding", audience: "everybody" },
  });
  // One of the two is enough; the other is any text.
  const half = createTracking<Context, { preferenceKey: Preference }>();
  type Payload = NonNullable<Parameters<typeof half.sendEventToTracking>[1]["bento"]>;
  type _ = [
    Expect<Equal<Payload["preferenceKey"], Preference>>,
    Expect<Equal<Payload["audience"], string | undefined>>,
    Expect<Equal<BentoTrackingPayload["preferenceKey"], string>>,
  ];
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
  // @ts-expect-error all or nothing; single ones have flags
  createTracking<Context>({ keep: ["keepFrames"] });
  // @ts-expect-error words are text
  createTracking<Context, { preferenceKey: number }>();
  // @ts-expect-error it says whether it was sent
  createTracking<Context>({ trackPosthogEvent: () => Promise.resolve("yes") });
}
