/**
 * A `fetch` for your own tests: it takes what the package sends, answers 200, and shows it decoded.
 *
 * ```ts
 * import { PostHog } from "posthog-wasm";
 * import { createTestTransport } from "posthog-wasm/testing";
 *
 * const transport = createTestTransport();
 * const posthog = new PostHog("phc_test", { fetch: transport.fetch });
 * await posthog.capture({ event: "Org Created", distinctId: "org_1" });
 * assertEquals(transport.events[0].event, "Org Created");
 * ```
 *
 * @module
 */

/** Makes a transport with no events in it. Works in vitest, `deno test` and `node:test` alike. */
export function createTestTransport(): TestTransport;

/** What {@link createTestTransport} makes. */
export interface TestTransport {
  /** Goes into the option `fetch`, or in the place of `globalThis.fetch`. Nothing leaves the process. */
  fetch: typeof globalThis.fetch;

  /** What was sent so far, in order; the events of a batch one by one. Always the same array. */
  readonly events: SentEvent[];

  /** Empties `events`. */
  clear(): void;
}

/** An event as PostHog would have received it. */
export interface SentEvent {
  event: string;

  /** Also of exceptions from `posthog-wasm/compat`, which carry it in their properties. */
  distinct_id: string;

  uuid: string;

  /** UTC with milliseconds: `2026-01-02T03:04:05.678Z`. */
  timestamp: string;

  /** With what the package adds: `$lib`, `$groups`, `$set`, … */
  properties: Record<string, unknown>;

  /** The path that it was sent to: `/batch/`, `/s/`, `/capture/`, … */
  path: string;
}
