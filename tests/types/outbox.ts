// The outbox's types: what compiles, and what must not.
import {
  databaseSource,
  type Drained,
  organizationCreated,
  type OutboxStore,
  PostHog,
  type ProfileStore,
  queueSource,
  type Source,
  stripeSource,
} from "posthog-wasm";
import { postgresOutbox, postgresProfiles } from "posthog-wasm/postgres";
import type { Equal, Expect } from "./expect.ts";

declare const query: (text: string, values: string[]) => Promise<{ rows: unknown[] }>;

export async function usage(store: OutboxStore) {
  const posthog = new PostHog("phc_test", { outbox: { store, write: "before_send" } });
  await posthog.enqueue(organizationCreated({ id: "o1", name: "Acme" }), postgresOutbox(query));
  const drained = await posthog.drain(postgresOutbox({ query }), { maxTries: 5, budgetMs: 50_000 });
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<typeof drained, Drained>>,
    Expect<Equal<Drained["accepted"], number>>,
    Expect<Equal<ReturnType<typeof stripeSource>, Source>>,
  ];
  // @ts-expect-error no such moment
  new PostHog("phc_test", { outbox: { store, write: "always" } });
  // @ts-expect-error when, then?
  new PostHog("phc_test", { outbox: { store } });
  // @ts-expect-error half a store
  new PostHog("phc_test", { outbox: { store: { put: store.put }, write: "on_failure" } });
  // @ts-expect-error no client
  postgresOutbox({});
  const profileStore: ProfileStore = postgresProfiles({ query });
  new PostHog("phc_test", { profileStore });
  // @ts-expect-error no client
  postgresProfiles({});
  // @ts-expect-error a webhook has a table
  databaseSource({ type: "INSERT", record: {} });
  // @ts-expect-error a message has an id and a time
  queueSource("jobs", { body: {} });
  return drained.ok ? drained.accepted : drained.error?.code;
}
