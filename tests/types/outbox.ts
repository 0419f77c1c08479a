// The client that writes into an outbox: what must compile, and what must not. Checked, never run.
import type { PostHog as Plain } from "posthog-wasm";
import { type Options, type Outcome, PostHog, trusted } from "posthog-wasm/outbox";
import { postgresOutbox } from "posthog-wasm/postgres";

declare const query: (text: string, values: string[]) => Promise<{ rows: unknown[] }>;

export async function usage(): Promise<Outcome> {
  const options: Options = { outbox: { store: postgresOutbox(query), write: "before_send" } };
  const posthog = PostHog.fromEnv(undefined, options);
  const plain: Plain = posthog;
  await plain.capture({ event: "e", distinctId: "u", groups: [trusted("organization", "o")] });
  return posthog.enqueue({ kind: "capture", event: "e", distinctId: "u" }, postgresOutbox(query));
}

export function refused() {
  const posthog = new PostHog("k");
  // @ts-expect-error it is drained elsewhere
  posthog.drain();
  // @ts-expect-error profiles are put into order by the full client
  new PostHog("k", { profileStore: {} });
  // @ts-expect-error a key for pseudonyms is the full client's
  new PostHog("k", { privacy: { pseudonymKey: "0123456789abcdef" } });
  // @ts-expect-error no such way to write
  new PostHog("k", { outbox: { store: postgresOutbox(query), write: "sometimes" } });
}
