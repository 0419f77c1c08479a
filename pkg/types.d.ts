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
 *   {@link Outcome}.
 * - Input is what `JSON.stringify` makes of it: `undefined`, functions and symbols vanish, `NaN` becomes
 *   `null`, a `Date` becomes ISO 8601 text. What has no JSON (a cycle, a BigInt, a getter that throws) is
 *   refused with a code and the field it is in.
 * - Nothing is read, compiled or sent on import.
 *
 * There is an entry, with a WebAssembly module of its own, for each audience, so that people ship what they use:
 *
 * | entry | for whom |
 * |---|---|
 * | `posthog-wasm` | who captures: the client, groups, sources |
 * | `posthog-wasm/outbox` | the same names, and the client writes into an outbox, which a cron job drains |
 * | `posthog-wasm/full` | the same names, and the client has the outbox, the profile store, LogSnag, batches, AI events, replays, pseudonyms and PostHog's newer protocol |
 * | `posthog-wasm/stripe` | Stripe's webhooks |
 * | `posthog-wasm/lifecycle` | rows of the product's own tables, and what its clients report |
 * | `posthog-wasm/drain` | a cron job that delivers what an outbox holds |
 * | `posthog-wasm/flags` | feature flags; beside a client |
 * | `posthog-wasm/builders` | the same events as requests, for those who send them themselves |
 * | `posthog-wasm/lint` | what would become of events, and what PostHog would count: for tests and scripts |
 * | `posthog-wasm/request`, `posthog-wasm/hono` | a client for one request; beside a client, no module |
 * | `posthog-wasm/compat`, `posthog-wasm/exceptions` | stand-ins for a tracking layer of one's own; of them, exceptions alone |
 * | `posthog-wasm/postgres`, `posthog-wasm/testing`, `posthog-wasm/inspect` | stores; a `fetch` for tests; a PostHog on your machine: no module |
 *
 * Take `PostHog` and all that stands here from one of the first three: each ships its own module.
 *
 * @module
 */

import type { FlagSnapshot } from "./flags.d.ts";

export {}; // Only what says `export` is public.

// ---------------------------------------------------------------------------------------------------------
// Groups
// ---------------------------------------------------------------------------------------------------------

/**
 * A group that somebody vouches for. Make one with `trusted("organization", row.org_id)` where users cannot write to
 * the place that the key comes from, or with `await verify("organization", body.org_id, (id) => canRead(user, id))`
 * where the key came with a request. Nothing else is one.
 *
 * One user id sent as an organization pollutes every dashboard by organization, and PostHog cannot take it
 * back. So a bare string, posthog-node's `{ organization: "o1" }`, an object that looks right, a spread copy or a parsed
 * request body is no group: it does not compile, and at run time it is refused as `unverified_group`.
 *
 * It is frozen. Do not store it: store `key`, and vouch for it again.
 *
 * @typeParam T The group type, so that an app cannot be passed where an organization is wanted.
 */
declare class VerifiedGroup<T extends string = string> {
  /** A private member is in no literal, no spread, no clone and no JSON. */
  private readonly proof: true;
  private constructor();

  /** The group type, such as `organization`. At most 400 characters. */
  readonly type: T;

  /** The group's id in your database. At most 400 characters. */
  readonly key: string;
}

// A type and no value: there is no class to be had.
export type { VerifiedGroup };

/**
 * The groups of one event, at most one of each type. Empty places are skipped.
 *
 * @typeParam G The group types that may be among them.
 */
export type Groups<G extends string = string> = readonly (VerifiedGroup<G> | null | undefined)[];

/**
 * Vouches for a group whose key comes from a place that users cannot write to: a database trigger's row, the
 * organization stored for a Stripe customer. For a key that came with a request, use {@link verify}.
 *
 * ```ts
 * const organization = trusted("organization", row.owner_org, "database trigger");
 * await posthog.capture({ event: "App Created", distinctId: row.user_id, groups: [organization] });
 * ```
 *
 * @param type The group type. It must be among the option `groupTypes` when the group is used.
 * @param key The group's id.
 * @param reason Why the key can be trusted, for whoever reads the code. Not sent.
 * @returns The group. Does not throw: one without a type or a key is refused where it is used (`invalid_group`).
 */
export function trusted<T extends string>(type: T, key: string, reason?: string): VerifiedGroup<T>;

/**
 * Asks `check` whether a key may be used, and vouches for it if the answer is yes. For keys that came with a request;
 * where users cannot write to the key's place, {@link trusted} will do.
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
// Schema
// ---------------------------------------------------------------------------------------------------------

/**
 * What a project sends, for {@link PostHog} to check while you type. Types only: it costs nothing at run time, where
 * nothing of it is there. What it does not say is unchecked.
 *
 * ```ts
 * const posthog = new PostHog<{
 *   groups: "organization" | "app";
 *   events: {
 *     "Org Created": {};
 *     "Upload Link Created": { app_id: string; size?: number };
 *   };
 * }>(apiKey, { groupTypes: ["organization", "app"] });
 * ```
 */
export interface Schema {
  /** The group types, at most five. The option `groupTypes` must name the same ones, unless it is `organization` alone. */
  groups?: string;

  /** The events by name, each with the type of its properties. PostHog's own `$names` may be added to any. */
  events?: object;
}

/** The group types of a schema. Without any: all text. */
export type GroupType<S extends Schema = Schema> = S extends { groups: infer G extends string } ? G : string;

/** The events of a schema. Without any: all names, with any properties. */
export type EventsOf<S extends Schema = Schema> = S extends { events: infer E extends object } ? E
  : Record<string, Properties>;

/** The names of a schema's events. Without any: all text. */
export type EventName<S extends Schema = Schema> = keyof EventsOf<S> & string;

/** Those of PostHog's own. */
interface PostHogProperties {
  [name: `$${string}`]: unknown;
}

/** `properties`, which may be left out where none has to be there. */
type WithProperties<P> = string extends keyof P ? {
    /** What is known about it. */
    properties?: P | undefined;
  }
  // deno-lint-ignore ban-types
  : {} extends P ? {
      /** What is known about it: what the schema says of this event. */
      properties?: P | (P & PostHogProperties) | undefined;
    }
  : {
    /** What is known about it: what the schema says of this event. */
    properties: P | (P & PostHogProperties);
  };

/** All orders of some group types: the type of an array that names each once. */
type EachOnce<G extends string, Places extends unknown[] = [1, 2, 3, 4, 5], Left = G> = [Left] extends [never]
  ? readonly []
  : Places extends [unknown, ...infer Others]
    ? Left extends G ? readonly [Left, ...EachOnce<Exclude<G, Left>, Others>] : never
  : never;

/** What the option `groupTypes` must be for these. */
type GroupTypesOf<G extends string> = [EachOnce<G>] extends [never] ? "PostHog has five group types at most"
  : EachOnce<G>;

/** The last arguments of what makes a client: its options, which must be there where the schema asks for group types. */
export type OptionsOf<O, S extends Schema> = S extends { groups: infer G extends string }
  ? string extends G ? [options?: O]
  : [G] extends ["organization"] ? [options?: O & { groupTypes?: GroupTypesOf<G> | undefined }]
  : [options: O & { groupTypes: GroupTypesOf<G> }]
  : [options?: O];

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
 *
 * `$unset`, an array of names, takes properties out of the person.
 */
// Of any: a value whose type is an interface would not fit otherwise.
// deno-lint-ignore no-explicit-any
export type Properties = Record<string, any>;

/**
 * A point in time: a `Date`, or ISO 8601 text with a date, as JavaScript and PostgreSQL write it
 * (`2026-01-02T03:04:05.678Z`, `2026-01-02 03:04:05+00`, `2026-01-02`). Without an offset it is UTC. Sent
 * in UTC with milliseconds, or with as many digits as were given, up to nanoseconds.
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

/** What all events have beside their properties. */
interface EventFields<E extends string, G extends string> extends Pinned {
  /**
   * The event's name. Not blank (`invalid_event`). Over 200 bytes, PostHog's newer endpoint drops it
   * (`event_name_too_long`).
   *
   * `$groupidentify`, `$identify`, `$create_alias`, `$merge_dangerously` and `$snapshot` are refused
   * (`reserved_name`): they have methods of their own.
   */
  event: E;

  /**
   * What it counts for, made by {@link trusted} or {@link verify}: `[trusted("organization", row.org_id)]`. Sent as
   * `$groups`.
   */
  groups?: readonly (VerifiedGroup<G> | null | undefined)[] | undefined;

  /**
   * Flags that `evaluateFlags` of `posthog-wasm/flags` gave: the event says which were on. Its own properties win. Anything
   * else is left out (`unknown_field`).
   */
  flags?: FlagSnapshot | undefined;

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

/** The same, as {@link PostHog.capture} takes it. */
interface CaptureFields<E extends string, G extends string> extends EventFields<E, G> {
  /**
   * Whom the event is attributed to: the person who acted, or else an id of your own, such as the
   * organization's. Blank: `missing_distinct_id`. For events of no person there is {@link PostHog.track}, which takes
   * the first group's key.
   *
   * PostHog cuts distinct ids at 200 characters (`distinct_id_too_long`). Ids such as `anonymous`, `null` or
   * `0` are warned about (`illegal_distinct_id`), because unrelated callers end up as one person.
   */
  distinctId: string;
}

/**
 * Something that happened.
 *
 * @typeParam S What the project sends. Without it, names and properties are unchecked.
 * @typeParam G The group types.
 */
export type CaptureInput<S extends Schema = Schema, G extends string = GroupType<S>> = {
  [E in EventName<S>]: CaptureFields<E, G> & WithProperties<EventsOf<S>[E]>;
}[EventName<S>];

/** What is known about a group. PostHog merges it into the group's profile, property by property. */
export interface GroupIdentifyInput<G extends string = string> extends Pinned {
  /** Whose profile: `trusted("organization", row.org_id)`, or what {@link verify} gave. */
  group: VerifiedGroup<G>;

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
export interface ExceptionContext<G extends string = string> extends Pinned {
  /**
   * Who was affected. Default: the key of the first group. Without a group, an id of its own and no person
   * profile, so that exceptions of unknown callers do not become one person.
   */
  distinctId?: string | undefined;

  /** Whom else it affects, made by {@link trusted} or {@link verify}. */
  groups?: readonly (VerifiedGroup<G> | null | undefined)[] | undefined;

  /**
   * More about it. Of PostHog's own names only `$exception_fingerprint` may be set, which decides what is
   * one issue; the other `$exception_…` are left out (`reserved_property`).
   */
  properties?: Properties | undefined;

  /**
   * Flags that `evaluateFlags` of `posthog-wasm/flags` gave: the event says which were on. Its own properties win. Anything
   * else is left out (`unknown_field`).
   */
  flags?: FlagSnapshot | undefined;

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

/** The same, as {@link PostHog.track} takes it. */
interface TrackedFields<E extends string, G extends string> extends EventFields<E, G> {
  kind: "capture";

  /**
   * Whom the event is attributed to, as for {@link PostHog.capture}. Default: the key of the first group. Without
   * either: `missing_distinct_id`.
   */
  distinctId?: string | undefined;

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

/**
 * An event with what to announce about it. PostHog gets the event; the other fields are for the host.
 *
 * @typeParam S What the project sends, as in {@link CaptureInput}.
 */
export type TrackedCapture<S extends Schema = Schema, G extends string = GroupType<S>> = {
  [E in EventName<S>]: TrackedFields<E, G> & WithProperties<EventsOf<S>[E]>;
}[EventName<S>];

/** A change to a group's profile. */
export interface TrackedGroupIdentify<G extends string = string> extends GroupIdentifyInput<G> {
  kind: "group_identify";

  /**
   * Where this change stands among the others of its group, as `stripeEvent` of `posthog-wasm/stripe` knows it.
   * `foldProfiles` and the option `profileStore` go by it; nothing of it is sent.
   */
  order?: unknown;

  /** What was found when it was made; it comes back among the outcome's warnings. */
  warnings?: Warning[] | undefined;
}

/**
 * What {@link PostHog.track} takes. Narrow it by `kind`.
 *
 * @typeParam S What the project sends, as in {@link CaptureInput}.
 */
export type Tracked<S extends Schema = Schema, G extends string = GroupType<S>> =
  | TrackedCapture<S, G>
  | TrackedGroupIdentify<G>;

/**
 * What the functions of `posthog-wasm/stripe` and `posthog-wasm/lifecycle` make. Every client takes it, whatever its
 * schema says: these names are the functions' own.
 */
export type DomainEvent =
  // deno-lint-ignore no-explicit-any
  | (TrackedFields<any, any> & { properties?: Properties | undefined })
  // deno-lint-ignore no-explicit-any
  | TrackedGroupIdentify<any>;

// ---------------------------------------------------------------------------------------------------------
// Outcomes
// ---------------------------------------------------------------------------------------------------------

/**
 * How a call, or one part of it, ended. From good to bad:
 *
 * | status | meaning |
 * |---|---|
 * | `accepted` | The server answered 2xx. No promise: over a project's quota, PostHog drops with a 200. |
 * | `queued` | The outbox has it, and `drain` will deliver it. Only with `posthog-wasm/outbox` or `posthog-wasm/full`. |
 * | `skipped` | Nothing was to be sent. `reason` says why. |
 * | `invalid` | The caller's mistake. That event was not sent; valid ones beside it were. |
 * | `aborted` | The caller's signal fired. |
 * | `rejected` | The server refused, and would again: 400, 401, 413, a redirect, … |
 * | `unreachable` | No connection, or an answer that may pass: 408, 429, 500, 502, 503, 504. |
 * | `timed_out` | The budget is spent. Whether the event arrived is unknown. |
 * | `failed` | A fault of this package (`internal`), or no WebAssembly here (`wasm_unavailable`). The host is unharmed. |
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
  | "no_valid_event"
  /** PostHog has these profiles of groups as they are: `skipUnchangedGroups` of `posthog-wasm/full`. */
  | "unchanged";

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

  /** Why nothing was sent; or `over_quota`: PostHog said that the project has spent what it pays for. */
  reason?: SkipReason | "over_quota";
}

/** How one event fared. */
export interface EventOutcome {
  /** Its name as PostHog has it, cut at 200 characters. Empty if it has none. */
  event: string;

  /** The event's id, by which it is found in PostHog. Empty if it was not sent because of a mistake. */
  uuid: string;

  status: Status;

  /** What was wrong with it: when `invalid`, or when `before_send` failed on it. */
  error?: Mistake;

  /**
   * What PostHog said of this event. Only with the option `protocol: "v1"` of `posthog-wasm/full`, and absent where the
   * answer does not say.
   *
   * | result | status |
   * |---|---|
   * | `ok` | `accepted`: it is stored |
   * | `warning` | `accepted`: stored, but not as it was meant; `details` says why |
   * | `drop`, `limited` | `rejected`: it is not stored, and will not be |
   * | any other | `accepted`: a word of a newer PostHog |
   */
  result?: "ok" | "warning" | "drop" | "limited" | (string & {});

  /** Why, in PostHog's word, such as `exceptions_over_quota` or `distinct_id_too_large`. */
  details?: string;
}

interface Report extends ProviderOutcome {
  /**
   * What kept it from arriving, fit for a log: `ECONNREFUSED 127.0.0.1:8000`, `ENOTFOUND eu.i.posthog.co`, `HTTP 503`,
   * `no answer within the budget`. It quotes nobody.
   */
  cause?: string;

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

    /**
     * Where an event had a `channel`; `skipped` if LogSnag is not configured, which counts as no trouble. Only
     * `posthog-wasm/full` can tell LogSnag.
     */
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
  /** Stable: match on it. */
  code: WarningCode;

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
  /** A fault of this package. The next call is not affected. */
  | "internal"
  /** Not a project API key: missing, over 64 characters, not ASCII, or a personal key (`phx_…`). */
  | "invalid_api_key"
  /** An option with a value that it does not take, or one that only another entry's client has; `message` names that. */
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
  /** A method of posthog-node's client, or of the full one, that this one does not have. `message` says what there is instead. */
  | "unknown_method"
  /** A getter, a proxy or a `toJSON` threw. */
  | "unreadable"
  /** A group that neither `trusted` nor `verify` made. */
  | "unverified_group"
  /** The module cannot be compiled where this runs, so no call will do anything. `message` has the engine's words. */
  | "wasm_unavailable";

/** Codes of warnings: the event was sent all the same. */
export type WarningCode =
  /** A property that has a field of its own was given twice; the field won. */
  | "conflicting_property"
  /** PostHog cuts distinct ids at 200 characters. */
  | "distinct_id_too_long"
  /** PostHog's newer endpoint drops event names over 200 bytes. */
  | "event_name_too_long"
  /** A property of a group's profile that holds an e-mail, a customer's id, a secret or an address was left out; of a person's, one that holds a secret. So it is of what LogSnag is told (`logsnag.…`); there an event's name and channel have `[redacted]` instead. */
  | "identifier_dropped"
  /** An id that many callers share by mistake, such as `anonymous` or `null`. */
  | "illegal_distinct_id"
  /** An option of a request's client is none, or its client is not; the request's events are sent without it. */
  | "invalid_config"
  /** The session id of a request's header is none that PostHog takes, and was ignored. */
  | "invalid_session_id"
  /** What a request's client was told of its request is of another type than documented, and was left out. */
  | "invalid_type"
  /** An IP address was left out, as the option `ip: "drop"` asks. */
  | "ip_dropped"
  /** A row's time cannot be read, so the event is stamped when it is sent. */
  | "invalid_timestamp"
  /** Half a UTF-16 pair was replaced with U+FFFD, because PostHog answers 400 to a whole batch for one. */
  | "lone_surrogate"
  /** A part of an event that changes a person's profile was left out: a header's distinct id, which anybody may send, changes none. */
  | "missing_distinct_id"
  /** `LOGSNAG_TOKEN` or `POSTHOG_PSEUDONYM_KEY` is set, which of the three clients only that of `posthog-wasm/full` reads. */
  | "needs_full"
  /** A property of a group's profile that `privacy.allow` does not name was left out. */
  | "not_allowed"
  /** Entries stay in the outbox, because the drain has no `apiKey`, or for LogSnag no `logsnag`. */
  | "not_configured"
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
  /** A field that this method does not have was left out. `message` has the nearest one that it has. */
  | "unknown_field"
  /** An option that a client, a call or a drain does not have. `message` has the nearest one that there is. */
  | "unknown_option"
  /** A Stripe product that is none of the plans. */
  | "unknown_plan"
  /** A Stripe price that is none of its plan's. */
  | "unknown_price"
  /** A status that says nothing to report. */
  | "unknown_status"
  /** A group of a request that neither `trusted` nor `verify` made was left out. */
  | "unverified_group";

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
// What is used of `fetch`, so that no DOM library is needed
// ---------------------------------------------------------------------------------------------------------

/** What is used of an `AbortSignal`. */
export interface SignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A `Uint8Array`, as each version of TypeScript has what `fetch` takes. */
type Bytes = ReturnType<typeof Uint8Array.from>;

/** What {@link Options.fetch} is given beside the URL. It fits where `globalThis.fetch` takes its `RequestInit`. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;

  /** Text, or its bytes as gzip where `Content-Encoding` says so: over 14,000 characters, unless `compress` is `"off"`. */
  body?: string | Bytes;
  redirect: "manual" | "follow";

  /** Fires when the time is up. The runtime's own `AbortSignal`, where its types are known. */
  signal: typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : SignalLike;
}

/** What is used of the answer of {@link Options.fetch}: a `Response`, or as much of one as a test needs. */
export interface FetchResponse {
  readonly status: number;
  readonly headers?: { get(name: string): string | null };

  /** Read to its end, or cancelled, where it is there. */
  readonly body?: unknown;

  /** Read where there is no `body` and the status is not 2xx. */
  text(): Promise<string>;
}

// ---------------------------------------------------------------------------------------------------------
// The client
// ---------------------------------------------------------------------------------------------------------

/** An event as PostHog reads it. */
export type WireEvent = {
  event: string;
  distinct_id: string;

  /** With what the package adds: `$lib`, `$groups`, `$set`, … */
  properties: Record<string, unknown>;

  /** UTC: `2026-01-02T03:04:05.678Z`, with more digits where more were given. */
  timestamp: string;

  uuid: string;

  /** Only on replays, whose endpoint wants it in every event. */
  api_key?: string;
};

/**
 * Options of a client. A wrong one does not throw: every call then ends as `invalid`, naming the option.
 *
 * `outbox`, `profileStore`, `logsnag`, `protocol`, `historicalMigration` and `skipUnchangedGroups` are options of the client
 * of `posthog-wasm/full`, and `outbox` of that of `posthog-wasm/outbox` too. This one refuses them as `invalid_config`.
 *
 * @typeParam G The group types. A client takes them from `groupTypes`, and then no group of another type.
 */
export interface Options<G extends string = string> {
  /** For the clients of `posthog-wasm/outbox` and `posthog-wasm/full`: import one of those. */
  outbox?: never;

  /** For the client of `posthog-wasm/full`: import that one. */
  profileStore?: never;

  /** For the client of `posthog-wasm/full`: import that one. */
  logsnag?: never;

  /** For the client of `posthog-wasm/full`: import that one. */
  protocol?: never;

  /** For the client of `posthog-wasm/full`: import that one. */
  historicalMigration?: never;

  /** For the client of `posthog-wasm/full`: import that one. */
  skipUnchangedGroups?: never;

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
   * Whether bodies travel as gzip (`Content-Encoding: gzip`). Default `"auto"`. `docs/sending.md` has the figures.
   *
   * - `"auto"`: those of 14,000 characters and more. Less fits into what a new connection takes at once.
   * - `"gzip"`: all of them.
   * - `"off"`: none.
   *
   * It happens in the call's budget. Where the runtime has no `CompressionStream`, or one that gives something else than
   * gzip, or nothing within a second, bodies go as they are. LogSnag's requests are never packed.
   */
  compress?: "auto" | "gzip" | "off" | undefined;

  /**
   * The group types that the project uses, at most five (`invalid_config`). Default `["organization"]`.
   * Others are refused (`unknown_group_type`): PostHog keeps the first five types it ever sees and ignores
   * the rest.
   */
  groupTypes?: readonly G[] | undefined;

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
   * URL as a string and an init whose `body` is a string, or bytes where it is packed (see `compress`), and whose
   * `signal` fires when the time is up. Both
   * `globalThis.fetch` and the one of `posthog-wasm/testing` fit.
   */
  fetch?: ((url: string, init: FetchInit) => Promise<FetchResponse>) | undefined;

  /**
   * Gets the outcome of every call. Default: one line on the console for each that was not accepted and for what was
   * left out (each code of a warning once), with the events' names, the host, the cause and what to do about it;
   * without keys, values or the words of servers and stores. A drain that was not accepted has such a line too, but
   * its result goes to no logger of yours. What it throws is contained.
   */
  logger?: ((outcome: Outcome) => void) | undefined;

  /** Gets every warning of every call. What it throws is contained. */
  onWarning?: ((warning: Warning) => void) | undefined;

  /**
   * The last word on each event: return it, changed or not, or `null` to drop it. Synchronous. It gets a copy
   * of what would be sent.
   *
   * If it throws, or returns something that PostHog would refuse a whole batch for (no name, no distinct id,
   * no valid uuid), or that was not verified (groups that were not given, an event name that has a method of
   * its own), that event is not sent: it is `skipped` with the error `before_send_failed`. What is over 980 kB is
   * `invalid`, `too_large`. Groups may be taken out.
   */
  before_send?: ((event: WireEvent) => Record<string, unknown> | null) | undefined;

  /** What of a profile may leave. */
  privacy?: (Privacy & { pseudonymKey?: never }) | undefined;

  /**
   * Let the default logger write a line for accepted calls too, say every warning every time, and quote servers and
   * stores. Default `false`.
   */
  debug?: boolean | undefined;
}

/**
 * Rules for group and person profiles, exception text and what LogSnag is told. Whatever they say, properties of a
 * group's profile that hold an identifier (an e-mail, a Stripe customer's id, a key, a token or a password, an address
 * under a name such as `client_ip`) are left out with the warning `identifier_dropped`; of a person's profile, those
 * that hold a key, a token or a password. Names of properties are never taken for identifiers. Exempt: an event's own
 * properties, distinct ids, group keys, and replays, which are what the browser recorded.
 */
export interface Privacy {
  /** By group type: the only properties that its profiles may have. */
  allow?: Record<string, readonly string[]> | undefined;

  /** By group type: properties to set to null wherever a profile is sent, since PostHog takes nothing out. */
  erase?: Record<string, readonly string[]> | undefined;

  /**
   * `"strict"` treats persons like groups: their e-mails and Stripe's ids are left out too. Without it a person's
   * profile is yours to write, and only secrets are left out.
   */
  persons?: "strict" | undefined;

  /**
   * Replaces identifiers by `hmac_…`, the start of their HMAC-SHA-256 under this key, instead of leaving them
   * out. At least 16 characters. For the client of `posthog-wasm/full`, whose `fromEnv` reads `POSTHOG_PSEUDONYM_KEY`,
   * and for builders; the other clients refuse it as `invalid_config`.
   */
  pseudonymKey?: string | undefined;
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

  /** Ends the call as `aborted` when it fires: an `AbortSignal`. */
  signal?: SignalLike | undefined;
}

/**
 * A client: plain configuration. It holds no connection, no timer and no queue, so one may serve all
 * requests. `enqueue` is for the clients of `posthog-wasm/outbox` and `posthog-wasm/full`, `drain` for the latter; both
 * can stand wherever this one is asked for.
 *
 * No method throws, and no promise rejects: read the {@link Outcome}, or leave it to the logger. Methods may be passed
 * on without the client: `promise.catch(posthog.captureException)`.
 *
 * ```ts
 * const posthog = new PostHog(process.env.POSTHOG_API_KEY, { host: "us" });
 * const { ok, status } = await posthog.capture({ event: "App Created", distinctId: "user_1" });
 * ```
 *
 * @typeParam S What the project sends: {@link Schema}. Without it, names and properties are unchecked.
 * @typeParam G The group types: the schema's, or else those of the option `groupTypes`.
 */
export class PostHog<S extends Schema = Schema, G extends string = GroupType<S>> {
  /**
   * A client for a key that you have at hand. {@link PostHog.fromEnv} reads it from the environment.
   *
   * @param apiKey The project's API key, `phc_…`. Without one every call is `skipped` as `not_configured`.
   * @param options A wrong one does not throw: every call then ends as `invalid`, naming the option.
   */
  constructor(apiKey: string | undefined, ...options: OptionsOf<Options<G>, S>);

  /**
   * A client from `POSTHOG_API_KEY` and `POSTHOG_API_HOST`. They are read from the context's `env`, then from
   * the context itself, then from `Deno.env` or `process.env`; no permission is asked for at import.
   *
   * The same environment, with the same `options` object as the last time, gives the same client: call it in each
   * request, and keep the object outside of the handler.
   *
   * ```ts
   * export default {
   *   async fetch(request, env, ctx) {
   *     const posthog = PostHog.fromEnv(env);
   *     await posthog.capture({ event: "Visited", distinctId: "user_1" }, { context: ctx });
   *     return new Response("ok");
   *   },
   * };
   * ```
   *
   * @param envOrContext A Hono context, or a Worker's `env`. Needed on Workers.
   * @param options `options.host` wins over `POSTHOG_API_HOST`.
   */
  static fromEnv<S extends Schema = Schema, G extends string = GroupType<S>>(
    envOrContext?: object,
    ...options: OptionsOf<Options<G>, S>
  ): PostHog<S, G>;

  /**
   * Sends one event: something that a person did, or that happened to an organization. For several at once, or for an
   * event of no person, use {@link track}.
   *
   * ```ts
   * await posthog.capture({
   *   event: "Upload Link Created",
   *   distinctId: user.id,
   *   groups: [trusted("organization", row.owner_org)],
   *   properties: { app_id: "com.example.app" },
   * });
   * ```
   *
   * @returns How it went. Never rejects.
   */
  capture(input: CaptureInput<S, G>, call?: CallOptions): Promise<Outcome>;

  /**
   * Sets properties of a group, when it is created and when they change: its name, its plan. Without a name, PostHog
   * shows the group by its key. It is billed like an event, so do not send it with every request.
   *
   * ```ts
   * const organization = trusted("organization", row.id, "database trigger");
   * await posthog.groupIdentify({ group: organization, properties: { name: row.name, plan: "team" } });
   * ```
   *
   * @returns How it went. Never rejects.
   */
  groupIdentify(input: GroupIdentifyInput<G>, call?: CallOptions): Promise<Outcome>;

  /**
   * Sets properties of a person, when they sign up and when they change.
   *
   * ```ts
   * await posthog.identify({ distinctId: user.id, properties: { plan: "solo" }, setOnce: { joined: new Date() } });
   * ```
   *
   * @returns How it went. Never rejects.
   */
  identify(input: IdentifyInput, call?: CallOptions): Promise<Outcome>;

  /**
   * Makes two ids one person, for good: at sign-up, the id that somebody had before and the account's.
   *
   * ```ts
   * await posthog.alias({ distinctId: user.id, alias: anonymousId });
   * ```
   *
   * @returns How it went. Never rejects.
   */
  alias(input: AliasInput, call?: CallOptions): Promise<Outcome>;

  /**
   * Sends an exception with its causes (`cause`, `errors`), 50 at most, each with up to 50 stack frames, where you catch
   * it. Messages are cut at 10,000 characters, where PostHog cuts them. The query parameters that database
   * drivers append to a message (`params: …`) are left out: they are customers' data.
   *
   * ```ts
   * try {
   *   await importRows(file);
   * } catch (error) {
   *   await posthog.captureException(error, { distinctId: user.id, groups: [organization] });
   *   throw error;
   * }
   * ```
   *
   * @param error Whatever was thrown. Of an object that is no error only its keys are sent.
   * @param context What else is known; a string is the distinct id.
   * @returns How it went. Never rejects.
   */
  captureException(
    error: unknown,
    context?: ExceptionContext<G> | string,
    call?: CallOptions,
  ): Promise<Outcome>;

  /**
   * Sends several events at once, in requests of at most 2 MB. What is wrong with one takes nothing from the
   * others. One call takes 8 MB; events behind that are refused (`too_large`). An event without a `distinctId` goes to its
   * first group's key. It takes what `posthog-wasm/stripe` and `posthog-wasm/lifecycle` make.
   *
   * ```ts
   * await posthog.track([
   *   { kind: "capture", event: "Org Created", groups: [organization] },
   *   { kind: "group_identify", group: organization, properties: { name: row.name } },
   * ]);
   * ```
   *
   * @returns How it went; `events` has one for each, in their order. Never rejects.
   */
  track(events: Tracked<S, G> | readonly Tracked<S, G>[], call?: CallOptions): Promise<Outcome>;
}

/**
 * Lets work finish after the response. Resolves at once where the runtime takes it over (`waitUntil` of the
 * context, or Supabase's `EdgeRuntime`), and else when it is done. Never rejects, whatever the work does.
 *
 * ```ts
 * app.post("/apps", async (c) => {
 *   await background(posthog.capture({ event: "App Created", distinctId: c.get("userId") }), c);
 *   return c.json({ ok: true });
 * });
 * ```
 *
 * @param task The promise of work that has begun. Not a function: nobody would call it.
 * @param context As in {@link CallOptions}.
 */
export function background(task: PromiseLike<unknown>, context?: unknown): Promise<void>;

// ---------------------------------------------------------------------------------------------------------
// Sources
// ---------------------------------------------------------------------------------------------------------

/** More about a source. */
export interface SourceOptions {
  /** Tells several events of one source, name and distinct id apart. */
  seq?: number | undefined;
}

/**
 * The source of events that a Stripe webhook reports: its id, and the second in which it happened. `stripeEvent` of
 * `posthog-wasm/stripe` uses it by itself.
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

// ---------------------------------------------------------------------------------------------------------
// What the domain functions of posthog-wasm/stripe and posthog-wasm/lifecycle share
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

  /**
   * Told of each thing that could not be made out. Without it, that comes with the outcome of the events that are
   * returned; where none is returned, with none.
   */
  onWarning?: ((warning: Warning) => void) | undefined;
}
