/**
 * Server-side PostHog for edge functions.
 *
 * ```ts
 * import { background, PostHog, trusted } from "posthog-wasm";
 *
 * const organization = trusted("organization", row.owner_org, "database trigger");
 * const sent = PostHog.fromEnv(c).capture({
 *   event: "Bundle Created",
 *   distinctId: row.user_id,
 *   groups: [organization],
 *   source: { system: "supabase", id: row.id, at: row.created_at },
 * });
 * await background(sent, c);
 * ```
 *
 * Three rules hold everywhere:
 *
 * - A method of {@link PostHog} never throws and its promise never rejects. How it went is in the
 *   {@link Outcome}. Builders throw {@link AnalyticsError}.
 * - Input is what `JSON.stringify` makes of it: `undefined`, functions and symbols vanish, `NaN` becomes
 *   `null`, a `Date` becomes ISO 8601 text. What has no JSON (a cycle, a BigInt, a getter that throws) is
 *   refused with a code and the field it is in.
 * - Nothing is read, compiled or sent on import.
 *
 * @module
 */

export {}; // Only what says `export` is public.

// ---------------------------------------------------------------------------------------------------------
// Groups
// ---------------------------------------------------------------------------------------------------------

/** Holds the proof. A private member is in no literal, no spread, no clone and no JSON. */
declare class Verified<T extends string> {
  #proof: true;

  /** The group type, such as `organization`. At most 400 characters. */
  readonly type: T;

  /** The group's id in your database. At most 400 characters. */
  readonly key: string;
}

/**
 * A group that somebody vouches for: {@link trusted} or {@link verify} made it, and nothing else can.
 *
 * One user id sent as an organization pollutes every dashboard by organization, and PostHog cannot take it
 * back. So a bare string, an object that looks right, a spread copy or a parsed request body is no group: it
 * does not compile, and at run time it is refused as `unverified_group`.
 *
 * It is frozen. Do not store it: store `key`, and vouch for it again.
 *
 * @typeParam T The group type, so that an app cannot be passed where an organization is wanted.
 */
export type VerifiedGroup<T extends string = string> = Verified<T>;

/** The groups of one event, at most one of each type. Empty places are skipped. */
export type Groups = readonly (VerifiedGroup | null | undefined)[];

/**
 * Vouches for a group whose key comes from a place that users cannot write to: a database trigger's row, the
 * organization stored for a Stripe customer. For a key that came with a request, use {@link verify}.
 *
 * @param type The group type. It must be among the option `groupTypes` when the group is used.
 * @param key The group's id.
 * @param reason Why the key can be trusted, for whoever reads the code. Not sent.
 * @throws {AnalyticsError} `invalid_group` if any of the three is not a string, or is blank.
 */
export function trusted<T extends string>(type: T, key: string, reason: string): VerifiedGroup<T>;

/**
 * Asks `check` whether a key may be used, and vouches for it if the answer is yes.
 *
 * ```ts
 * const organization = await verify("organization", body.org_id, (id) => canRead(auth.userId, id));
 * ```
 *
 * @param key The key as the client sent it. `check` is not called for one that is missing or blank.
 * @param check Must answer exactly `true`: a row, `1` or nothing at all is a no.
 * @returns The group, or `undefined`, which `groups` skips. Rejects with whatever `check` throws.
 */
export function verify<T extends string>(
  type: T,
  key: string | null | undefined,
  check: (key: string) => boolean | Promise<boolean>,
): Promise<VerifiedGroup<T> | undefined>;

// ---------------------------------------------------------------------------------------------------------
// Events
// ---------------------------------------------------------------------------------------------------------

/**
 * Names and values of your own. Values may nest 100 levels deep (`too_deep`); one event may hold 980 kB
 * (`too_large`), because PostHog takes about a megabyte; it counts quotes and backslashes twice.
 *
 * On events, names with `$` are PostHog's. These are not yours to set:
 *
 * - `$groups` and `$group_…` are refused (`reserved_name`): use `groups`, or `groupIdentify`.
 * - `$lib`, `$lib_version`, `$is_server` are left out (`reserved_property`): the package sets them.
 * - `$ip` is left out unless the option `ip` is `"send"` (`ip_dropped`).
 * - `$set`, `$set_once`, `$ip` and `$geoip_disable` give way to the field of that purpose
 *   (`conflicting_property`).
 */
export type Properties = Record<string, unknown>;

/**
 * A point in time: a `Date`, or ISO 8601 text with a date, as JavaScript and PostgreSQL write it
 * (`2026-01-02T03:04:05.678Z`, `2026-01-02 03:04:05+00`, `2026-01-02`). Without an offset it is UTC. Sent
 * with milliseconds.
 *
 * Numbers are refused (`invalid_timestamp`): nobody can tell seconds from milliseconds. For Stripe's seconds
 * write `new Date(event.created * 1000)`. `null` and an invalid `Date` are refused too.
 */
export type Timestamp = string | Date;

/**
 * Where a fact comes from: the webhook or the row that reports it. The same source always gives the same
 * event: `timestamp` is `at`, and `uuid` is a version 5 UUID of system, id, seq, event name and distinct id.
 * A webhook that is delivered twice is then one event in PostHog.
 *
 * Errors: `invalid_source`, `invalid_timestamp`.
 */
export interface Source {
  /** Who says so: `stripe`, `supabase`, … Not empty. */
  system: string;

  /** The webhook's or the row's own id. Not empty. */
  id: string;

  /** When the fact happened, as the source says. Not when it was processed. */
  at: Timestamp;

  /** Tells several events of one source, name and distinct id apart. A whole number from 0. Default 0. */
  seq?: number | undefined;
}

/** When an event happened, and under which id. Made once, so that every attempt to send it is the same. */
interface Pinned {
  /**
   * When it happened. Default: now. PostHog replaces a time that is more than 23 hours ahead with its own
   * (`timestamp_in_future`).
   */
  timestamp?: Timestamp | undefined;

  /**
   * The event's id. Default: a fresh version 7 UUID. Anything but a UUID is refused (`invalid_uuid`), because
   * PostHog answers 400 to a whole batch for one; for another system's id use `source`.
   */
  uuid?: string | undefined;

  /** Gives both, and wins over both (`pinned_by_source`). */
  source?: Source | undefined;
}

/** Something that happened. */
export interface CaptureInput extends Pinned {
  /**
   * The event's name. Not blank (`invalid_event`). Over 200 bytes, PostHog's newer endpoint drops it
   * (`event_name_too_long`).
   *
   * `$groupidentify`, `$identify`, `$create_alias`, `$merge_dangerously` and `$snapshot` are refused
   * (`reserved_name`): they have methods of their own.
   */
  event: string;

  /**
   * Whom the event is attributed to: the person who acted, or else an id of your own, such as the
   * organization's. Missing or blank: `missing_distinct_id`. Only `track` and `buildBatch` may leave it out
   * where there are groups; it is then the key of the first one.
   *
   * PostHog cuts distinct ids at 200 characters (`distinct_id_too_long`). Ids such as `anonymous`, `null` or
   * `0` are warned about (`illegal_distinct_id`), because unrelated callers end up as one person.
   */
  distinctId?: string | undefined;

  /** What is known about it. */
  properties?: Properties | undefined;

  /** What it counts for. Sent as `$groups`. */
  groups?: Groups | undefined;

  /** Properties to set on the person. Sent as `$set`. */
  set?: Properties | undefined;

  /** Properties to set on the person unless they are there. Sent as `$set_once`. */
  setOnce?: Properties | undefined;

  /** The person's IP address, never the server's. Left out unless the option `ip` is `"send"`. */
  ip?: string | undefined;

  /**
   * No person profile for this event. Default `false`. PostHog links no such event to groups, so one that has
   * groups is sent with a profile (`personless_with_groups`).
   */
  personless?: boolean | undefined;
}

/** What is known about a group. PostHog merges it into the group's profile, property by property. */
export interface GroupIdentifyInput extends Pinned {
  /** Whose profile. */
  group: VerifiedGroup;

  /**
   * The properties to set. PostHog cannot remove one from a group: overwrite it with `null`. Leave out what
   * identifies people; everybody with access to the project can read a profile.
   */
  properties: Properties;

  /** Default: `$<type>_<key>`, the id that PostHog's own SDKs use when no person is behind the call. */
  distinctId?: string | undefined;
}

/** What is known about a person. */
export interface IdentifyInput extends Pinned {
  /** Who it is. Missing or blank: `missing_distinct_id`. */
  distinctId: string;

  /** Properties to set. Sent as `$set`. */
  properties?: Properties | undefined;

  /** Properties to set unless they are there. Sent as `$set_once`. `properties` wins over it. */
  setOnce?: Properties | undefined;
}

/**
 * Two ids that are one person. PostHog merges `alias` into `distinctId`, for good.
 *
 * Ids that PostHog does not merge (`anonymous`, `guest`, `undefined`, `0`, …) are refused
 * (`illegal_distinct_id`).
 */
export interface AliasInput {
  /** The id that is kept. */
  distinctId: string;

  /** The id that is merged into it. */
  alias: string;
}

/** How bad an exception is. PostHog's own words; any other is refused (`invalid_type`). */
export type ExceptionLevel = "fatal" | "error" | "warning" | "log" | "info" | "debug";

/** What is known about an exception besides the error itself. */
export interface ExceptionContext extends Pinned {
  /**
   * Who was affected. Default: the key of the first group. Without a group, an id of its own and no person
   * profile, so that exceptions of unknown callers do not become one person.
   */
  distinctId?: string | undefined;

  /** Whom else it affects. */
  groups?: Groups | undefined;

  /**
   * More about it. Of PostHog's own names only `$exception_fingerprint` may be set, which decides what is
   * one issue; the other `$exception_…` are left out (`reserved_property`).
   */
  properties?: Properties | undefined;

  /** Default `"error"`. */
  level?: ExceptionLevel | undefined;

  /** Whether the program caught it. Default `true`. */
  handled?: boolean | undefined;
}

/** A piece of a session replay, sent to `/s/` in a request of its own. */
export interface SnapshotInput extends Pinned {
  /** 1 to 70 of A-Z, a-z, 0-9 and `-` (`invalid_session_id`). */
  sessionId: string;

  /** The window or tab. The same rule. Default: `sessionId`. */
  windowId?: string | undefined;

  /** Whose session it is. Missing or blank: `missing_distinct_id`. */
  distinctId: string;

  /** rrweb events, as the browser recorded them. Not empty (`invalid_type`); at most 20 MB (`too_large`). */
  events: readonly unknown[];

  /** More about it, such as `$current_url`. */
  properties?: Properties | undefined;
}

/** A message that the host may send to an organization's members. */
export interface MemberNotification {
  /** The name of the message. */
  event: string;

  /** The preference by which a member has asked for such messages, or not. */
  preferenceKey: string;

  /** Names this message, so that it is not sent again. */
  uniqId: string;

  /** What the message's text is filled with. */
  data: Properties;

  /** How often it may be sent again, as a cron expression. */
  cron?: string | undefined;

  /** Whether it may be sent only once. */
  once?: boolean | undefined;

  /** Who of the members is to get it. */
  audience?: "admins" | "billing" | undefined;
}

/** An event with what to announce about it. PostHog gets the event; the other fields are for the host. */
export interface TrackedCapture extends CaptureInput {
  kind: "capture";

  /** The feed to announce it in. */
  channel?: string | undefined;

  /** One emoji. */
  icon?: string | undefined;

  /** Whether to push it to phones. */
  notify?: boolean | undefined;

  /** One line of text. */
  description?: string | undefined;

  /** What to tell the organization's members; nothing, if it is null or not there. */
  notification?: MemberNotification | null | undefined;

  /** What was found when it was made; it comes back among the outcome's warnings. */
  warnings?: Warning[] | undefined;
}

/** A change to a group's profile. */
export interface TrackedGroupIdentify extends GroupIdentifyInput {
  kind: "group_identify";

  /**
   * Where this change stands among the others of its group, as {@link stripeEvent} knows it. {@link foldProfiles}
   * and the option `profileStore` go by it; nothing of it is sent.
   */
  order?: unknown;

  /** What was found when it was made; it comes back among the outcome's warnings. */
  warnings?: Warning[] | undefined;
}

/** What {@link PostHog.track} takes. Narrow it by `kind`. */
export type Tracked = TrackedCapture | TrackedGroupIdentify;

// ---------------------------------------------------------------------------------------------------------
// Outcomes
// ---------------------------------------------------------------------------------------------------------

/**
 * How a call, or one part of it, ended. From good to bad:
 *
 * | status | meaning |
 * |---|---|
 * | `accepted` | The server answered 2xx. No promise: over a project's quota, PostHog drops with a 200. |
 * | `queued` | The outbox has it, and {@link PostHog.drain} will deliver it. |
 * | `skipped` | Nothing was to be sent. `reason` says why. |
 * | `invalid` | The caller's mistake. That event was not sent; valid ones beside it were. |
 * | `aborted` | The caller's signal fired. |
 * | `rejected` | The server refused, and would again: 400, 401, 413, a redirect, … |
 * | `unreachable` | No connection, or an answer that may pass: 408, 429, 500, 502, 503, 504. |
 * | `timed_out` | The budget is spent. Whether the event arrived is unknown. |
 * | `failed` | A fault of this package. The host and the next call are unharmed. |
 */
export type Status =
  | "accepted"
  | "queued"
  | "skipped"
  | "invalid"
  | "aborted"
  | "rejected"
  | "unreachable"
  | "timed_out"
  | "failed";

/** Why nothing was to be sent. */
export type SkipReason =
  /** There is no API key. */
  | "not_configured"
  /** The option `disabled` is set. */
  | "disabled"
  /** `before_send` dropped every event that was left. */
  | "before_send"
  /** No event was valid, or the options were not. */
  | "no_valid_event";

/** How one provider fared. */
export interface ProviderOutcome {
  /** Whether the status is `accepted` or `queued`. */
  ok: boolean;

  status: Status;

  /** How often it was tried. 0 if nothing was sent. */
  attempts: number;

  /** What the server answered. Absent if it did not. */
  httpStatus?: number;

  /** For people. It may quote the server, so log it with care. */
  message?: string;

  /** Why nothing was sent. */
  reason?: SkipReason;
}

/** How one event fared. */
export interface EventOutcome {
  /** The event's id, by which it is found in PostHog. Empty if it was not sent because of a mistake. */
  uuid: string;

  status: Status;

  /** What was wrong with it: when `invalid`, or when `before_send` failed on it. */
  error?: Mistake;
}

interface Report extends ProviderOutcome {
  /** Milliseconds from the call to its end. */
  elapsedMs: number;

  /**
   * One for every event, in the order they were given. Empty if no event was looked at (`not_configured`,
   * `disabled`, `failed`); a single one if the options are wrong.
   */
  events: EventOutcome[];

  /** What was changed or left out in events that were sent all the same. */
  warnings: Warning[];

  /** Each provider by name. */
  providers: {
    posthog: ProviderOutcome;

    /** Where an event had a `channel`; `skipped` if LogSnag is not configured, which counts as no trouble. */
    logsnag?: ProviderOutcome;
  };

  /** A mistake, when the status is `invalid`; `internal` when it is `failed`. `events` has them all. */
  error?: Mistake;
}

interface Accepted extends Report {
  ok: true;
  status: "accepted";
  httpStatus: number;
}

interface Queued extends Report {
  ok: true;
  status: "queued";
}

interface NotAccepted extends Report {
  ok: false;
  status: Exclude<Status, "accepted" | "queued" | "invalid" | "failed">;
}

interface Mistaken extends Report {
  ok: false;
  status: "invalid" | "failed";
  error: Mistake;
}

/**
 * How a whole call went. `status` is the worst of its parts. Narrow it by `ok` or `status`: an accepted one
 * has an `httpStatus`, an invalid or failed one has an `error`.
 */
export type Outcome = Accepted | Queued | NotAccepted | Mistaken;

/** What is wrong, and where. */
export interface Mistake {
  /** Stable: match on it. */
  code: ErrorCode;

  /** A path into the input, such as `groups[0]`. Absent when it is the input as a whole. */
  field?: string;

  /** For people. Never holds a key, a token or a property's value. */
  message: string;
}

/** What was changed, left out or looks wrong, and where. */
export interface Warning {
  /** In an outcome always a {@link WarningCode}; {@link lint} lists errors too. */
  code: Code;

  /** A path into the input, from `events[2]` on where there are several. Absent when it is all of it. */
  field?: string;

  /** For people. Never holds a key, a token or a property's value. */
  message: string;
}

/** Every code there is. */
export type Code = ErrorCode | WarningCode;

/** Codes of mistakes: the event was not sent. */
export type ErrorCode =
  /** `before_send` threw or returned something that is no event. */
  | "before_send_failed"
  /** A BigInt: JSON has none. */
  | "bigint"
  /** A value that contains itself. */
  | "circular"
  /** An id that PostHog refuses to merge. */
  | "illegal_distinct_id"
  /** A fault of this package. */
  | "internal"
  /** Not a project API key: missing, over 64 characters, not ASCII, or a personal key (`phx_…`). */
  | "invalid_api_key"
  /** An option with a value that it does not take. */
  | "invalid_config"
  /** No event name, no known `kind`, or the input is no event at all. */
  | "invalid_event"
  /** A group PostHog would drop: an empty or over-long type or key, or two of one type. */
  | "invalid_group"
  /** A host that cannot be sent to. */
  | "invalid_host"
  /** Not 1 to 70 of A-Z, a-z, 0-9 and `-`. */
  | "invalid_session_id"
  /** A source without system or id, or with a time that is missing. */
  | "invalid_source"
  /** Neither a valid Date nor ISO 8601 text. */
  | "invalid_timestamp"
  /** A field or an option of another type than documented. */
  | "invalid_type"
  /** Not a UUID. */
  | "invalid_uuid"
  /** The outbox threw, or did not answer in time: a drain's error. For a call it is a warning. */
  | "outbox_failed"
  /** A row without the column that says whose it is. */
  | "missing_column"
  /** Nobody to attribute the event to. */
  | "missing_distinct_id"
  /** The profile store threw, or did not answer within the budget; that profile was not sent. */
  | "profile_store_failed"
  /** A name that has a method of its own. */
  | "reserved_name"
  /** Nested deeper than 100 levels. */
  | "too_deep"
  /** Larger than PostHog takes. */
  | "too_large"
  /** Not in the option `groupTypes`. PostHog has five slots for ever, and a misspelt type would take one. */
  | "unknown_group_type"
  /** A getter, a proxy or a `toJSON` threw. */
  | "unreadable"
  /** A group that neither `trusted` nor `verify` made. */
  | "unverified_group";

/** Codes of warnings: the event was sent all the same. */
export type WarningCode =
  /** A property that has a field of its own was given twice; the field won. */
  | "conflicting_property"
  /** PostHog cuts distinct ids at 200 characters. */
  | "distinct_id_too_long"
  /** PostHog's newer endpoint drops event names over 200 bytes. */
  | "event_name_too_long"
  /** A property that holds an e-mail, a customer's id, a secret or an address was left out. */
  | "identifier_dropped"
  /** An id that many callers share by mistake, such as `anonymous` or `null`. */
  | "illegal_distinct_id"
  /** An IP address was left out, as the option `ip: "drop"` asks. */
  | "ip_dropped"
  /** Half a UTF-16 pair was replaced with U+FFFD, because PostHog answers 400 to a whole batch for one. */
  | "lone_surrogate"
  /** A property of a group's profile that `privacy.allow` does not name was left out. */
  | "not_allowed"
  /** One of the caller's `notifications` threw, or returned no notification; the default is there instead. */
  | "notification_failed"
  /** The outbox threw, or did not answer in time. What has not arrived is not `queued`. */
  | "outbox_failed"
  /** PostHog links no personless event to groups, so it was sent with a person profile. */
  | "personless_with_groups"
  /** A source gives uuid and timestamp; another one was given, and replaced. */
  | "pinned_by_source"
  /** A property that PostHog or this package owns was left out. */
  | "reserved_property"
  /** More than 23 hours ahead: PostHog replaces it with now. */
  | "timestamp_in_future"
  /** A Stripe event that means nothing here. */
  | "unknown_event"
  /** A field that this method does not have was left out. Misspelt? */
  | "unknown_field"
  /** A Stripe product that is none of the plans. */
  | "unknown_plan"
  /** A Stripe price that is none of its plan's. */
  | "unknown_price"
  /** A status that says nothing to report. */
  | "unknown_status";

/** What a builder throws: a mistake in its config or its input. `message` names the field too. */
export class AnalyticsError extends Error {
  constructor(mistake: Mistake);

  readonly name: "AnalyticsError";

  /** Stable: match on it. */
  readonly code: ErrorCode;

  /** A path into the input. Absent when it is the input as a whole. */
  readonly field?: string;
}

// ---------------------------------------------------------------------------------------------------------
// The client
// ---------------------------------------------------------------------------------------------------------

/** Options of a client. A wrong one does not throw: every call then ends as `invalid`, naming the option. */
export interface Options {
  /**
   * PostHog's cloud by name, or the URL of a proxy or of your own PostHog. Default `"eu"`.
   *
   * A URL may end in a slash, in a proxy's path, or in one of PostHog's endpoints (`/capture/`, `/batch/`,
   * `/i/v0/e/`, `/e/`, `/s/`, …): all are the same host. Without a scheme, or with a user name, a query or a
   * fragment, it is `invalid_host`. Redirects are not followed.
   */
  host?: "eu" | "us" | (string & {}) | undefined;

  /**
   * Allow plain `http://` to any host. Default `false`: only to `localhost`, 127.0.0.0/8, `[::1]` and
   * `host.docker.internal`.
   */
  allowHttp?: boolean | undefined;

  /**
   * The most milliseconds that a call may take, reading the answer included. Default 5000. At least 1
   * (`invalid_config`).
   */
  budgetMs?: number | undefined;

  /**
   * How often a request is sent again after a failure that may pass: no connection, 408, 429, 500, 502, 503, 504.
   * 0 to 10, default 3. Waits are 0.3 to 0.6 s, twice as long each time, and never under 0.1 s; `Retry-After` is a
   * floor. All within the budget: an attempt that cannot end in time is not begun. Every attempt sends the same
   * bytes. 413, or 400 because one is too large, for several events sends them in two.
   */
  maxRetries?: number | undefined;

  /**
   * The group types that the project uses, at most five (`invalid_config`). Default `["organization"]`.
   * Others are refused (`unknown_group_type`): PostHog keeps the first five types it ever sees and ignores
   * the rest.
   */
  groupTypes?: readonly string[] | undefined;

  /**
   * Whether a person's IP address may be sent, for PostHog to locate. Default `"drop"`.
   *
   * - `"drop"`: no address is sent. `$geoip_disable` is, so that persons are not located at your data centre.
   * - `"send"`: an event's `ip` is sent as `$ip`. Events without one are not located.
   */
  ip?: "drop" | "send" | undefined;

  /** Send nothing: every call is `skipped`. Default `false`. */
  disabled?: boolean | undefined;

  /**
   * What sends requests. Default: `globalThis.fetch`, as it is at the moment of use. It is called with the
   * URL as a string and an init whose `body` is a string and whose `signal` fires when the time is up. Both
   * `globalThis.fetch` and the one of `posthog-wasm/testing` fit.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;

  /**
   * Gets the outcome of every call. Default: one line on the console for each that was not accepted, without
   * keys, values or the server's words. What it throws is contained.
   */
  logger?: ((outcome: Outcome) => void) | undefined;

  /** Gets every warning of every call. What it throws is contained. */
  onWarning?: ((warning: Warning) => void) | undefined;

  /**
   * The last word on each event: return it, changed or not, or `null` to drop it. Synchronous. It gets a copy
   * of what would be sent.
   *
   * If it throws, or returns something that PostHog would refuse a whole batch for (no name, no distinct id,
   * no valid uuid, over 1 MB), or that was not verified (groups that were not given, an event name that has a method of
   * its own), that event is not sent: it is `skipped` with the error `before_send_failed`. Groups may be taken out.
   */
  before_send?: ((event: WireEvent) => Properties | null) | undefined;

  /** What of a profile may leave. */
  privacy?: Privacy | undefined;

  /**
   * LogSnag, told of every event that `track` is given with a `channel`. It gets the event's name, channel, icon,
   * description, time, distinct id and scalar properties; never groups, notifications or names with `$`. Its
   * outcome is its own. `host` is for tests and proxies. `fromEnv` reads `LOGSNAG_TOKEN` and `LOGSNAG_PROJECT`.
   */
  logsnag?: { token: string; project: string; host?: string | undefined } | undefined;

  /**
   * Keeps profiles from going backwards, whatever the order in which webhooks arrive: what {@link stripeEvent}
   * says of an organization goes through it, and only the newest is sent.
   */
  profileStore?: ProfileStore | undefined;

  /**
   * A durable place for events that PostHog does not take now. With it, a call ends as `accepted` or `queued`, or
   * says what else; {@link PostHog.drain} delivers what is queued.
   */
  outbox?: Outbox | undefined;

  /** Let the default logger write a line for accepted calls too. Default `false`. */
  debug?: boolean | undefined;
}

/**
 * Rules for group and person profiles, exception text and what LogSnag is told. Whatever they say, properties that
 * hold an identifier (an e-mail, a Stripe customer's id, a key or token, an address under a name such as
 * `client_ip`) are left out with the warning `identifier_dropped`. Exempt: an event's own properties, distinct ids,
 * group keys, and replays, which are what the browser recorded.
 */
export interface Privacy {
  /** By group type: the only properties that its profiles may have. */
  allow?: Record<string, readonly string[]> | undefined;

  /** By group type: properties to set to null wherever a profile is sent, since PostHog takes nothing out. */
  erase?: Record<string, readonly string[]> | undefined;

  /**
   * Replaces identifiers by `hmac_…`, the start of their HMAC-SHA-256 under this key, instead of leaving them
   * out. At least 16 characters. `fromEnv` reads `POSTHOG_PSEUDONYM_KEY`.
   */
  pseudonymKey?: string | undefined;
}

/**
 * A place for one text per key which all isolates share: a table in Postgres (`postgresProfiles` of
 * `posthog-wasm/postgres`), a Durable Object, … What it gives back is believed for its own group only, but whoever can
 * write there can write that group's profile: close it to everybody else.
 */
export interface ProfileStore {
  /**
   * Sets `key` to `next` if it holds `expected` (`undefined`: nothing yet), in one step. Resolves to what is
   * stored afterwards: `next` if that is what it was set to, else what somebody else had stored.
   */
  compareAndSet(key: string, expected: string | undefined, next: string): Promise<string | undefined>;
}

/** An outbox, and when a call writes to it. */
export interface Outbox {
  /** {@link https://www.npmjs.com/package/posthog-wasm posthog-wasm/postgres} makes one in PostgreSQL. */
  store: OutboxStore;

  /**
   * - `"before_send"`: written first, sent then, and deleted when it has arrived. Nothing is lost from the moment when
   *   the store has acknowledged it, even if the process dies.
   * - `"on_failure"`: written only when the retries are spent. A fifth of the budget, at most 2 s, is kept for that.
   *
   * What PostHog will never take (400 for a single event) is not kept for another try: it is `rejected`, and with
   * `"before_send"` it becomes a dead letter. 401, 403, 404 and redirects are `rejected` and kept, since another key or host may help.
   */
  write: "before_send" | "on_failure";
}

/**
 * Where an outbox keeps its entries. A promise that resolves is the acknowledgement; what the methods resolve to counts
 * for `claim` only. A store may throw, hang or answer nonsense: that costs the outbox's service, and nothing else.
 */
export interface OutboxStore {
  /** Writes all of these, or none. For `afterMs` milliseconds from now `claim` must not give them out. */
  put(entries: readonly OutboxEntry[], afterMs: number): PromiseLike<unknown>;

  /**
   * Claims up to `limit` entries that are due, or fewer if they are large (a few megabytes are enough), those that
   * were due first before the others. Nobody else gets them for the next `leaseMs` milliseconds; then they are due
   * again, for whoever claimed them may be dead.
   */
  claim(limit: number, leaseMs: number): PromiseLike<readonly ClaimedEntry[]>;

  /** Forgets entries: they have arrived. */
  delete(ids: readonly string[]): PromiseLike<unknown>;

  /** Counts one more of their `tries`, and makes them due after `afterMs` milliseconds. */
  retry(entries: readonly { id: string; afterMs: number }[], reason: string): PromiseLike<unknown>;

  /** Sets entries aside as dead letters: `claim` gives them out no more. */
  deadLetter(ids: readonly string[], reason: string): PromiseLike<unknown>;
}

/** One event for one provider. It holds no key and no token. */
export interface OutboxEntry {
  /** A UUID of its own. */
  id: string;

  /** Where it goes. */
  target: "posthog" | "replay" | "logsnag";

  /** What will be sent, as JSON text. Keep it byte for byte. */
  body: string;
}

/** An entry that was claimed. */
export interface ClaimedEntry extends OutboxEntry {
  /** How often `retry` was told of it. */
  tries: number;
}

/** How a drain went. `status` is the worst that happened; `accepted` also when nothing was due. */
export interface Drained {
  ok: boolean;
  status: Status;

  /** Requests that were sent. */
  attempts: number;

  /** How many entries have arrived and were deleted; like the next two, as far as the store has acknowledged it. */
  accepted: number;

  /** How many were tried in vain and put back, for a later drain. */
  retried: number;

  /** How many became dead letters. */
  deadLettered: number;

  /** Whether more may be due: the budget ended, a provider is down, or the store failed. */
  more: boolean;

  elapsedMs: number;

  /** Of the worst. */
  httpStatus?: number;
  message?: string;
  reason?: SkipReason;

  /** `outbox_failed`, `invalid_config`, `internal`, … */
  error?: Mistake;
}

/** Options of {@link PostHog.drain}. */
export interface DrainOptions extends CallOptions {
  /** How many drains may try an entry before it becomes a dead letter. Default 100, which takes two to four days. */
  maxTries?: number | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /**
   * The request's context: a Hono context, a Worker's `ctx`, or anything with `waitUntil`, `executionCtx` or
   * `ctx`. The runtime is then asked to let the call finish after the response. The promise is returned all
   * the same.
   */
  context?: unknown;

  /** Instead of the client's. */
  budgetMs?: number | undefined;

  /** Ends the call as `aborted`. */
  signal?: AbortSignal | undefined;
}

/**
 * A client: plain configuration. It holds no connection, no timer and no queue, so one may serve all
 * requests.
 *
 * No method throws, and no promise rejects: read the {@link Outcome}, or leave it to the logger.
 */
export class PostHog {
  /**
   * @param apiKey The project's API key, `phc_…`. Without one every call is `skipped` as `not_configured`.
   */
  constructor(apiKey: string | undefined, options?: Options);

  /**
   * A client from `POSTHOG_API_KEY` and `POSTHOG_API_HOST`. They are read from the context's `env`, then from
   * the context itself, then from `Deno.env` or `process.env`; no permission is asked for at import.
   *
   * The same environment, with the same `options` object, gives the same client.
   *
   * @param envOrContext A Hono context, or a Worker's `env`. Needed on Workers.
   * @param options `options.host` wins over `POSTHOG_API_HOST`.
   */
  static fromEnv(envOrContext?: object, options?: Options): PostHog;

  /** Sends an event. */
  capture(input: CaptureInput, call?: CallOptions): Promise<Outcome>;

  /** Sets properties of a group. */
  groupIdentify(input: GroupIdentifyInput, call?: CallOptions): Promise<Outcome>;

  /** Sets properties of a person. */
  identify(input: IdentifyInput, call?: CallOptions): Promise<Outcome>;

  /** Makes two ids one person, for good. */
  alias(input: AliasInput, call?: CallOptions): Promise<Outcome>;

  /**
   * Sends an exception with its causes (`cause`, `errors`), 50 at most, each with up to 50 stack frames.
   * Messages are cut at 10,000 characters, where PostHog cuts them. The query parameters that database
   * drivers append to a message (`params: …`) are left out: they are customers' data.
   *
   * @param error Whatever was thrown. Of an object that is no error only its keys are sent.
   * @param context What else is known; a string is the distinct id.
   */
  captureException(
    error: unknown,
    context?: ExceptionContext | string,
    call?: CallOptions,
  ): Promise<Outcome>;

  /** Sends a piece of a session replay. */
  captureSnapshot(input: SnapshotInput, call?: CallOptions): Promise<Outcome>;

  /**
   * Sends several events at once, in requests of at most 2 MB. What is wrong with one takes nothing from the
   * others. One call takes 8 MB; events behind that are refused (`too_large`).
   */
  track(events: Tracked | readonly Tracked[], call?: CallOptions): Promise<Outcome>;

  /**
   * Writes into an outbox what `track` would send, and sends nothing; {@link drain} does. The outcome is `queued`, or
   * `unreachable` or `timed_out` if the store did not acknowledge it.
   *
   * With a store inside a transaction, the events exist if and only if the business change does:
   *
   * ```ts
   * await sql.begin(async (tx) => {
   *   const [row] = await tx`insert into orgs ${tx(org)} returning *`;
   *   const { ok, status } = await posthog.enqueue(organizationCreated(row), postgresOutbox(tx));
   *   if (!ok && status !== "skipped") throw new Error(status); // undoes the insert too
   * });
   * ```
   *
   * It is `skipped` where nothing is to be recorded: no key, `disabled`, no event. Profiles pass the option
   * `profileStore`, if there is one: then give the client one on the same transaction, or it keeps what is rolled back.
   *
   * @param store Default: the one of the option `outbox`.
   */
  enqueue(events: Tracked | readonly Tracked[], store?: OutboxStore, call?: CallOptions): Promise<Outcome>;

  /**
   * Delivers what is due in an outbox, up to a thousand entries at a time and four requests in flight, with the uuids,
   * timestamps and bytes that were written. Call it from a cron job. Several drains may run at the same time. Events
   * may arrive in another order: they carry their own times; for profiles there is the option `profileStore`.
   *
   * What fails in passing is put back for 30 s, twice as long each time, up to an hour. A refused batch is sent in
   * halves until the event that is to blame stands alone; that one becomes a dead letter. An event that always gets 500,
   * or no answer, keeps the others waiting for two drains at most.
   *
   * @param store Default: the one of the option `outbox`.
   */
  drain(store?: OutboxStore, call?: DrainOptions): Promise<Drained>;
}

/**
 * Lets work finish after the response. Resolves at once where the runtime takes it over (`waitUntil` of the
 * context, or Supabase's `EdgeRuntime`), and else when it is done. Never rejects, whatever the work does.
 *
 * @param task The promise of work that has begun. Not a function: nobody would call it.
 * @param context As in {@link CallOptions}.
 */
export function background(task: PromiseLike<unknown>, context?: unknown): Promise<void>;

// ---------------------------------------------------------------------------------------------------------
// Builders: the same events as requests, for those who send or queue them themselves
// ---------------------------------------------------------------------------------------------------------

/** What a builder needs to know. */
export interface Config {
  /** The project's API key, `phc_…`. Missing or wrong: `invalid_api_key`. */
  apiKey: string;

  /** As in {@link Options}. */
  host?: Options["host"];

  /** As in {@link Options}. */
  allowHttp?: boolean | undefined;

  /**
   * The time that counts as now. Default: now. With it and a `uuid` or a `source`, the same input gives the
   * same request, byte for byte.
   */
  now?: Timestamp | undefined;

  /** As in {@link Options}. */
  groupTypes?: readonly string[] | undefined;

  /** As in {@link Options}. */
  ip?: Options["ip"];

  /** As in {@link Options}. */
  privacy?: Options["privacy"];
}

/** A request: `fetch(request.url, request)` sends it. The body holds the API key. */
export interface WireRequest {
  /** `{host}/batch/`, or `{host}/s/` for a replay. */
  url: string;

  method: "POST";

  /** `Content-Type` and `User-Agent`. */
  headers: Record<string, string>;

  /** JSON text: `{"api_key":…,"batch":[…]}`; an array of events for a replay. */
  body: string;
}

/** An event as PostHog reads it. */
export type WireEvent = {
  event: string;
  distinct_id: string;

  /** With what the package adds: `$lib`, `$groups`, `$set`, … */
  properties: Properties;

  /** UTC with milliseconds: `2026-01-02T03:04:05.678Z`. */
  timestamp: string;

  uuid: string;

  /** Only on replays, whose endpoint wants it in every event. */
  api_key?: string;
};

/**
 * The request that {@link PostHog.capture} would send.
 *
 * Like every builder it is synchronous, sends nothing and logs nothing. `before_send` does not apply;
 * for warnings there is {@link lint}.
 *
 * @throws {AnalyticsError} for a mistake in `config` or `input`.
 */
export function buildCapture(config: Config, input: CaptureInput): WireRequest;

/** The request that {@link PostHog.groupIdentify} would send. Throws {@link AnalyticsError}. */
export function buildGroupIdentify(config: Config, input: GroupIdentifyInput): WireRequest;

/** The request that {@link PostHog.identify} would send. Throws {@link AnalyticsError}. */
export function buildIdentify(config: Config, input: IdentifyInput): WireRequest;

/** The request that {@link PostHog.alias} would send. Throws {@link AnalyticsError}. */
export function buildAlias(config: Config, input: AliasInput): WireRequest;

/** The request that {@link PostHog.captureException} would send. Throws {@link AnalyticsError}. */
export function buildException(config: Config, input: { error: unknown } & ExceptionContext): WireRequest;

/** The request that {@link PostHog.captureSnapshot} would send. Throws {@link AnalyticsError}. */
export function buildSnapshot(config: Config, input: SnapshotInput): WireRequest;

/**
 * All events in one request, whatever its size: keep it under 2 MB, which is what older and self-hosted
 * PostHogs take. Throws {@link AnalyticsError} for the first wrong event, or for no event at all.
 */
export function buildBatch(config: Config, events: readonly Tracked[]): WireRequest;

/**
 * What is wrong with events, and what would be changed or left out: errors first. Sends nothing and does not
 * throw for a mistake.
 */
export function lint(events: Tracked | readonly Tracked[], config?: Partial<Config>): Warning[];

// ---------------------------------------------------------------------------------------------------------
// What happened in the product
// ---------------------------------------------------------------------------------------------------------

/** What a caller overrides of what a domain function chooses. Everything is kept that is not given. */
export interface Extra {
  /** The event's name; of several events, the first one's. */
  event?: string | undefined;

  /** More properties, or others. A group's profile gets none of them. */
  properties?: Properties | undefined;

  /** Instead of the row's groups. */
  groups?: Groups | undefined;
  distinctId?: string | undefined;
  channel?: string | undefined;
  icon?: string | undefined;
  notify?: boolean | undefined;
  description?: string | undefined;

  /** What to tell the organization's members instead; `null`: nothing. */
  notification?: MemberNotification | null | undefined;

  /** Instead of the row's time. Without a source: the same row said twice is two events. */
  timestamp?: Timestamp | undefined;

  /** Instead of the row's own source. Several events count on from its `seq`. */
  source?: Source | undefined;

  /** Told of each thing that could not be made out. Without it, that comes with the outcome. */
  onWarning?: ((warning: Warning) => void) | undefined;
}

/** A column that may be null or not selected. */
type Column<T> = T | null | undefined;

/**
 * An organization was created: `Org Created` and the first of its profile (name, website, created_at; never an
 * e-mail, a customer's id or who created it).
 *
 * Like every function here it does not throw: a row that belongs to nobody becomes an event that
 * {@link PostHog.track} reports as `invalid` (`missing_column`). Rows are as the database sends them; more
 * columns do no harm. Events are attributed to the row's organization and stamped with the row's own time.
 */
export function organizationCreated(
  row: { id: string; name?: Column<string>; website?: Column<string>; created_at?: Column<Timestamp> },
  extra?: Extra,
): Tracked[];

/** An app was created: `App Created`, `Demo App Created` or `Onboarding App Created`. */
export function appCreated(
  row: {
    app_id: string;
    owner_org: string;
    name?: Column<string>;
    created_at?: Column<Timestamp>;
    is_demo?: Column<boolean>;
    need_onboarding?: Column<boolean>;
  },
  extra?: Extra,
): Tracked[];

/** A version was uploaded: `Bundle Created`. */
export function bundleCreated(
  row: {
    id?: Column<string | number>;
    app_id: string;
    name?: Column<string>;
    owner_org: string;
    created_at?: Column<Timestamp>;
  },
  extra?: Extra,
): Tracked[];

/** A version was put on a channel: `Bundle Deployed`. */
export function bundleDeployed(
  row: {
    id?: Column<string | number>;
    app_id: string;
    owner_org: string;
    channel_id?: Column<string | number>;
    bundle_name?: Column<string>;
    deployed_at?: Column<Timestamp>;
    created_at?: Column<Timestamp>;
  },
  extra?: Extra,
): Tracked[];

/** Somebody asked where to upload a version: `Upload via single file`, stamped when it is sent. */
export function uploadLinkCreated(
  row: { app_id?: Column<string>; owner_org: string },
  extra?: Extra,
): Tracked[];

/** An upload did not come to its end: `Failed to upload a bundle`, stamped when it is sent. */
export function bundleUploadFailed(
  row: { app_id?: Column<string>; owner_org: string },
  extra?: Extra,
): Tracked[];

/** A person signed up: `User Joined` or `User Joined by Invite`. Deliberately without groups. */
export function userCreated(
  row: { id: string; created_at?: Column<Timestamp>; created_via_invite?: Column<boolean> },
  extra?: Extra,
): Tracked[];

/** `Credit usage 90%+`, announced on phones from 100 on. */
export function creditUsageAlert(
  row: {
    org_id: string;
    threshold: number | string;
    percent_used?: Column<number>;
    alert_cycle?: Column<number | string>;
  },
  extra?: Extra,
): Tracked[];

/** `User is at 90% of plan usage`. */
export function planUsageAlert(
  row: {
    org_id: string;
    threshold: number | string;
    metric?: Column<string>;
    metric_percent?: Column<number | string>;
  },
  extra?: Extra,
): Tracked[];

/** `User need upgrade to Maker`. */
export function planUpgradeNeeded(row: { org_id: string; plan_name: string }, extra?: Extra): Tracked[];

/** `User need onboarding`. */
export function onboardingNeeded(row: { org_id: string }, extra?: Extra): Tracked[];

/** A native build went on: `Build Requested`, `Started`, `Succeeded`, `Failed` or `Timed Out`. Its person's event. */
export function buildStatusChanged(
  row: {
    id?: Column<string>;
    owner_org: string;
    requested_by: string;
    app_id?: Column<string>;
    platform?: Column<string>;
    build_mode?: Column<string>;
    /** `requested` (or `pending`), `started` (or `running`), `succeeded`, `failed`, `timed_out`. */
    status: string;
    duration_seconds?: Column<number>;
    failure_category?: Column<string>;
    updated_at?: Column<Timestamp>;
    created_at?: Column<Timestamp>;
  },
  extra?: Extra,
): Tracked[];

/** One of the host's plans, with Stripe's ids for it. */
export interface StripePlan {
  name: string;

  /** `prod_…` */
  product: string;

  /** `price_…` */
  monthlyPriceId?: string | null | undefined;
  yearlyPriceId?: string | null | undefined;
}

/** A webhook's body. Check its signature first. */
export interface StripeEvent {
  id: string;
  type: string;

  /** In seconds, as Stripe counts. */
  created: number;
  data: { object: object; previous_attributes?: object | undefined };
}

/** More about a source. */
export interface SourceOptions {
  /** Tells several events of one source, name and distinct id apart. */
  seq?: number | undefined;
}

/**
 * The source of events that a Stripe webhook reports: its id, and the second in which it happened. {@link stripeEvent}
 * uses it by itself.
 */
export function stripeSource(event: { id: string; created: number }, options?: SourceOptions): Source;

/** What a Supabase database webhook sends. */
export interface DatabaseWebhook {
  type: "INSERT" | "UPDATE" | "DELETE";
  /** Default `public`. */
  schema?: string | undefined;
  table: string;
  record?: Record<string, unknown> | null | undefined;
  old_record?: Record<string, unknown> | null | undefined;
}

/**
 * The source of events that a database webhook reports. A webhook has no id, so the row's change stands for it:
 *
 * | type | id | time |
 * |---|---|---|
 * | `INSERT` | `["INSERT","<schema>","<table>","<id>"]` | the row's `created_at` |
 * | `UPDATE` | `["UPDATE","<schema>","<table>","<id>","<time>"]` | the row's `updated_at` |
 * | `DELETE` | `["DELETE","<schema>","<table>","<id>"]` | none in the row: give `at` |
 *
 * @param options `id`: the row's key, if its column is not `id`. `at`: the time, if its column is another. What is
 * missing is refused as `invalid_source` where the source is used.
 */
export function databaseSource(
  webhook: DatabaseWebhook,
  options?: SourceOptions & { id?: string | number | undefined; at?: Timestamp | undefined },
): Source;

/**
 * The source of events that a queue's message reports, which may be delivered more than once: a message of pgmq
 * (Supabase Queues: `msg_id`, `enqueued_at`) or of Cloudflare Queues (`id`, `timestamp`).
 *
 * @param queue The queue's name; ids count within a queue.
 */
export function queueSource(
  queue: string,
  message:
    | { msg_id: number | string | bigint; enqueued_at: Timestamp }
    | { id: string; timestamp: Timestamp },
  options?: SourceOptions,
): Source;

/** How often a plan is paid. */
export type StripePlanType = "monthly" | "yearly";

/** What all {@link StripeNotifications} know. */
export interface StripeFacts {
  /** The notification that is made unless you say otherwise. A copy: change it and return it, if you like. */
  notification: MemberNotification;

  /** As it was given to {@link stripeEvent}. */
  organization: VerifiedGroup<"organization">;
  organizationName: string | null | undefined;

  /** The webhook's body. */
  stripeEvent: StripeEvent;
}

/** What is known of a plan. */
export interface StripePlanFacts extends StripeFacts {
  /** Its name. Null: the product is in no plan. */
  plan: string | null;

  /** Null: the price is none of the plan's. */
  planType: StripePlanType | null;
}

/** What is known of a plan and of the one before it. */
export interface StripePlanChangeFacts extends StripePlanFacts {
  /** Null: there was none before, or it is unknown. */
  previousPlan: string | null;
  previousPlanType: StripePlanType | null;
}

/** A subscription began or changed. */
export interface SubscribedFacts extends StripePlanChangeFacts {
  /** `upgraded`: from a month to a year. `downgraded` is known with `planChanges: "price"` only. */
  change: "created" | "updated" | "upgraded" | "downgraded";

  /** Stripe's own status: `active`, `trialing`, … */
  status: string | null;
}

/** The plan became another one: `upgraded` where the event is `User Upgraded`. */
export interface PlanChangedFacts extends StripePlanChangeFacts {
  change: "upgraded" | "changed";
}

/** A subscription ended. */
export interface CanceledFacts extends StripePlanFacts {
  /** When it was canceled, in ISO 8601. */
  canceledAt: string;

  /** When it ended. */
  endedAt: string | null;
}

/** An invoice will be sent. */
export interface InvoiceUpcomingFacts extends StripePlanFacts {
  /** `monthly` where it is not the plan's yearly price. */
  planType: StripePlanType;

  /** The total by 100: `14.5`. 0 without a total. */
  price: number;

  /** Three letters, as Stripe writes them: `eur`. */
  currency: string | null;
}

/** A card was added, or will expire. */
export interface CardFacts extends StripeFacts {
  /** `7/2027`, or `unknown`. */
  expirationDate: string;
}

/** An invoice or a charge was not paid. */
export interface PaymentFailedFacts extends StripeFacts {
  /** In the currency's smallest unit. */
  amount: number | null;

  /** Three letters, as Stripe writes them: `eur`. */
  currency: string | null;
}

/**
 * Decides on a notification: called once for each, with what is known. Returns the notification that the event is to
 * carry, or null for none. `null` in its place switches the notification off.
 *
 * What throws, returns a promise, returns something else, or is neither of them leaves the default, with the warning
 * `notification_failed`; the event is never lost. What is returned is taken as JSON.
 */
export type StripeNotification<Facts> = ((facts: Facts) => MemberNotification | null) | null | undefined;

/** One for each notification of {@link stripeEvent}, by what it is about. What is not given stays as it is. */
export interface StripeNotifications {
  /** `user:subscribe_created:monthly` and the like, with `User subscribe` and `User update subscribe`. */
  subscribed?: StripeNotification<SubscribedFacts>;

  /** `user:plan_change`, with `User Upgraded` and `User Plan Changed`. */
  planChanged?: StripeNotification<PlanChangedFacts>;

  /** `user:cancel`, with `User cancel`. */
  canceled?: StripeNotification<CanceledFacts>;

  /** `org:invoice_upcoming`, with `Invoice Upcoming`. */
  invoiceUpcoming?: StripeNotification<InvoiceUpcomingFacts>;

  /** `org:failed_payment`, with `Payment Failed`. */
  paymentFailed?: StripeNotification<PaymentFailedFacts>;

  /** `org:card_added`, with `Credit Card Added`. */
  cardAdded?: StripeNotification<CardFacts>;

  /** `org:card_expiring`, with `Credit Card Expiring`. */
  cardExpiring?: StripeNotification<CardFacts>;
}

/** What {@link stripeEvent} must know, and what it lets you decide. */
export interface StripeContext extends Extra {
  /** Whose subscription it is: the organization stored for the Stripe customer. */
  organization: VerifiedGroup<"organization">;

  /** All plans that are sold. */
  plans: readonly StripePlan[];

  /** The organization's name: the data `org_name` of the notification `org:invoice_upcoming`. */
  organizationName?: string | null | undefined;

  /**
   * What counts as another plan. `"product"`, the default: another product; an upgrade is an interval that went from
   * month to year. `"price"`: any other price; an upgrade is more money over a year, or the same product by the year
   * instead of by the month. With `"price"`, unknown products are sent too, and profiles while `past_due`.
   * Another value is an error: `invalid_config`.
   */
  planChanges?: "product" | "price" | undefined;

  /** Renames, fills or switches off each notification. Not asked where `notification` is given. */
  notifications?: StripeNotifications | null | undefined;
}

/**
 * What a Stripe webhook means: events of the organization, stamped with Stripe's `created`, and for a
 * subscription the organization's profile.
 *
 * | Stripe's event | event | profile |
 * |---|---|---|
 * | `customer.subscription.created` | `User subscribe` | yes |
 * | `customer.subscription.updated` | `User update subscribe`, and before it `User Upgraded` or `User Plan Changed` if the product changed | yes |
 * | either, while `past_due` or for a product that is in no plan | | |
 * | `customer.subscription.deleted` | `User cancel` | yes |
 * | `invoice.upcoming` | `Invoice Upcoming` | |
 * | `invoice.payment_failed`, `charge.failed` | `Payment Failed` | |
 * | `payment_method.attached`, `customer.source.created` | `Credit Card Added` | |
 * | `customer.source.expiring` | `Credit Card Expiring` | |
 * | `checkout.session.completed` | `Checkout Completed` | |
 *
 * Its plan is that of the first item that is `licensed`, else of the first. Events of subscriptions have the properties
 * `plan_name`, `plan_type`, `previous_plan_name` and `previous_plan_type`, without those that are not known.
 *
 * The profile has `plan_name`, `plan_type` (`monthly`, `yearly`), `plan_status` (`created`, `updated`, `canceled`),
 * `subscription_status_name` (`created`, `updated`, `upgraded`), and beside them `subscription_status` (Stripe's own),
 * `canceled_at`, `ended_at` and `cancel_at` (ISO 8601). It is written whole: what does not hold, or is not known, is
 * `null`.
 *
 * Shapes before and after API version 2025-03-31. What is in no plan comes with the warning `unknown_plan`, which is
 * logged where nothing is sent and nobody listens (`onWarning`). Other events give nothing but the warning
 * `unknown_event`. Does not throw.
 */
export function stripeEvent(event: StripeEvent, context: StripeContext): Tracked[];

/**
 * Leaves of each group's ordered profiles only the newest: by time, then created before updated before
 * deleted, then by what each says was before it, then by id. Everything else stays in its place.
 */
export function foldProfiles(events: readonly Tracked[]): Tracked[];

/** What a client sends to have an event tracked. */
export interface TrackingRequest {
  event: string;
  channel?: string | undefined;
  description?: string | undefined;
  icon?: string | undefined;
  notify?: boolean | undefined;

  /** Version 1: whose event it is, the user or an organization. Never believed unverified. */
  user_id?: string | null | undefined;

  /** Version 2: the organization it speaks of. Never believed unverified. */
  org_id?: string | null | undefined;

  /** `app-id`, else `app_id`, names an app: then the app is checked, and not the organization. */
  tags?: Properties | undefined;
  nonPersonTags?: Properties | undefined;

  /** `2` or `"2"`; everything else is version 1. */
  tracking_version?: number | string | undefined;

  /** `true`: the organization's console is to be told, so one must be asked for. */
  notifyConsole?: boolean | undefined;
}

/** Whose event a client's request is. */
export type Identity =
  | {
    ok: true;

    /** The actor: the signed-in user, or in version 1 the organization that was asked for. */
    distinctId: string;

    /** The organization that was asked for, verified; empty where none was. */
    groups: VerifiedGroup<"organization">[];

    /** The app that was verified instead of the organization, which owns it. In no group unless you put it there. */
    app?: VerifiedGroup<"app">;

    /**
     * The organization to notify in its console, the one in `groups`: with version 2 whenever it is asked for, with
     * version 1 only if the request has `notifyConsole`.
     */
    requestedOrganization?: VerifiedGroup<"organization">;
  }
  | {
    ok: false;

    /**
     * - `unauthenticated`: the event would be the user's own, or an organization's by the user, and `userId` is blank.
     * - `forbidden_organization`: it may not be read, or is no id.
     * - `forbidden_app`: it may not be read, is not the organization's, or is no id.
     * - `check_failed`: a check threw, took longer than the budget or is missing, or the request cannot be read.
     * - `missing_organization`: `notifyConsole` without an organization.
     * - `too_large`: over 64 kB.
     */
    code:
      | "unauthenticated"
      | "forbidden_organization"
      | "forbidden_app"
      | "check_failed"
      | "missing_organization"
      | "too_large";

    /** What to answer: 403; 400 for `missing_organization` and `too_large`, which are the client's mistakes. */
    status: 400 | 403;
    message: string;
  };

/** What {@link resolveTrackingIdentity} asks the host. */
export interface TrackingChecks {
  /** The signed-in user's id; `""` if there is none. */
  userId: string;

  /** Whether the caller may read this organization. Only `true` is a yes. */
  canReadOrganization(id: string): boolean | Promise<boolean>;

  /** Whether the caller may read this app: there are keys that may read one app and not its organization. */
  canReadApp(appId: string): boolean | Promise<boolean>;

  /** The id of the organization that owns this app. */
  appOwner(appId: string): string | null | undefined | Promise<string | null | undefined>;

  /** For all checks together. Default 5000. */
  budgetMs?: number | undefined;
}

/**
 * Whose event a client's request is, by look-ups of the host's.
 *
 * | version | asks for | app | must hold | the event is |
 * |---|---|---|---|---|
 * | 2 | no `org_id` | any | | the user's, in no group |
 * | 2 | `org_id` | none | `canReadOrganization(org_id)` | the user's, in that organization |
 * | 2 | `org_id` | one | `canReadApp(app)` and `appOwner(app)` is `org_id` | the user's, in that organization |
 * | 1 | no `user_id`, or the user's | any | | the user's, in no group |
 * | 1 | another `user_id` | none | `canReadOrganization(user_id)` | the organization's own |
 * | 1 | another `user_id` | one | `canReadApp(app)` and `appOwner(app)` is `user_id` | the organization's own |
 *
 * Whatever does not hold refuses the request; nothing falls back to another identity, and there is no group that was
 * not asked for. Never rejects. A check is called at most once, only where the table needs it, and with an id of 1 to
 * 400 characters. `null` and `""` count as not asked for; what is no text, or blank, is refused.
 *
 * A request that is `null` or no object asks for nothing: the user's own event, in no group. The app is the tag
 * `app-id`, else `app_id`, of those that are text and not `""`; a blank one is refused with `forbidden_app`. A blank
 * `userId` is nobody: `unauthenticated`, but for version 1 in an organization's name.
 */
export function resolveTrackingIdentity(request: TrackingRequest, checks: TrackingChecks): Promise<Identity>;

/**
 * The event of a client's request. Tags whose names start with `$` are left out, with a warning, and so is an `org_id`
 * that was not verified; version 2 in an organization gets `org_id` as a tag. Over 64 kB is refused. Person
 * properties are set only where a person acts.
 *
 * @throws {AnalyticsError} `reserved_name` for an event name that starts with `$`, `invalid_event`, `invalid_type`,
 * `too_large`: the client's mistakes.
 */
export function fromClient(request: TrackingRequest, identity: Extract<Identity, { ok: true }>): Tracked;
