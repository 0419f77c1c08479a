/**
 * The client of `posthog-wasm` that writes into an outbox what PostHog does not take now. A cron job delivers it, with
 * `posthog-wasm/drain`. It has all names of `posthog-wasm`, so a project that needs this client imports from here, and not
 * from there. Who drains with the client too, orders profiles through a store or tells LogSnag takes `posthog-wasm/full`.
 *
 * ```ts
 * import postgres from "postgres";
 * import { PostHog } from "posthog-wasm/outbox";
 * import { postgresOutbox } from "posthog-wasm/postgres";
 *
 * const sql = postgres(Deno.env.get("DATABASE_URL")!);
 * const posthog = PostHog.fromEnv(undefined, { outbox: { store: postgresOutbox(sql), write: "before_send" } });
 * ```
 *
 * What is said of the client and its options in `posthog-wasm` holds here too.
 *
 * @module
 */
import type { Outbox, OutboxStore } from "./full.d.ts";
import type * as client from "./types.d.ts";
import type { CallOptions, GroupType, Outcome, Schema, Tracked } from "./types.d.ts";

// All of it, but for what has the same name below. TypeScript asks for a JavaScript file's name here, which Deno would not
// find; both read this one.
// @ts-ignore TS2846
export * from "./types.d.ts";
export type { ClaimedEntry, Outbox, OutboxEntry, OutboxStore } from "./full.d.ts";

/**
 * Options of a client: those of `posthog-wasm`, and an outbox.
 *
 * @typeParam G The group types. A client takes them from `groupTypes`, and then no group of another type.
 */
export interface Options<G extends string = string> extends Omit<client.Options<G>, "outbox"> {
  /**
   * A durable place for events that PostHog does not take now. With it, a call ends as `accepted` or `queued`, or
   * says what else; `drainOutbox` of `posthog-wasm/drain` delivers what is queued.
   */
  outbox?: Outbox | undefined;
}

/** All that the client of `posthog-wasm` does: this one can stand wherever that one is asked for. */
export interface PostHog<S extends Schema = Schema, G extends string = GroupType<S>>
  extends client.PostHog<S, G> {}

/**
 * A client: that of `posthog-wasm`, with an outbox to write to. Like that one it is plain configuration, one may serve all
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
   * A client from `POSTHOG_API_KEY` and `POSTHOG_API_HOST`. They are read from the context's `env`, then from the context itself, then from `Deno.env` or
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
   * @param options `options.host` wins over `POSTHOG_API_HOST`.
   */
  static fromEnv<S extends Schema = Schema, G extends string = GroupType<S>>(
    envOrContext?: object,
    ...options: client.OptionsOf<Options<G>, S>
  ): PostHog<S, G>;

  /**
   * Writes into an outbox what `track` would send, and sends nothing; `drainOutbox` of `posthog-wasm/drain` does, in a cron job. The outcome is `queued`, or
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
   * It is `skipped` where nothing is to be recorded: no key, `disabled`, no event.
   *
   * @param store Default: the one of the option `outbox`.
   * @returns How it went. Never rejects.
   */
  enqueue(
    events: Tracked<S, G> | readonly Tracked<S, G>[],
    store?: OutboxStore,
    call?: CallOptions,
  ): Promise<Outcome>;
}
