// The client of a request: what must compile, and what must not. Checked, never run.
import { type Outcome, PostHog, trusted, verify } from "posthog-wasm";
import { evaluateFlags, type FlagSnapshot } from "posthog-wasm/flags";
import { PostHog as Full } from "posthog-wasm/full";
import { posthogContext, type PostHogVariables } from "posthog-wasm/hono";
import { PostHog as Writing } from "posthog-wasm/outbox";
import {
  forRequest,
  type FullRequestClient,
  type OutboxRequestClient,
  type RequestClient,
  type RequestClientOf,
  withRequest,
} from "posthog-wasm/request";
import type { Equal, Expect } from "./expect.ts";

const posthog = new PostHog("k");
const full = new Full("k");
const typed = new PostHog<{ groups: "organization" | "app"; events: { "Uploaded": { app_id: string } } }>(
  "k",
  { groupTypes: ["organization", "app"] },
);
const organization = trusted("organization", "o");

export async function handled(request: Request, context: { waitUntil(task: Promise<unknown>): void }) {
  const response = await withRequest(
    posthog,
    request,
    { context, groups: [organization] },
    async (posthog) => {
      posthog.setDistinctId("u");
      posthog.setDistinctId(undefined);
      posthog.setGroups([organization, await verify("organization", "o", () => true), null]);
      posthog.setProperties({ a: 1 });
      const outcome: Outcome = await posthog.capture({ event: "e" });
      await posthog.capture({ event: "e", distinctId: "v", groups: [organization] }, { budgetMs: 1 });
      await posthog.identify({ properties: { plan: "pro" } });
      await posthog.alias({ alias: posthog.tracing.distinctId ?? "a" });
      await posthog.captureException(new Error("x"));
      await posthog.groupIdentify({ group: organization, properties: {} });
      const id: string = posthog.requestId;
      // @ts-expect-error what identifies nobody has something to say
      posthog.capture({ distinctId: "u" });
      // @ts-expect-error a string is no group
      posthog.setGroups(["o"]);
      // @ts-expect-error it is set by its method
      posthog.distinctId = "u";
      // @ts-expect-error the full client's
      posthog.batch();
      return new Response(outcome.status + id);
    },
  );
  return response.status;
}

export async function bare(request: Request) {
  const text: string = await withRequest(posthog, request, () => "sync");
  const number: number = await withRequest(full, request, (posthog) => {
    const batch = posthog.batch();
    batch.capture({ event: "e" });
    posthog.captureAi({ event: "$ai_trace" });
    posthog.captureSnapshot({ events: [{}] });
    posthog.enqueue([{ kind: "capture", event: "e" }]);
    return batch.flush().then(({ length }) => length);
  });
  return text.length + number;
}

export async function schemas(request: Request) {
  const posthog = forRequest(typed, request, { groups: [trusted("app", "a")] });
  await posthog.capture({ event: "Uploaded", properties: { app_id: "a" } });
  // @ts-expect-error it has properties
  posthog.capture({ event: "Uploaded" });
  // @ts-expect-error no such event
  posthog.capture({ event: "Other" });
  // @ts-expect-error no such group type
  posthog.setGroups([trusted("team", "t")]);
  // @ts-expect-error nor here
  forRequest(typed, request, { groups: [trusted("team", "t")] });
  type _ = [
    Expect<Equal<RequestClientOf<typeof typed>, typeof posthog>>,
    Expect<Equal<RequestClientOf<PostHog>, RequestClient>>,
    Expect<Equal<RequestClientOf<Full>, FullRequestClient>>,
    Expect<Equal<RequestClientOf<Writing>, OutboxRequestClient>>,
  ];
}

export async function written(request: Request) {
  const writing = new Writing("k");
  await forRequest(writing, request).enqueue({ kind: "capture", event: "e", distinctId: "u" });
  return withRequest(writing, request, (posthog) => {
    // @ts-expect-error it is drained elsewhere
    posthog.drain();
    return posthog.enqueue({ kind: "capture", event: "e", distinctId: "u" });
  });
}

/** Whoever asks for a client may have a request's. */
export async function elsewhere(headers: Headers) {
  const request = forRequest(posthog, { headers });
  const same: PostHog = request;
  const flags: FlagSnapshot = await evaluateFlags(request);
  await evaluateFlags(forRequest(full, { headers: { "x-request-id": "r" } }), { flagKeys: ["a"] });
  // @ts-expect-error a client does not know for whom
  evaluateFlags(posthog, { flagKeys: ["a"] });
  return [same, flags];
}

export function stored(request: Request, storage: { run<R>(store: RequestClient, callback: () => R): R }) {
  // @ts-expect-error an option that does not exist
  withRequest(posthog, request, { organization }, () => {});
  return withRequest(
    posthog,
    request,
    { storage, captureErrors: (error) => error instanceof Error },
    () => 1,
  );
}

/** As much of Hono as the middleware meets. */
interface Context {
  req: { raw: Request };
  res: Response;
  error: Error | undefined;
  env: { POSTHOG_API_KEY: string };
  get(key: "posthog"): RequestClient;
  set(key: "posthog", value: RequestClient): void;
}

export function hono(use: (middleware: (c: Context, next: () => Promise<void>) => Promise<void>) => void) {
  use(posthogContext({ client: (c: Context) => PostHog.fromEnv(c.env) }));
  use(posthogContext({ client: full, captureErrors: false, tracingHeaders: false }));
  // @ts-expect-error whose events?
  posthogContext({});
  type _ = [
    Expect<Equal<PostHogVariables["posthog"], RequestClient>>,
    Expect<Equal<PostHogVariables<typeof full>["posthog"], FullRequestClient>>,
  ];
}
