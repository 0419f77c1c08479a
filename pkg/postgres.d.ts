/**
 * An outbox in PostgreSQL: a table and six functions, which `posthog-wasm/postgres.sql` makes. It is plain SQL, with
 * `for update skip locked`, and needs no extension. And a profile store: a table and a function, which
 * `posthog-wasm/profiles.sql` makes. And a store of flag definitions: a table and two functions, which
 * `posthog-wasm/flags.sql` makes.
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
 * @module
 */
import type { FlagDefinitionsStore } from "./flags.d.ts";
import type { OutboxStore, ProfileStore } from "./full.d.ts";

/** Runs one statement with its values, and resolves to its rows, or to an object that has them as `rows`. */
export type Query = (text: string, values: string[]) => PromiseLike<unknown>;

/**
 * What can reach the database: `pg`, Neon or PGlite (`query`), `postgres` (`unsafe`), deno-postgres (`queryObject`),
 * a Supabase client with the service role's key (`rpc`), a transaction of any of them, or a function.
 */
export type PostgresClient =
  | Query
  // deno-lint-ignore no-explicit-any
  | { query(text: string, values: any[]): PromiseLike<unknown> }
  // deno-lint-ignore no-explicit-any
  | { unsafe(text: string, values: any[]): PromiseLike<unknown> }
  // deno-lint-ignore no-explicit-any
  | { queryObject(text: string, values: any[]): PromiseLike<unknown> }
  // deno-lint-ignore no-explicit-any
  | { rpc(name: any, given: any): PromiseLike<{ data: any; error: any }> };

/**
 * The outbox that this client reaches. With a transaction, what is written is there when the transaction is.
 *
 * What the database refuses is thrown with its message. From a Supabase client it is an `Error` with `code`, `details`
 * and `hint`, and what the client gave as its `cause`.
 *
 * @throws {TypeError} If it is none of them.
 */
export function postgresOutbox(client: PostgresClient): OutboxStore;

/**
 * The profile store that this client reaches. On a transaction, others wait for its end before they write the same key.
 *
 * @throws {TypeError} If it is none of them.
 */
export function postgresProfiles(client: PostgresClient): ProfileStore;

/**
 * The store of flag definitions that this client reaches, for `posthog-wasm/flags`.
 *
 * @param key Tells several projects' definitions apart. Default `"default"`.
 * @throws {TypeError} If it is none of them.
 */
export function postgresFlagStore(client: PostgresClient, key?: string): FlagDefinitionsStore;
