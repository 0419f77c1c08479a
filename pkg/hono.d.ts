/**
 * A client for each request as a middleware of Hono: see `posthog-wasm/request`. Nothing of Hono is imported, so any
 * version and any registry's will do.
 *
 * ```ts
 * import { Hono } from "hono";
 * import { PostHog } from "posthog-wasm";
 * import { posthogContext, type PostHogVariables } from "posthog-wasm/hono";
 *
 * const app = new Hono<{ Variables: PostHogVariables }>();
 * app.use(posthogContext({ client: (c) => PostHog.fromEnv(c) }));
 * app.get("/", async (c) => {
 *   await c.var.posthog.capture({ event: "Page Rendered" });
 *   return c.text("ok");
 * });
 * ```
 *
 * @module
 */
import type { RequestClient, RequestClientOf, RequestOptions } from "./request.d.ts";
import type { PostHog } from "./types.d.ts";
import type { PostHog as FullPostHog } from "./full.d.ts";
import type { PostHog as OutboxPostHog } from "./outbox.d.ts";

export {}; // Only what says `export` is public.

/**
 * What the middleware sets, for Hono's types: `new Hono<{ Variables: PostHogVariables }>()`.
 *
 * @typeParam C The client's type, where it is that of another entry or has a schema: `PostHogVariables<typeof posthog>`.
 */
export interface PostHogVariables<C = PostHog> {
  /** The request's client: `c.var.posthog`. */
  posthog: RequestClientOf<C>;
}

/** What is used of Hono's context. */
export interface HonoContext {
  readonly req: { readonly raw: { readonly method: string; readonly url: string; readonly headers: object } };
  readonly res: { readonly status: number };
  readonly error?: Error | undefined;
  readonly env: unknown;
  get(key: never): unknown;
  set(key: never, value: never): void;
}

/** What the middleware is told. */
export interface PostHogContextOptions<C extends HonoContext = HonoContext>
  extends Pick<RequestOptions, "properties" | "tracingHeaders" | "storage"> {
  /** The client, or where to get it: on Workers, `(c) => PostHog.fromEnv(c)`. */
  client: PostHog | OutboxPostHog | FullPostHog | ((c: C) => PostHog | OutboxPostHog | FullPostHog);

  /**
   * Whether errors that no handler caught are reported; or which, as a function says. `true` is the default: those that
   * `onError` has answered with 500 or more, and what is thrown that is no `Error`. So an `HTTPException` with 404 is none.
   */
  captureErrors?: boolean | ((error: unknown) => boolean) | undefined;
}

/**
 * Makes the middleware. Use it before all others whose errors it is to see, and behind Hono's `requestId()`, whose id it
 * takes. A client is made for each request and set as `c.var.posthog`; calls are handed to the context's `waitUntil`,
 * where there is one.
 *
 * ```ts
 * app.use(posthogContext({ client: (c) => PostHog.fromEnv(c) }));
 * app.use(async (c, next) => {
 *   const user = await authenticated(c);
 *   c.var.posthog.setDistinctId(user.id);
 *   c.var.posthog.setGroups([await verify("organization", user.org, (id) => mayRead(user, id))]);
 *   await next();
 * });
 * ```
 */
export function posthogContext<C extends HonoContext>(
  options: PostHogContextOptions<C>,
): (c: C, next: () => Promise<void>) => Promise<void>;
