// The full client: the outbox, the profile store, drains and LogSnag. Checked, never run.
import * as client from "posthog-wasm";
import {
  AnalyticsError,
  type CaptureInput,
  type Drained,
  type DrainOptions,
  type Options,
  type OutboxStore,
  type Outcome,
  PostHog,
  type ProfileStore,
  trusted,
} from "posthog-wasm/full";
import { organizationCreated } from "posthog-wasm/lifecycle";
import { postgresOutbox, postgresProfiles } from "posthog-wasm/postgres";
import type { Equal, Expect } from "./expect.ts";

declare const query: (text: string, values: string[]) => Promise<{ rows: unknown[] }>;
declare const store: OutboxStore;

export async function usage() {
  const posthog = new PostHog("phc_test", { outbox: { store, write: "before_send" } });
  await posthog.enqueue(organizationCreated({ id: "o1", name: "Acme" }), postgresOutbox(query));
  const drained = await posthog.drain(postgresOutbox({ query }), { maxTries: 5, budgetMs: 50_000 });
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<typeof drained, Drained>>,
    Expect<Equal<Drained["accepted"], number>>,
    Expect<Equal<ReturnType<typeof posthog.enqueue>, Promise<Outcome>>>,
  ];
  return drained.ok ? drained.accepted : drained.error?.code;
}

export function everyOption() {
  const profileStore: ProfileStore = postgresProfiles({ query });
  const options: Options = {
    host: "us",
    budgetMs: 1000,
    outbox: { store: postgresOutbox(query), write: "on_failure" },
    profileStore,
    logsnag: { token: "t", project: "p", host: "http://127.0.0.1:8080" },
  };
  const drain: DrainOptions = { maxTries: 5, budgetMs: 50_000 };
  return [new PostHog("k", options), PostHog.fromEnv(undefined, options), PostHog.fromEnv({}), drain];
}

/** The calls of one request, PostHog's newer endpoint, AI events. */
export async function gathered(input: CaptureInput, context: { waitUntil(task: Promise<unknown>): void }) {
  const posthog = new PostHog("k", { protocol: "v1", historicalMigration: true, compress: "gzip" });
  new PostHog("k", { skipUnchangedGroups: true });
  // @ts-expect-error only the full client remembers what it sent
  new client.PostHog("k", { skipUnchangedGroups: true });
  await using batch = posthog.batch(context, { maxEvents: 10, maxBytes: 1e6, maxMs: 50, budgetMs: 2000 });
  const one = batch.capture({ ...input, properties: { $unset: ["plan"] } });
  batch.track([]);
  const outcomes = await batch.flush();
  const { events: [event] } = await posthog.captureAi({ event: "$ai_generation", distinctId: "u" });
  await posthog.captureSnapshot({ sessionId: "s-1", distinctId: "u", events: [{ type: 2, data: {} }] });
  // @ts-expect-error a session has an id
  posthog.captureSnapshot({ distinctId: "u", events: [] });
  // @ts-expect-error replays are requests of their own
  batch.captureSnapshot;
  // @ts-expect-error no such protocol
  new PostHog("k", { protocol: "v2" });
  // @ts-expect-error the other entry has the older one alone
  new client.PostHog("k", { protocol: "v1" });
  return [(await one).status, outcomes[0]?.ok, event?.result, event?.details];
}

/** What has one name in both entries is the same, and the full client does all that the other one does. */
export function inPlaceOfTheOther(options: Options, input: CaptureInput) {
  const track = (posthog: client.PostHog) => posthog.track([]);
  const made: client.PostHog[] = [new PostHog("k"), PostHog.fromEnv(undefined, options)];
  const error: client.AnalyticsError = new AnalyticsError({ code: "invalid_event", message: "m" });
  const group: client.VerifiedGroup<"organization"> = trusted("organization", "o1", "row");
  const asked: client.CaptureInput = input;
  const sent: Promise<client.Outcome> = new PostHog("k").capture(asked, { budgetMs: 1 });
  // @ts-expect-error the other has no drains
  const full: PostHog = new client.PostHog("k");
  return [track(new PostHog("k")), made, error, group, sent, full];
}

export function refused() {
  const posthog = new PostHog("phc_test");
  // @ts-expect-error no such moment
  new PostHog("phc_test", { outbox: { store, write: "always" } });
  // @ts-expect-error when, then?
  new PostHog("phc_test", { outbox: { store } });
  // @ts-expect-error half a store
  new PostHog("phc_test", { outbox: { store: { put: store.put }, write: "on_failure" } });
  // @ts-expect-error no project
  new PostHog("phc_test", { logsnag: { token: "t" } });
  // @ts-expect-error an option that neither has
  new PostHog("phc_test", { flushAt: 1 });
  // @ts-expect-error a number of drains
  posthog.drain(store, { maxTries: "5" });
  // @ts-expect-error an outbox is written to with events
  posthog.enqueue(store);
  // @ts-expect-error no client
  postgresOutbox({});
  // @ts-expect-error no client
  postgresProfiles({});
}

// @ts-expect-error Stripe's webhooks are an entry of their own
export { stripeEvent } from "posthog-wasm/full";

/** Nor in a variable are stores options of the main entry's client. */
export function elsewhere(options: Options): client.PostHog {
  // @ts-expect-error stores
  new client.PostHog("k", options);
  return new PostHog("k", options);
}
