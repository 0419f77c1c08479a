/**
 * Feature flags for edge functions: evaluated by PostHog, or here from definitions that a cron job keeps. No poller, no
 * timer between requests, no promise that rejects.
 *
 * ```ts
 * import { PostHog, trusted } from "posthog-wasm";
 * import { evaluateFlags } from "posthog-wasm/flags";
 *
 * const posthog = PostHog.fromEnv(env);
 * const flags = await evaluateFlags(posthog, {
 *   distinctId: user.id,
 *   groups: [trusted("organization", row.owner_org, "database row")],
 *   defaults: { "new-checkout": false },
 *   context,
 * });
 * if (flags.isEnabled("new-checkout")) await posthog.capture({ event: "Checkout", distinctId: user.id, flags });
 * ```
 *
 * @module
 */
import type { ErrorCode, Groups, Outcome, PostHog, Properties, SignalLike } from "./types.d.ts";
import type { PostHog as FullPostHog } from "./full.d.ts";
import type { RequestClient } from "./request.d.ts";

export {}; // Only what says `export` is public.

/** A flag's value: off, on, or on with a variant. */
export type FlagValue = boolean | string;

/** Why a flag has no value: it could not be decided here, and PostHog was not asked or did not say. */
export type UnresolvedReason =
  /** PostHog keeps a person's value over a login, and only PostHog knows it. */
  | "experience_continuity"
  /** The definition has something that only PostHog decides, or is no valid definition. */
  | "unsupported_definition"
  /** A flag that it depends on has no value. */
  | "unresolved_dependency"
  /** A property was not given. */
  | "missing_context"
  /** PostHog tried to evaluate it, and failed. */
  | "failed";

/** What went wrong. The flags that are there hold all the same, and the defaults for the others. */
export interface FlagError {
  /** Stable: match on it. */
  code:
    | ErrorCode
    | DefinitionsErrorCode
    /** `field` is no option, and was left out. */
    | "unknown_option"
    /** There is no API key: PostHog was not asked. */
    | "not_configured"
    /** The client's option `disabled` is set: PostHog was not asked. */
    | "disabled"
    /** The caller's signal fired. */
    | "aborted"
    /** No answer within `timeoutMs`, or within `budgetMs`. */
    | "timed_out"
    /** No connection. */
    | "unreachable"
    /** An answer other than 2xx; `httpStatus` has it. */
    | "rejected"
    /** An answer that is none: not JSON, or of another shape. */
    | "invalid_answer"
    /** PostHog could not evaluate some flags: they are `unresolved`. */
    | "errors_while_computing_flags"
    /** The project is over its quota of flag requests. */
    | "quota_limited";

  /** A path into the options, where the mistake is there. */
  field?: string;

  httpStatus?: number;

  /** For people. Never holds a key or a property's value. */
  message: string;
}

/** What to evaluate, for whom. */
export interface EvaluateFlagsOptions {
  /** Who it is. Missing or blank: `missing_distinct_id`, and every flag has its default. */
  distinctId: string;

  /**
   * The groups that they belong to: verified, as everywhere. A flag for an organization is not decided by a string that
   * came with a request; any such group refuses the whole call as `unverified_group`, and one whose type is not among the
   * client's `groupTypes` as `unknown_group_type`.
   */
  groups?: Groups | undefined;

  /** What is known of the person, beside what PostHog knows. For definitions, all that there is. Taken as JSON. */
  personProperties?: Properties | undefined;

  /** What is known of each group, by its type. */
  groupProperties?: { readonly [type: string]: Properties } | undefined;

  /** Only these flags. Default: all. None at all: an empty snapshot, and no request. */
  flagKeys?: readonly string[] | null | undefined;

  /** Decides here, with these. Without them PostHog is asked. */
  definitions?: FlagDefinitions | null | undefined;

  /**
   * Do not ask PostHog: what is not decided here is `unresolved` and has its default. Default `false`: PostHog is asked,
   * once, where a flag cannot be decided here, a key has no definition, or there are no definitions.
   */
  onlyEvaluateLocally?: boolean | undefined;

  /** Values for flags that have none. */
  defaults?: { readonly [key: string]: FlagValue } | undefined;

  /** Only flags of these evaluation contexts, and those without any. */
  evaluationContexts?: readonly string[] | undefined;

  /** Whether PostHog must not locate the person by this server's address. Default `true`. */
  disableGeoip?: boolean | undefined;

  /** Whether reading a flag sends the event `$feature_flag_called`. Default `true`. Experiments need it. */
  sendFeatureFlagEvents?: boolean | undefined;

  /** The most milliseconds that one attempt may take, its body included. Default 3000. */
  timeoutMs?: number | undefined;

  /** The most milliseconds that the call may take. Default: the client's. A second attempt is made only within it. */
  budgetMs?: number | undefined;

  /** Ends the call early. */
  signal?: SignalLike | undefined;

  /** Whose `waitUntil` keeps the events of flags that were read alive, as in every call of a client. */
  context?: unknown;
}

/** How a flag is read. */
export interface ReadOptions {
  /** `false`: no event for this read. */
  sendFeatureFlagEvents?: boolean | undefined;
}

declare class Snapshot {
  #snapshot: true;
  private constructor();
  /** The keys of all flags that have a value. */
  readonly keys: readonly string[];

  /** Flags that are defined and have no value, with the reason. A slice has none. */
  readonly unresolved: Readonly<Record<string, UnresolvedReason>>;

  /** What went wrong. Empty if nothing did. */
  readonly errors: readonly FlagError[];

  /** A flag's value, else its default, else `undefined`. The first read sends an event. What is no string is no flag. */
  getFlag(key: string, options?: ReadOptions): FlagValue | undefined;

  /** Whether a flag is on, with whatever variant. Without a value: `defaultValue`, else its default, else `false`. */
  isEnabled(key: string, options?: ReadOptions & { defaultValue?: boolean | undefined }): boolean;

  /** What is attached to the flag's value: parsed if it is JSON, else as text. No event. */
  getFlagPayload(key: string): unknown;

  /** Only this flag, or these, those of them that there are. */
  only(keys: string | Iterable<string>): FlagSnapshot;

  /** Only the flags that were read so far. */
  onlyAccessed(): FlagSnapshot;

  /** How sending the events of flags that were read so far went: an outcome for each request. Rejects never. */
  reported(): Promise<Outcome[]>;
}

/**
 * The flags of somebody, at one moment. It never changes: what the first line of a handler decided, the last one sees.
 * Give it to `capture` as `flags`, and the event says which flags were on.
 */
export type FlagSnapshot = Snapshot;

/**
 * Evaluates flags. Never rejects: what went wrong is in `errors`, and flags without a value have their defaults.
 *
 * With `definitions` it is decided here, and PostHog is asked only for what cannot be; see `onlyEvaluateLocally`.
 *
 * @param client A `PostHog`: it has the key, the host and `fetch`, and sends the events. A request's client
 * (`posthog-wasm/request`) also knows `distinctId`, `groups` and `context`.
 */
export function evaluateFlags(
  client: RequestClient,
  options?: Omit<EvaluateFlagsOptions, "distinctId"> & { distinctId?: string | undefined },
): Promise<FlagSnapshot>;
export function evaluateFlags(
  client: PostHog | FullPostHog,
  options: EvaluateFlagsOptions,
): Promise<FlagSnapshot>;

// ---------------------------------------------------------------------------------------------------------
// Definitions
// ---------------------------------------------------------------------------------------------------------

/** Why definitions cannot be used at all. */
export type DefinitionsErrorCode =
  /** Not JSON: cut off, or something else. */
  | "not_json"
  /** JSON, but no object with a list `flags`. */
  | "not_definitions"
  /** Nested deeper than 100 levels. */
  | "too_deep"
  /** Over 8 MB. */
  | "too_large"
  /** The store is none, or its time is: `field` says which. It was not asked. */
  | "invalid_config"
  /** The store has none. */
  | "store_empty"
  /** The store threw, or did not answer in time. The message has the code or the name of what it threw, and no more. */
  | "store_failed";

/** What is wrong with one flag. It is inconclusive then, and no other flag is. */
export interface FlagProblem {
  code:
    /** No object with a `key`: left out. */
    | "invalid_flag"
    /** A key that is there twice: the last counts. */
    | "duplicate_key"
    /** A part of the wrong type. */
    | "invalid_filters"
    /** A flag or a cohort that depends on itself. */
    | "circular"
    /** A flag that depends on one that is not there, or does not say in which order. */
    | "missing_dependency"
    /** An operator, a pattern or a feature that only PostHog decides. */
    | "unsupported";

  /** The flag's key, or a place such as `flags[3]`. */
  flag: string;

  /** For people. */
  message: string;
}

declare class Definitions {
  #definitions: true;
  private constructor();

  /** Whether they can be used. */
  readonly ok: boolean;

  /** How many flags there are. */
  readonly flags: number;

  /** What is wrong with single flags; the first hundred. */
  readonly problems: readonly FlagProblem[];

  /** Why they cannot be used; or, with `ok`, why they are not newer. */
  readonly error?: { code: DefinitionsErrorCode; field?: string; message: string };

  /** PostHog's name for this version. */
  readonly etag?: string;

  /** When PostHog was asked last, in ISO 8601. */
  readonly fetchedAt?: string;

  /** How long ago that was. Undefined if nobody knows. */
  readonly ageMs?: number;

  /** They are older than asked for, or the last that were had from a store that is broken now. */
  readonly stale: boolean;
}

/** Definitions of flags: data, and nothing that runs. */
export type FlagDefinitions = Definitions;

/**
 * Reads definitions from JSON text, or from an object: PostHog's answer, or what another SDK has stored. Does not throw.
 */
export function parseFlagDefinitions(
  definitions: string | object,
  known?: { etag?: string | null | undefined; fetchedAt?: string | undefined },
): FlagDefinitions;

/** What came of asking for definitions. */
export type DefinitionsStatus =
  /** 200: there they are. */
  | "loaded"
  /** 304: those of `etag` are still the newest. */
  | "not_modified"
  /** 401: the key is wrong. */
  | "unauthorized"
  /** 402: the project is over its quota. What a store has stays there. */
  | "quota_limited"
  /** 403: the key may not read definitions. */
  | "forbidden"
  /** 429: asked too often. */
  | "rate_limited"
  /** Any other refusal. */
  | "rejected"
  /** No connection, 408 or 5xx. */
  | "unreachable"
  /** No answer in time. */
  | "timed_out"
  /** The caller's signal fired. */
  | "aborted"
  /** An option is wrong, or the answer holds no definitions. */
  | "invalid"
  /** There is no API key, or the client is disabled. */
  | "skipped"
  /** A fault of this package. */
  | "failed";

/** Definitions as a store keeps them: plain data. */
export interface StoredFlagDefinitions {
  /** PostHog's answer, as it came. */
  text: string;
  etag?: string | null | undefined;

  /** ISO 8601. */
  fetchedAt?: string | undefined;
}

/** What came of it. */
export interface LoadedDefinitions {
  status: DefinitionsStatus;

  /** With `loaded`. */
  definitions?: FlagDefinitions;

  /** With `loaded`: what a store keeps. */
  stored?: StoredFlagDefinitions;

  /** For the next time. */
  etag?: string;

  httpStatus?: number;

  /** With every status but `loaded` and `not_modified`. Never holds a key. */
  error?: { code: string; field?: string; message: string };
}

/** How definitions are asked for. */
export interface LoadDefinitionsOptions {
  /** `phs_…` or `phx_…`, with the right to read flags. Never the project's own. */
  secretKey: string;

  /** Of the definitions that are there: PostHog answers 304 if they are still the newest, which costs nothing. */
  etag?: string | null | undefined;

  /** Default 10000. */
  timeoutMs?: number | undefined;

  /** Ends the call early. */
  signal?: SignalLike | undefined;
}

/** Fetches definitions, once. Never rejects. PostHog bills each answer with definitions as ten requests for flags. */
export function loadFlagDefinitions(
  client: PostHog | FullPostHog,
  options: LoadDefinitionsOptions,
): Promise<LoadedDefinitions>;

/** Where definitions are kept between a cron job and handlers. Either method may throw, or take too long. */
export interface FlagDefinitionsStore {
  /** What was written last, or `null`. */
  read(): Promise<StoredFlagDefinitions | null | undefined>;
  write(stored: StoredFlagDefinitions): Promise<unknown>;
}

/**
 * For the cron job: fetches definitions and writes them to the store. What is there stays if there is nothing better:
 * after 304 only `fetchedAt` is new. What is there and cannot be used is fetched anew. Never rejects.
 */
export function refreshFlagDefinitions(
  client: PostHog | FullPostHog,
  options: Omit<LoadDefinitionsOptions, "etag"> & {
    store: FlagDefinitionsStore;

    /** How long the store may take, each time: a whole number, 1 to 600000. Default 5000. */
    storeTimeoutMs?: number | undefined;
  },
): Promise<Omit<LoadedDefinitions, "stored"> & { stored: boolean }>;

/**
 * For handlers: the definitions that the store has. While the store is broken, the last that this isolate had of it, as
 * `stale`. Never rejects; without any, `ok` is `false`, and PostHog is asked.
 */
export function readFlagDefinitions(
  store: FlagDefinitionsStore,
  options?: {
    /** Older ones are `stale`. Default: none are. */
    maxAgeMs?: number | undefined;

    /** How long the store may take: a whole number, 1 to 600000. Default 1000. */
    timeoutMs?: number | undefined;
  },
): Promise<FlagDefinitions>;

/** A store for tests and long-running servers. */
export function memoryFlagStore(): FlagDefinitionsStore;

/** A store in Workers KV: one value. */
export function workersKvFlagStore(
  namespace: {
    get(key: string, type: "json"): Promise<unknown>;
    put(key: string, value: string): Promise<unknown>;
  },
  key?: string,
): FlagDefinitionsStore;

/** A store in Deno KV: pieces of 16,000 characters, because a value may have 64 KiB. */
export function denoKvFlagStore(
  kv: {
    get(key: string[]): Promise<{ value: unknown }>;
    set(key: string[], value: unknown): Promise<unknown>;
    delete(key: string[]): Promise<unknown>;
  },
  prefix?: string[],
): FlagDefinitionsStore;
