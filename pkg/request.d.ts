/**
 * A client for one request: what is known of the request is on each of its events, and what its handler does not catch is
 * reported.
 *
 * ```ts
 * import { PostHog, verify } from "posthog-wasm";
 * import { withRequest } from "posthog-wasm/request";
 *
 * export default {
 *   fetch(request, env, context) {
 *     return withRequest(PostHog.fromEnv(env), request, { context }, async (posthog) => {
 *       const user = await authenticated(request);
 *       posthog.setDistinctId(user.id);
 *       posthog.setGroups([await verify("organization", user.org, (id) => mayRead(user, id))]);
 *       await posthog.capture({ event: "Report Exported" });
 *       return new Response("ok");
 *     });
 *   },
 * };
 * ```
 *
 * | on | what |
 * |---|---|
 * | every event | the distinct id, the groups, `$session_id`, `$request_id`, and your `properties` |
 * | exceptions | `$request_method` and `$request_path` besides |
 *
 * What a call says itself wins. Nothing is read from a body, and the response is not touched. There is no
 * WebAssembly module in this entry, and nothing of it is shared between requests.
 *
 * @module
 */
import type {
  AliasInput,
  CallOptions,
  CaptureInput,
  Groups,
  GroupType,
  IdentifyInput,
  Outcome,
  PostHog,
  Properties,
  Schema,
  SnapshotInput,
} from "./types.d.ts";
import type { Batch, BatchOptions, PostHog as FullPostHog } from "./full.d.ts";
import type { PostHog as OutboxPostHog } from "./outbox.d.ts";

export {}; // Only what says `export` is public.

/** The same input, where the request knows what is left out. */
type Known<T, K extends PropertyKey> = T extends unknown
  ? Omit<T, K> & { [N in K & keyof T]?: T[N] | null | undefined }
  : never;

/** The group types of the client alone decide. */
type OfClient<G extends string> = [G][G extends unknown ? 0 : never];

/** What is read of a request: a `Request`, Node's, or whatever has as much of one as there is, such as `{ headers }`. */
export interface RequestLike {
  readonly method?: string | undefined;

  /** An address, or a path as Node has it. */
  readonly url?: string | undefined;

  /** `Headers`, or an object with names in lower case. */
  readonly headers?: object | undefined;
}

/** An `AsyncLocalStorage`, or an `AsyncContext.Variable`. */
export interface RequestStorage {
  // deno-lint-ignore no-explicit-any
  run(store: any, callback: () => any): any;
}

/** What is known of a request from its beginning. What is wrong is left out and said once; nothing throws. */
export interface RequestOptions<G extends string = string> {
  /**
   * Whose `waitUntil` keeps calls alive after the response: a Worker's `ctx`, a Hono context, … Every call of the
   * request's client has it. As in `CallOptions`.
   */
  context?: unknown;

  /** Who it is, where your own sign-in says so. It wins over the tracing header. See {@link RequestClient.setDistinctId}. */
  distinctId?: string | null | undefined;

  /** What every event counts for. See {@link RequestClient.setGroups}. */
  groups?: Groups<G> | null | undefined;

  /** Properties of every event. */
  properties?: Properties | undefined;

  /**
   * The request's id. Default: the header `X-Request-Id`, `CF-Ray`, `X-Vercel-Id`, `SB-Request-Id` or `X-Amzn-Trace-Id`,
   * else a random one.
   */
  requestId?: string | undefined;

  /**
   * Whether the headers `X-POSTHOG-DISTINCT-ID` and `X-POSTHOG-SESSION-ID` count. Default `true`. Whoever sends a request
   * can write there what they like: turn it off where no browser of yours calls.
   */
  tracingHeaders?: boolean | undefined;

  /**
   * Whether errors that the handler throws are reported; or which, as a function says. `true` is the default: all but what
   * is thrown to answer, which is a `Response`, what is no `Error` and has a `status` under 500, and Next's `redirect()` and
   * `notFound()`.
   */
  captureErrors?: boolean | ((error: unknown) => boolean) | undefined;

  /** An `AsyncLocalStorage` of yours: its `getStore()` then gives the request's client, wherever the handler calls. */
  storage?: RequestStorage | undefined;
}

/**
 * The client, for one request. It has the client's methods, and can stand wherever a client is asked for,
 * `evaluateFlags` of `posthog-wasm/flags` included. No method throws, and no promise rejects.
 *
 * A call is for, in this order: the `distinctId` that it names; the one of {@link RequestClient.setDistinctId}; the tracing header's. Without
 * any, an event goes to the key of its first group, and without one it is sent without a person profile, under an id of
 * this request alone. An event with a `source` must name its own, since its uuid is made of it.
 *
 * Nobody may change somebody else's profile with the header's. `identify` and `alias` never take it, and an event under it
 * is sent without `set`, `setOnce`, `$set`, `$set_once` and `$unset`, each with the warning `missing_distinct_id`.
 *
 * Made of another request's client, it takes from that one what it does not know itself.
 */
export interface RequestClient<S extends Schema = Schema, G extends string = GroupType<S>>
  extends Omit<PostHog<S, G>, "capture" | "identify" | "alias"> {
  /** As the client's; the request knows who it is. Under the tracing header's id it changes no profile. Never rejects. */
  capture(input: Known<CaptureInput<S, G>, "distinctId">, call?: CallOptions): Promise<Outcome>;

  /** As the client's; without `distinctId`, the one of {@link RequestClient.setDistinctId}. Never rejects. */
  identify(input: Known<IdentifyInput, "distinctId">, call?: CallOptions): Promise<Outcome>;

  /** As the client's; without `distinctId`, the one of {@link RequestClient.setDistinctId}. Never rejects. */
  alias(input: Known<AliasInput, "distinctId">, call?: CallOptions): Promise<Outcome>;

  /** Says who it is, once your sign-in knows. What is blank takes it back. Events that were sent stay what they are. */
  setDistinctId(id: string | null | undefined): void;

  /**
   * Says what all events from now on count for, instead of what was said before: made by `trusted` or `verify`. Anything
   * else is left out, and said so. An event's own groups win, type by type.
   */
  setGroups(groups: Groups<G> | null | undefined): void;

  /** Adds properties to all events from now on. What is no plain object, such as an array, is left out, and said so. */
  setProperties(properties: Properties): void;

  /** Who events are for: the one that was set, else the tracing header's. */
  readonly distinctId: string | undefined;

  /** The request's id, for a log or a header of yours. */
  readonly requestId: string;

  /** What the tracing headers claim: of use for `alias` at sign-up. Cleaned, and absent where it is no id. */
  readonly tracing: { readonly distinctId?: string; readonly sessionId?: string };
}

/** The same of the client of `posthog-wasm/outbox`. */
export interface OutboxRequestClient<S extends Schema = Schema, G extends string = GroupType<S>>
  extends RequestClient<S, G>, Pick<OutboxPostHog<S, G>, "enqueue"> {}

/** The same of the client of `posthog-wasm/full`. */
export interface FullRequestClient<S extends Schema = Schema, G extends string = GroupType<S>>
  extends RequestClient<S, G>, Pick<FullPostHog<S, G>, "enqueue" | "drain"> {
  /** As the client's; the request knows who it is. Never rejects. */
  captureAi(input: Known<CaptureInput<S>, "distinctId">, call?: CallOptions): Promise<Outcome>;

  /** As the client's; the session is by default that of the tracing header. Never rejects. */
  captureSnapshot(
    input: Known<SnapshotInput, "distinctId" | "sessionId">,
    call?: CallOptions,
  ): Promise<Outcome>;

  /** As the client's, with the request's `context` unless another one is given. */
  batch(context?: unknown, options?: BatchOptions): RequestBatch<S, G>;
}

/** A batch whose calls know the request. */
export interface RequestBatch<S extends Schema = Schema, G extends string = GroupType<S>>
  extends
    Omit<Batch, "capture" | "captureAi" | "identify" | "alias">,
    Pick<FullRequestClient<S, G>, "capture" | "captureAi" | "identify" | "alias"> {}

/** The request's client of a client. */
export type RequestClientOf<C> = C extends FullPostHog<infer S, infer G> ? FullRequestClient<S, G>
  : C extends OutboxPostHog<infer S, infer G> ? OutboxRequestClient<S, G>
  : C extends PostHog<infer S, infer G> ? RequestClient<S, G>
  : RequestClient;

/**
 * Calls a handler with a client for the request.
 *
 * What the handler throws is reported with all that is known, through the `waitUntil` of `context` where there is one, and
 * thrown again at once, unchanged. What it returns is returned.
 *
 * ```ts
 * Deno.serve((request) =>
 *   withRequest(PostHog.fromEnv(), request, async (posthog) => {
 *     await posthog.capture({ event: "Page Rendered" });
 *     return new Response("ok");
 *   })
 * );
 * ```
 *
 * @param client Yours, of any of the three entries.
 * @param handler Gets the request's client.
 */
export function withRequest<S extends Schema, G extends string, R>(
  client: FullPostHog<S, G>,
  request: RequestLike,
  handler: (posthog: FullRequestClient<S, G>) => R,
): Promise<Awaited<R>>;
export function withRequest<S extends Schema, G extends string, R>(
  client: FullPostHog<S, G>,
  request: RequestLike,
  options: RequestOptions<OfClient<G>> | undefined,
  handler: (posthog: FullRequestClient<S, G>) => R,
): Promise<Awaited<R>>;
export function withRequest<S extends Schema, G extends string, R>(
  client: OutboxPostHog<S, G>,
  request: RequestLike,
  handler: (posthog: OutboxRequestClient<S, G>) => R,
): Promise<Awaited<R>>;
export function withRequest<S extends Schema, G extends string, R>(
  client: OutboxPostHog<S, G>,
  request: RequestLike,
  options: RequestOptions<OfClient<G>> | undefined,
  handler: (posthog: OutboxRequestClient<S, G>) => R,
): Promise<Awaited<R>>;
export function withRequest<S extends Schema, G extends string, R>(
  client: PostHog<S, G>,
  request: RequestLike,
  handler: (posthog: RequestClient<S, G>) => R,
): Promise<Awaited<R>>;
export function withRequest<S extends Schema, G extends string, R>(
  client: PostHog<S, G>,
  request: RequestLike,
  options: RequestOptions<OfClient<G>> | undefined,
  handler: (posthog: RequestClient<S, G>) => R,
): Promise<Awaited<R>>;

/**
 * The client for a request alone, for whoever cannot wrap a handler: report what is thrown with `captureException`.
 *
 * ```ts
 * const posthog = forRequest(PostHog.fromEnv(), { headers: await headers() });
 * await posthog.capture({ event: "Form Sent" });
 * ```
 */
export function forRequest<S extends Schema, G extends string>(
  client: FullPostHog<S, G>,
  request: RequestLike,
  options?: Omit<RequestOptions<OfClient<G>>, "storage" | "captureErrors">,
): FullRequestClient<S, G>;
export function forRequest<S extends Schema, G extends string>(
  client: OutboxPostHog<S, G>,
  request: RequestLike,
  options?: Omit<RequestOptions<OfClient<G>>, "storage" | "captureErrors">,
): OutboxRequestClient<S, G>;
export function forRequest<S extends Schema, G extends string>(
  client: PostHog<S, G>,
  request: RequestLike,
  options?: Omit<RequestOptions<OfClient<G>>, "storage" | "captureErrors">,
): RequestClient<S, G>;
