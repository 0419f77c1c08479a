/**
 * A `fetch` for your own tests: it takes what the package sends, answers 200, and shows it decoded; it fails when it is
 * told to.
 *
 * ```ts
 * import { PostHog } from "posthog-wasm";
 * import { createTestTransport } from "posthog-wasm/testing";
 *
 * const transport = createTestTransport();
 * const posthog = new PostHog("phc_test", { fetch: transport.fetch });
 * posthog.capture({ event: "Org Created", distinctId: "org_1" });
 * const { properties } = await transport.waitFor("Org Created");
 * console.assert(properties.$lib === "posthog-wasm");
 * ```
 *
 * @module
 */

import type { FlagValue } from "./flags.d.ts";
import type { FetchInit, FetchResponse } from "./types.d.ts";

/** Makes a transport with no events in it. Works in vitest, Jest, `deno test` and `node:test` alike. */
export function createTestTransport(): TestTransport;

/** What {@link createTestTransport} makes. All of its functions may be passed on without it. */
export interface TestTransport {
  /**
   * Goes into the option `fetch`, or in the place of `globalThis.fetch`: it takes a URL or a `Request`, of any method.
   * Nothing leaves the process. What is sent to neither PostHog nor LogSnag is answered 200 as well, and is in `requests`. A
   * request is PostHog's by its path, behind a proxy's or not, if a project's key is in its body or its address too (`/flags/`,
   * `/e/`, …) or the path is nobody else's (`/i/v0/e/`, …); LogSnag's by `/v1/log`, with a project and an event in its body.
   */
  fetch: typeof globalThis extends { fetch: infer Fetch } ? Fetch
    : (url: string, init: FetchInit) => Promise<FetchResponse>;

  /** What PostHog was sent so far, in order; the events of a batch one by one. Always the same array. */
  readonly events: SentEvent[];

  /** What LogSnag was sent so far, in order. Always the same array. */
  readonly logsnag: SentLogSnagEvent[];

  /** Every request so far, with those that failed. Always the same array. */
  readonly requests: SentRequest[];

  /**
   * The first event of this name, or the first that `wanted` answers true for: at once if it has arrived, else when it
   * does. For calls that are not awaited. Rejects after `timeoutMs` (default 1000) and names what did arrive; and with what
   * `wanted` throws, which is no trouble of who sends.
   */
  waitFor(
    wanted: string | ((event: SentEvent) => boolean),
    options?: { timeoutMs?: number },
  ): Promise<SentEvent>;

  /**
   * What PostHog says of flags from now on, whoever asks. Those that are not named are not there. At first there are none.
   *
   * ```ts
   * import { PostHog } from "posthog-wasm";
   * import { evaluateFlags } from "posthog-wasm/flags";
   * import { createTestTransport } from "posthog-wasm/testing";
   *
   * const transport = createTestTransport();
   * transport.flags({ checkout: true, theme: { value: "dark", payload: { size: 2 } } });
   * const posthog = new PostHog("phc_test", { fetch: transport.fetch });
   * const flags = await evaluateFlags(posthog, { distinctId: "user_1" });
   * console.assert(flags.isEnabled("checkout") && flags.getFlag("theme") === "dark");
   * ```
   */
  flags(values: { readonly [key: string]: TestFlag }): void;

  /**
   * What PostHog answers to who asks for definitions of flags (`loadFlagDefinitions`, `refreshFlagDefinitions`), from now on.
   * At first it has none. It is taken as it is.
   */
  flagDefinitions(definitions: object): void;

  /**
   * Makes the next request fail, or the next `times` (default 1; `Infinity`: all, until `clear()`): they do not arrive. Given
   * again, it goes for the requests after those. Throws a TypeError for what is no such failure, and for `times` that is no
   * whole number of at least 1.
   *
   * ```ts
   * import { PostHog } from "posthog-wasm";
   * import { createTestTransport } from "posthog-wasm/testing";
   *
   * const transport = createTestTransport();
   * const posthog = new PostHog("phc_test", { fetch: transport.fetch, maxRetries: 0 });
   * transport.failNext({ status: 503 });
   * const outcome = await posthog.capture({ event: "Org Created", distinctId: "org_1" });
   * console.assert(outcome.status === "unreachable");
   * ```
   */
  failNext(failure: Failure, times?: number): void;

  /** Empties `events`, `logsnag` and `requests`, forgets flags and definitions, and lets nothing fail any more. */
  clear(): void;
}

/** A flag, as a test sets it: off, on, on with a variant; with what is attached to it, if that matters. */
export type TestFlag = FlagValue | { value: FlagValue; payload?: unknown };

/** How a request fails: with a status, without ever an answer, or with a broken connection. */
export type Failure =
  & {
    /** Whose requests fail. Default: whichever of the two comes next; other services' never do. */
    provider?: "posthog" | "logsnag";
  }
  & (
    | {
      /** 200 to 599. */
      status: number;

      /** Text, or what becomes JSON text. */
      body?: unknown;

      /** Such as `{ "Retry-After": "1" }`. */
      headers?: Record<string, string>;
    }
    | { hang: true }
    | { reset: true }
  );

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

/** An event as LogSnag would have received it. */
export interface SentLogSnagEvent {
  project: string;
  channel: string;
  event: string;
  description?: string;
  icon?: string;
  notify?: boolean;
  user_id?: string;

  /** Seconds. */
  timestamp?: number;

  tags?: Record<string, string | number | boolean>;
}

/** A request, with its body read. */
export interface SentRequest {
  method: string;
  url: string;

  /** What its JSON says, or its text. `undefined`: it had none. */
  body: unknown;
}
