/**
 * The client with everything: an outbox, drains, a profile store, LogSnag, the batch of a request, AI events, replays,
 * pseudonyms and PostHog's newer protocol. It has all names of `posthog-wasm`, so a
 * project that needs these imports from here, and not from there.
 *
 * ```ts
 * import postgres from "postgres";
 * import { PostHog } from "posthog-wasm/full";
 * import { postgresOutbox, postgresProfiles } from "posthog-wasm/postgres";
 *
 * const sql = postgres(Deno.env.get("DATABASE_URL")!);
 * const posthog = PostHog.fromEnv(undefined, {
 *   outbox: { store: postgresOutbox(sql), write: "before_send" },
 *   profileStore: postgresProfiles(sql),
 * });
 * ```
 *
 * What is said of the client and its options in `posthog-wasm` holds here too.
 *
 * @module
 */
import type * as client from "./types.d.ts";
import type {
  AliasInput,
  CallOptions,
  CaptureInput,
  ExceptionContext,
  GroupIdentifyInput,
  GroupType,
  IdentifyInput,
  Mistake,
  Outcome,
  Privacy,
  Schema,
  SignalLike,
  SkipReason,
  SnapshotInput,
  Status,
  Tracked,
  Warning,
} from "./types.d.ts";

// All of it, but for what has the same name below. TypeScript asks for a JavaScript file's name here, which Deno would not
// find; both read this one.
// @ts-ignore TS2846
export * from "./types.d.ts";

// ---------------------------------------------------------------------------------------------------------
// The client
// ---------------------------------------------------------------------------------------------------------

/**
 * Options of a client: those of `posthog-wasm`, and more.
 *
 * @typeParam G The group types. A client takes them from `groupTypes`, and then no group of another type.
 */
export interface Options<G extends string = string> extends
  Omit<
    client.Options<G>,
    | "outbox"
    | "privacy"
    | "profileStore"
    | "logsnag"
    | "protocol"
    | "historicalMigration"
    | "skipUnchangedGroups"
  > {
  /** What of a profile may leave. */
  privacy?: Privacy | undefined;

  /**
   * How events are sent. Default `"v0"`: `/batch/`, which every PostHog has, and which answers for all events at once.
   *
   * `"v1"` is PostHog's newer endpoint (`/i/v1/analytics/events`). Its answer says of each event what became of it
   * (`events[].result`), over quota too. What it did not persist is sent again alone, within the retries and the budget. A
   * PostHog without that endpoint answers 404: the events then go to `/batch/`, and so do those of later calls. Replays, AI
   * events and builders have the endpoints that they always have.
   */
  protocol?: "v0" | "v1" | undefined;

  /**
   * The events are of the past (`historical_migration`): PostHog takes its time for them, and they trigger nothing.
   * Default `false`. Replays have no such thing.
   */
  historicalMigration?: boolean | undefined;

  /**
   * A group's profile is not sent again while it is the one that this client sent last for that group, and PostHog accepted
   * it: such a call is `skipped` as `unchanged`. Default `false`. `$groupidentify` is billed like any other event.
   *
   * Known in one isolate alone, of the last 256 groups, for six hours: then the profile is sent once more. A profile that
   * **another** isolate, service or library sent in between is not seen, so take it where one profile of a group is the same
   * wherever it is made, and not where two places set the same property to different things. Properties may come in any
   * order; inside of them it counts. Not together with `outbox` or `profileStore`, where an older profile may arrive last:
   * every call is then `invalid`. An event with a `channel` is always sent.
   */
  skipUnchangedGroups?: boolean | undefined;

  /**
   * LogSnag, told of every event that `track` is given with a `channel`. It gets the event's name, channel, icon,
   * description, time, distinct id and scalar properties; never groups, notifications or names with `$`. Its
   * outcome is its own. `host` is for tests and proxies. `fromEnv` reads `LOGSNAG_TOKEN` and `LOGSNAG_PROJECT`.
   */
  logsnag?: { token: string; project: string; host?: string | undefined } | undefined;

  /**
   * Keeps profiles from going backwards, whatever the order in which webhooks arrive: what `stripeEvent` of
   * `posthog-wasm/stripe` says of an organization goes through it, and only the newest is sent.
   */
  profileStore?: ProfileStore | undefined;

  /**
   * A durable place for events that PostHog does not take now. With it, a call ends as `accepted` or `queued`, or
   * says what else; {@link PostHog.drain} delivers what is queued.
   */
  outbox?: Outbox | undefined;
}

/** All that the client of `posthog-wasm` does: this one can stand wherever that one is asked for. */
export interface PostHog<S extends Schema = Schema, G extends string = GroupType<S>>
  extends client.PostHog<S, G> {}

/**
 * A client: that of `posthog-wasm`, with an outbox. Like that one it is plain configuration, one may serve all
 * requests, no method throws, and no promise rejects.
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
  constructor(apiKey: string | undefined, ...options: client.OptionsOf<Options<G>, S>);

  /**
   * A client from `POSTHOG_API_KEY` and `POSTHOG_API_HOST`, and for LogSnag from `LOGSNAG_TOKEN` and
   * `LOGSNAG_PROJECT`. They are read from the context's `env`, then from the context itself, then from `Deno.env` or
   * `process.env`; no permission is asked for at import.
   *
   * The same environment, with the same `options` object as the last time, gives the same client: call it in each
   * request, and keep the object outside of the handler.
   *
   * ```ts
   * const options = { outbox: { store, write: "on_failure" } };
   * // In the handler:
   * const posthog = PostHog.fromEnv(env, options);
   * ```
   *
   * @param envOrContext A Hono context, or a Worker's `env`. Needed on Workers.
   * @param options `options.host` wins over `POSTHOG_API_HOST`, `options.logsnag` over LogSnag's variables.
   */
  static fromEnv<S extends Schema = Schema, G extends string = GroupType<S>>(
    envOrContext?: object,
    ...options: client.OptionsOf<Options<G>, S>
  ): PostHog<S, G>;

  /**
   * For the calls of one request: they leave in as few requests as possible, at {@link Batch.flush}, at the end of an
   * `await using` block, when a limit is reached, or so many milliseconds after the first.
   *
   * ```ts
   * export default {
   *   async fetch(request: Request, env: Env, ctx: ExecutionContext) {
   *     const batch = PostHog.fromEnv(env).batch(ctx);
   *     batch.capture({ event: "Opened", distinctId });
   *     batch.capture({ event: "Read", distinctId });
   *     return new Response("ok"); // one request leaves, after the response
   *   },
   * };
   * ```
   *
   * Make one for each request, and do not keep it: on Workers, what one request waits for cannot be waited for by another.
   * If the handler throws, what was gathered leaves all the same.
   *
   * @param context Whatever has `waitUntil`, as in `background`: the runtime is asked to wait until all has left. Without
   * one, on a runtime without a global one, await {@link Batch.flush}.
   * @returns What has the methods of the client, and gathers their calls.
   */
  batch(context?: unknown, options?: BatchOptions): Batch;

  /**
   * An event about a model's work: `$ai_generation`, `$ai_trace`, … It is sent to an endpoint that takes 8 MiB for each
   * (`/i/v0/ai/batch/`), and about 5 MB in one request. A name that does not start with `$ai_` is `invalid_event`. PostHogs
   * without that endpoint answer 404: there, use `capture`.
   *
   * An event that is larger is `too_large`; its message has the size, and nothing of its text.
   *
   * ```ts
   * await posthog.captureAi({ event: "$ai_generation", distinctId, properties: { $ai_model: "gpt-5", $ai_input: messages } });
   * ```
   *
   * @returns How it went. Never rejects.
   */
  captureAi(input: CaptureInput<S>, call?: CallOptions): Promise<Outcome>;

  /**
   * Sends a piece of a session replay that a browser has recorded and handed to your server.
   *
   * ```ts
   * await posthog.captureSnapshot({ sessionId: body.session_id, distinctId: user.id, events: body.events });
   * ```
   *
   * @returns How it went. Never rejects.
   */
  captureSnapshot(input: SnapshotInput, call?: CallOptions): Promise<Outcome>;

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
   * @returns How it went. Never rejects.
   */
  enqueue(
    events: Tracked<S, G> | readonly Tracked<S, G>[],
    store?: OutboxStore,
    call?: CallOptions,
  ): Promise<Outcome>;

  /**
   * Delivers what is due in an outbox, up to a thousand entries at a time and four requests in flight, with the uuids,
   * timestamps and bytes that were written. Call it from a cron job. Several drains may run at the same time. Events
   * may arrive in another order: they carry their own times; for profiles there is the option `profileStore`.
   *
   * What fails in passing is put back for 30 s, twice as long each time, up to an hour. A refused batch is sent in
   * halves until the event that is to blame stands alone; that one becomes a dead letter. An event that always gets 500,
   * or no answer, keeps the others waiting for two drains at most.
   *
   * ```ts
   * const { accepted, more } = await posthog.drain(undefined, { budgetMs: 50_000 });
   * ```
   *
   * @param store Default: the one of the option `outbox`.
   * @returns How it went, and whether more is due. Never rejects.
   */
  drain(store?: OutboxStore, call?: DrainOptions): Promise<Drained>;
}

// ---------------------------------------------------------------------------------------------------------
// The calls of one request
// ---------------------------------------------------------------------------------------------------------

/** When a batch leaves, at the latest. A limit that is none makes every call `invalid_config`. */
export interface BatchOptions {
  /** With so many events. Default 250; at most 100,000. */
  maxEvents?: number | undefined;

  /** With so many characters of JSON. Default 1,000,000; at most 8,000,000. */
  maxBytes?: number | undefined;

  /** So many milliseconds after the first call. Default 1000. */
  maxMs?: number | undefined;

  /** The most milliseconds that sending may take, from when it leaves. Default: the client's. */
  budgetMs?: number | undefined;

  /** Ends what is on its way. */
  signal?: SignalLike | undefined;
}

/**
 * Calls that are gathered. Each method does what the client's does, when the batch leaves: events have the time of the call,
 * `before_send` runs later. Each promise is settled with that call's own outcome, and never rejects. Its `attempts` and
 * `httpStatus` are those of the requests that its events were in.
 *
 * Replays are not gathered: each is a request of its own.
 */
export interface Batch {
  capture(input: CaptureInput): Promise<Outcome>;
  captureAi(input: CaptureInput): Promise<Outcome>;
  captureException(error: unknown, context?: ExceptionContext | string): Promise<Outcome>;
  groupIdentify(input: GroupIdentifyInput): Promise<Outcome>;
  identify(input: IdentifyInput): Promise<Outcome>;
  alias(input: AliasInput): Promise<Outcome>;
  track(events: Tracked | readonly Tracked[]): Promise<Outcome>;

  /**
   * Sends what was gathered since it last left. Resolves when all that ever left has ended; to the outcomes of the calls
   * that left now. Never rejects.
   */
  flush(): Promise<Outcome[]>;

  /** The same, at the end of an `await using` block, whether or not it throws. Older libraries do not know the name. */
  // @ts-ignore TS2550
  [Symbol.asyncDispose](): Promise<void>;
}

// ---------------------------------------------------------------------------------------------------------
// Stores
// ---------------------------------------------------------------------------------------------------------

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
  target: "posthog" | "ai" | "replay" | "logsnag";

  /** What will be sent, as JSON text. Keep it byte for byte. */
  body: string;
}

/** An entry that was claimed. */
export interface ClaimedEntry extends OutboxEntry {
  /** How often `retry` was told of it. */
  tries: number;
}

// ---------------------------------------------------------------------------------------------------------
// Drains
// ---------------------------------------------------------------------------------------------------------

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

  /** Of the worst, as in {@link Outcome}. */
  cause?: string;
  httpStatus?: number;
  message?: string;
  reason?: SkipReason | "over_quota";

  /** `outbox_failed`, `invalid_config`, `internal`, … */
  error?: Mistake;

  /** Names that are no options (`unknown_option`), and why entries stay in the outbox (`not_configured`). */
  warnings: Warning[];
}

/** Options of {@link PostHog.drain}. */
export interface DrainOptions extends CallOptions {
  /** How many drains may try an entry before it becomes a dead letter. Default 100, which takes two to four days. */
  maxTries?: number | undefined;
}
