/**
 * Stand-ins for a tracking layer of one's own: the same functions behind the same signatures, so that a
 * backend can delete its files and keep its call sites, its dashboards and its tests.
 *
 * ```ts
 * import { createTracking } from "posthog-wasm/compat";
 *
 * export const { trackPosthogEvent, groupIdentifyPosthog, sendEventToTracking } = createTracking<Context>({
 *   // Closures: a helper is looked up when it is used, not when this file is loaded.
 *   getEnv: (c, key) => getEnv(c, key),
 *   log: (record) => cloudlog(record),
 *   logError: (record) => cloudlogErr(record),
 *   serializeError: (error) => serializeError(error),
 *   backgroundTask: (c, task) => backgroundTask(c, task),
 * });
 * ```
 *
 * New code is better served by `posthog-wasm`: here groups are plain strings that nobody has verified, `$`
 * names pass, and each event is a request of its own. The callers are taken to be server code.
 *
 * @module
 */

/**
 * Makes the functions. Nothing of `host` is called before the moment of use.
 *
 * Environment, read through `getEnv`:
 *
 * | name | for |
 * |---|---|
 * | `POSTHOG_API_KEY` | Without it nothing is sent; `PostHog not configured` is logged. |
 * | `POSTHOG_API_HOST` | A URL, with or without one of PostHog's endpoints, `eu` or `us`. Default: PostHog's EU cloud. |
 * | `ENV_NAME` | The middle of an exception's distinct id. Default `unknown`. |
 * | `LOGSNAG_TOKEN`, `LOGSNAG_PROJECT` | LogSnag. Without a token it is left out, which counts as success. |
 *
 * @typeParam C The host's own context, handed to the host's helpers as it is. Where it has them,
 * `get("requestId")`, `req.method`, `req.url` and `req.header()` are read from it.
 * @typeParam W The host's own words for preferences and audiences: `{ preferenceKey: "onboarding" | "usage";
 * audience: "admins" | "billing" }`. Default: any text.
 */
export function createTracking<C, W extends Partial<TrackingWords> = TrackingWords>(
  host?: TrackingHost<C, W>,
): Tracking<C, W>;

/** What a host's own words are for. */
export interface TrackingWords {
  /** The preferences by which members ask for messages. */
  preferenceKey: string;

  /** Who of an organization's members a message is for. */
  audience: string;
}

/** The functions. Each sends at most one request to PostHog, and tells by `true` that it was accepted. */
export interface Tracking<C, W extends Partial<TrackingWords> = TrackingWords> {
  /** Sends an event to `/capture/`. Never rejects. */
  trackPosthogEvent(context: C, payload: PostHogCapturePayload): Promise<boolean>;

  /** Sets properties of a group: `$groupidentify`, to `/capture/`. Never rejects. */
  groupIdentifyPosthog(context: C, payload: PostHogGroupIdentifyPayload): Promise<boolean>;

  /** Sends an exception to `/i/v0/e/`, for the id `backend:<ENV_NAME>:<functionName>`. Never rejects. */
  capturePosthogException(context: C, payload: PostHogExceptionPayload): Promise<boolean>;

  /** Sends a piece of a session replay to `/s/`. Never rejects. */
  capturePosthogReplaySnapshot(context: C, payload: PostHogReplaySnapshotPayload): Promise<boolean>;

  /**
   * Sends an event to LogSnag and to PostHog at once, then lets the host notify the organization's members.
   * One provider's trouble is logged and does not keep the other from its event.
   *
   * Rejects only where it is `strict`: with `background: false`, or with `keepStrict` if `backgroundTask` does.
   */
  sendEventToTracking(
    context: C,
    payload: SendEventToTrackingPayload<W>,
    options?: SendEventToTrackingOptions,
  ): Promise<void>;
}

/** What the host brings along. Everything is optional; what throws is contained. */
export interface TrackingHost<C, W extends Partial<TrackingWords> = TrackingWords> {
  /** Reads a variable; empty or `undefined` if unset. Default: the context's `env`, then the runtime's. */
  getEnv?(context: C, key: string): string | undefined;

  /** Logs that something went well: `{ requestId, message, … }`. Default `console.log`. */
  log?(record: Record<string, unknown>): void;

  /** Logs that something went wrong. Default `console.error`. */
  logError?(record: Record<string, unknown>): void;

  /**
   * Describes an error: for the log, and for PostHog when it is an exception. Default, and where it throws: the
   * error's own name, message, stack and cause.
   */
  serializeError?(
    error: unknown,
  ): { name: string; message: string; stack?: string | undefined; cause?: unknown };

  /**
   * Lets work finish after the response. Called twice for each `sendEventToTracking` without
   * `background: false`; the second time when what the first call returned is done. The tasks never reject,
   * unless `keepStrict` says so.
   * Default: `background` of `posthog-wasm`.
   */
  backgroundTask?(context: C, task: Promise<unknown>): unknown;

  /**
   * A LogSnag client of the host's own. `track` gets a copy of the payload with LogSnag's fields; with
   * `keepLogsnagPayload` the payload itself. Default: one request to LogSnag's API, if `LOGSNAG_TOKEN` is set.
   */
  logsnag?(context: C): { track(payload: object): Promise<unknown> };

  /** What `sendEventToTracking` sends to PostHog with. Default: `trackPosthogEvent`. */
  trackPosthogEvent?(context: C, payload: PostHogCapturePayload): Promise<boolean>;

  /**
   * Notifies an organization's members, for payloads with `sentToBento`. Not under the budget. Default:
   * nobody is notified, which is logged once.
   */
  notifyMembers?(context: C, notification: BentoTrackingPayload<W>, organizationId: string): Promise<unknown>;

  /** The most milliseconds that one provider may take, its answer included. Default 5000, also for what is no such number. */
  budgetMs?: number | undefined;

  /** How often a request is sent again, as in the main entry's options. Default 0: as it always was. */
  maxRetries?: number | undefined;

  /** Allow plain `http://` hosts other than this machine. Default `false`. */
  allowHttp?: boolean | undefined;

  /**
   * `"all"`: send to the byte what the functions sent that these replace, faults included. What is left of the
   * differences: no function rejects, each has a deadline, and there is a `User-Agent`. A flag below that is
   * `false` takes its fix all the same, so that fixes can be taken one at a time. Default: all fixes are taken,
   * but for those whose flag is `true`.
   */
  keep?: "all" | undefined;

  /**
   * Keep sending events without an id under the distinct id `anonymous`, as one person that all such
   * callers share. Default `false`: they go to the organization's id (or the first group's), and where there
   * is no group to a fresh id, without a person.
   */
  keepAnonymous?: boolean | undefined;

  /**
   * Keep overwriting the tags `channel` and `description` with the payload's own, or removing them where the
   * payload has none. Default `false`: the tag wins.
   */
  keepChannel?: boolean | undefined;

  /**
   * Keep sending the person's IP address as the body's `ip`, where PostHog does not read it. Default `false`:
   * it is not sent, unless `sendIp` asks for it.
   */
  keepIp?: boolean | undefined;

  /**
   * Keep letting PostHog locate the sender's connection, which puts persons at the data centre. Default
   * `false`: `$geoip_disable` is sent.
   */
  keepGeoip?: boolean | undefined;

  /** Keep sending events without a `uuid`. Default `false`: each has its own, so that PostHog can tell duplicates. */
  keepUuid?: boolean | undefined;

  /** Keep sending neither `$lib` nor `$lib_version`. Default `false`: they name this package. */
  keepLib?: boolean | undefined;

  /**
   * Keep sending timestamps as they are given, whatever they are. Default `false`: one that is empty or no
   * string is the time of the call.
   */
  keepTimestamps?: boolean | undefined;

  /**
   * Keep sending group keys as they are given: `null`, empty, blank, numbers, over 400 characters. Default
   * `false`: an event is sent without its empty ones, a profile is refused under a key that PostHog drops, and a
   * profile's number is sent as text.
   */
  keepGroups?: boolean | undefined;

  /**
   * Keep sending what PostHog refuses or drops: events whose name is empty or no string, tags, groups and
   * properties that are no objects, replays without an id, more than 100 levels, halves of UTF-16 pairs, events
   * over 980 kB and replays over 20 MB. All but replays end at 8 million characters as JSON, in which tags count
   * twice. Default `false`: they are logged and not sent, and a half
   * is sent as U+FFFD.
   */
  keepInvalid?: boolean | undefined;

  /**
   * Keep taking the keys from the environment as they are: `POSTHOG_API_KEY` and `LOGSNAG_TOKEN`. Default
   * `false`: space around PostHog's is cut off, blank ones count as not set, personal keys (`phx_…`), keys over 64
   * characters and keys that are not ASCII are refused, and a key that a server quotes is not logged.
   */
  keepApiKey?: boolean | undefined;

  /**
   * Keep what each function made of `POSTHOG_API_HOST`: `…/capture` becomes `…/capture/capture/`, and so on; plain
   * http, credentials, queries and fragments pass. Default `false`: whatever endpoint it names, each function
   * finds its own; other hosts are refused, plain http too unless it is this machine or `allowHttp` is set.
   */
  keepHosts?: boolean | undefined;

  /**
   * Keep following redirects, which may turn a POST into a GET or take the key elsewhere. Default `false`: a
   * redirect is an error.
   */
  keepRedirects?: boolean | undefined;

  /**
   * Keep an exception's frames as they were read: every line of the stack but the first is one, crash site
   * first, unresolved. Default `false`: only frames are, entry point first as PostHog reads them, with
   * `resolved: true`, at most 50.
   */
  keepFrames?: boolean | undefined;

  /**
   * Keep the fingerprint that was made of those frames, so that PostHog's existing issues stay the same, whatever
   * frames are sent. Default `false`: it is made of the true crash site.
   */
  keepFingerprint?: boolean | undefined;

  /**
   * Keep an exception's name and message whole, with the query parameters that database drivers append
   * (`params: …`). They hold customers' data. Default `false`: `params: [redacted]`, at most 10,000 characters.
   */
  keepExceptionParams?: boolean | undefined;

  /**
   * Keep sending LogSnag the whole payload, groups and member notification included. Default `false`: only the
   * fields that LogSnag has.
   */
  keepLogsnagPayload?: boolean | undefined;

  /**
   * Keep handing `backgroundTask` a promise that rejects where the call is `strict`. Default `false`: what is
   * handed over never rejects.
   */
  keepStrict?: boolean | undefined;

  /**
   * Send the person's IP address, as `$ip`, for PostHog to locate. Default `false`. No fault that is kept: it used to
   * be sent where PostHog does not read it, see `keepIp`.
   */
  sendIp?: boolean | undefined;
}

/** Groups by type: `{ organization: "…" }`. Empty ones are not sent. */
export type PostHogGroups = Record<string, string>;

/** An event. */
export interface PostHogCapturePayload {
  /** The event's name. Not empty. */
  event: string;

  /** Sent as the property `channel`, unless there is a tag of that name. */
  channel?: string | undefined;

  /** Sent as the property `description`, unless there is a tag of that name. */
  description?: string | undefined;

  /** Whom the event is attributed to. */
  user_id?: string | undefined;

  /** The same, where there is no `user_id`. Without either, see `keepAnonymous`. */
  distinct_id?: string | undefined;

  /** Sent as `$groups`. */
  groups?: PostHogGroups | undefined;

  /** Properties of the event, and of the person too unless `setPersonProperties` is `false`. */
  // deno-lint-ignore no-explicit-any
  tags?: Record<string, any> | undefined;

  /** Properties of the event only. `tags` win over them. */
  // deno-lint-ignore no-explicit-any
  nonPersonTags?: Record<string, any> | undefined;

  /** Whether `tags` are sent as `$set` too. Default `true`. */
  setPersonProperties?: boolean | undefined;

  /** The person's IP address. Sent only with `sendIp` or `keepIp`. */
  ip?: string | undefined;

  /** ISO 8601. Default: now. */
  timestamp?: string | undefined;
}

/** A group's profile. */
export interface PostHogGroupIdentifyPayload {
  /** Such as `organization`. Not empty. */
  groupType: string;

  /** The group's id. Not empty; PostHog drops keys over 400 characters. */
  groupKey: string;

  /** The properties to set. Default: none. */
  properties?: Record<string, unknown> | undefined;
}

/** An exception. */
export interface PostHogExceptionPayload {
  /** What was thrown. Described by `serializeError`. */
  error: unknown;

  /** The function it was thrown in. */
  functionName: string;

  /** Where it was caught. Sent as `error_kind`. */
  kind: "drizzle_error" | "http_exception" | "unhandled_error";

  /** The HTTP status that was answered. In the fingerprint it defaults to 500. */
  status?: number | undefined;
}

/** A piece of a session replay. */
export interface PostHogReplaySnapshotPayload {
  /** The page. Sent as `$current_url`. */
  currentUrl: string;

  /** Whose session it is. Not empty. */
  distinctId: string;

  /** rrweb events. Sent as `$snapshot_data`. */
  events: unknown[];

  /** The recorder. Sent as `$lib`. */
  lib: string;

  /** Its version. Sent as `$lib_version`. */
  libVersion: string;

  /** Sent as `$session_id`. */
  sessionId: string;

  /** Default: the bytes of `events` as JSON. */
  snapshotBytes?: number | undefined;

  /** ISO 8601. */
  timestamp: string;

  /** Set on the person, as `email`. */
  userEmail?: string | undefined;

  /** Sent as the property `user_id`. */
  userId: string;

  /** Sent as `$window_id`. */
  windowId: string;
}

/** An event for LogSnag and PostHog, and what to tell an organization's members about it. */
export interface SendEventToTrackingPayload<W extends Partial<TrackingWords> = TrackingWords> {
  /** LogSnag's channel. PostHog gets it as the property `channel`. */
  channel: string;

  /** The event's name. */
  event: string;

  /** One line of text. */
  description?: string | undefined;

  /** Whom the event is attributed to. */
  user_id?: string | undefined;

  /** One emoji, for LogSnag. */
  icon?: string | undefined;

  /** Properties, for both. */
  tags?: Record<string, string | number | boolean> | undefined;

  /** Whether LogSnag is to push it to phones. */
  notify?: boolean | undefined;

  /** How LogSnag reads `description`. */
  parser?: "markdown" | "text" | undefined;

  /** LogSnag's time; a number is in seconds. PostHog gets the time of the call. */
  timestamp?: number | Date | undefined;

  /** Sent to PostHog as `$groups`. */
  groups?: PostHogGroups | undefined;

  /** Properties for PostHog only, and of the event only. */
  nonPersonTags?: Record<string, string | number | boolean> | undefined;

  /** Whether to notify members. Default `false`. */
  sentToBento?: boolean | undefined;

  /** The notification. Its organization is `groups.organization`, or else `user_id`. */
  bento?: BentoTrackingPayload<W> | undefined;
}

/** How an event is sent. */
export interface SendEventToTrackingOptions {
  /** Whether the work may finish after the response. Default `true`; `false` waits for all of it. */
  background?: boolean | undefined;

  /** The person's IP address. Default: the header `cf-connecting-ip`, or the first of `x-forwarded-for`. */
  ip?: string | undefined;

  /** Whether a provider that fails, or answers `false`, is the caller's error. Default `false`. */
  strict?: boolean | undefined;
}

/** A notification to an organization's members, for the host's `notifyMembers`. */
export interface BentoTrackingPayload<W extends Partial<TrackingWords> = TrackingWords> {
  /** How often it may be sent again, as a cron expression. */
  cron?: string | undefined;

  /** What the message's text is filled with. */
  data: Record<string, unknown>;

  /** The name of the message. */
  event: string;

  /** Whether it may be sent only once. */
  once?: boolean | undefined;

  /** The preference by which a member has asked for such messages, or not. */
  preferenceKey: Word<W, "preferenceKey">;

  /** Names this message, so that it is not sent again. */
  uniqId: string;

  /** Who of the members is to get it. */
  audience?: Word<W, "audience"> | undefined;
}

/** The host's own word, or any text where it names none. */
type Word<W, Name extends keyof TrackingWords> = W extends { [Own in Name]: infer Own extends string } ? Own
  : string;
