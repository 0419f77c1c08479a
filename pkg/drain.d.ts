/**
 * Drains alone, in a module of their own: for a cron job that delivers what an outbox holds and sends nothing else.
 *
 * ```ts
 * import { drainOutbox } from "posthog-wasm/drain";
 * import { postgresOutbox } from "posthog-wasm/postgres";
 *
 * export default {
 *   async scheduled(_event: unknown, env: Env) {
 *     const { status, accepted, more } = await drainOutbox(postgresOutbox(connect(env)), { env, budgetMs: 50_000 });
 *     console.log(status, accepted, more);
 *   },
 * };
 * ```
 *
 * @module
 */
import type { ClaimedEntry, Drained, Options, OutboxEntry, OutboxStore } from "./full.d.ts";
import type { CallOptions, Mistake, SkipReason, Status } from "./types.d.ts";

export type { CallOptions, ClaimedEntry, Drained, Mistake, OutboxEntry, OutboxStore, SkipReason, Status };

/** What a drain knows of the client's options, and of a call's. */
export interface DrainOutboxOptions extends
  CallOptions,
  Pick<
    Options,
    | "allowHttp"
    | "compress"
    | "disabled"
    | "fetch"
    | "historicalMigration"
    | "host"
    | "logsnag"
    | "maxRetries"
  > {
  /**
   * Where `POSTHOG_API_KEY`, `POSTHOG_API_HOST`, `LOGSNAG_TOKEN` and `LOGSNAG_PROJECT` are: a Worker's `env`, or a Hono
   * context. Default: `Deno.env` or `process.env`.
   */
  env?: object | undefined;

  /** Default: `POSTHOG_API_KEY`. Without one the drain is `skipped` as `not_configured`. */
  apiKey?: string | undefined;

  /** For the whole drain. Default 5000: give a cron job what it has. A lease of entries is 10 seconds longer. */
  budgetMs?: number | undefined;

  /** Who is told how the drain went, in place of a line on the console. */
  logger?: ((drained: Drained) => void) | undefined;

  /** The console hears of every drain, with the words of servers and stores. Default: of what was not accepted. */
  debug?: boolean | undefined;

  /** How many drains may try an entry before it becomes a dead letter. Default 100, which takes two to four days. */
  maxTries?: number | undefined;
}

/**
 * Delivers what is due in an outbox, as `drain` of the PostHog of `posthog-wasm/full` does. It never throws, and its
 * promise never rejects.
 *
 * Where profiles pass through a `profileStore`, drain with that client: it has what it takes to send a profile that
 * became newer while an older one waited. Events go to `/batch/` and its like: `protocol: "v1"` is that client's too.
 */
export function drainOutbox(store: OutboxStore, options?: DrainOutboxOptions): Promise<Drained>;
