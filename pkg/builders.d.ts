/**
 * The same events as requests, for those who send or queue them themselves. Sends nothing.
 *
 * ```ts
 * import { buildCapture, trusted } from "posthog-wasm/builders";
 *
 * const groups = [trusted("organization", row.owner_org, "database trigger")];
 * const request = buildCapture({ apiKey: "phc_…" }, { event: "Bundle Created", distinctId: row.user_id, groups });
 * await fetch(request.url, request);
 * ```
 *
 * Groups and sources are the same as in `posthog-wasm`.
 *
 * @module
 */
import type {
  AliasInput,
  CaptureInput,
  ExceptionContext,
  GroupIdentifyInput,
  IdentifyInput,
  Options,
  Privacy,
  SnapshotInput,
  Timestamp,
  Tracked,
} from "./types.d.ts";

// TypeScript wants names in .js here, which Deno would not find.
// @ts-ignore TS2846
export { AnalyticsError } from "./types.d.ts";
// @ts-ignore TS2846
export { databaseSource } from "./types.d.ts";
// @ts-ignore TS2846
export { queueSource } from "./types.d.ts";
// @ts-ignore TS2846
export { stripeSource } from "./types.d.ts";
// @ts-ignore TS2846
export { trusted } from "./types.d.ts";
// @ts-ignore TS2846
export { verify } from "./types.d.ts";

/** What a builder needs to know. */
export interface Config {
  /** The project's API key, `phc_…`. Missing or wrong: `invalid_api_key`. */
  apiKey: string;

  /** As in the client's {@link Options}. */
  host?: Options["host"];

  /** As in the client's {@link Options}. */
  allowHttp?: boolean | undefined;

  /**
   * The time that counts as now. Default: now. With it and a `uuid` or a `source`, the same input gives the
   * same request, byte for byte.
   */
  now?: Timestamp | undefined;

  /** As in the client's {@link Options}. */
  groupTypes?: readonly string[] | undefined;

  /** As in the client's {@link Options}. */
  ip?: Options["ip"];

  /** As in the client's {@link Options}. */
  privacy?: Privacy | undefined;
}

/** A request: `fetch(request.url, request)` sends it. The body holds the API key. */
export interface WireRequest {
  /** `{host}/batch/`, or `{host}/s/` for a replay. */
  url: string;

  method: "POST";

  /** `Content-Type` and `User-Agent`. */
  headers: Record<string, string>;

  /** JSON text: `{"api_key":…,"batch":[…]}`; an array of events for a replay. */
  body: string;
}

/**
 * The request that `capture` would send.
 *
 * Like every builder it is synchronous, sends nothing and logs nothing. `before_send` does not apply;
 * for warnings there is `lint` of `posthog-wasm/lint`.
 *
 * @throws {AnalyticsError} for a mistake in `config` or `input`.
 */
export function buildCapture(config: Config, input: CaptureInput): WireRequest;

/** The request that `groupIdentify` would send. Throws {@link AnalyticsError}. */
export function buildGroupIdentify(config: Config, input: GroupIdentifyInput): WireRequest;

/** The request that `identify` would send. Throws {@link AnalyticsError}. */
export function buildIdentify(config: Config, input: IdentifyInput): WireRequest;

/** The request that `alias` would send. Throws {@link AnalyticsError}. */
export function buildAlias(config: Config, input: AliasInput): WireRequest;

/** The request that `captureException` would send. Throws {@link AnalyticsError}. */
export function buildException(config: Config, input: { error: unknown } & ExceptionContext): WireRequest;

/** The request that `captureSnapshot` would send. Throws {@link AnalyticsError}. */
export function buildSnapshot(config: Config, input: SnapshotInput): WireRequest;

/**
 * All events in one request, whatever its size: keep it under 2 MB, which is what older and self-hosted
 * PostHogs take. Throws {@link AnalyticsError} for the first wrong event, or for no event at all.
 */
export function buildBatch(config: Config, events: readonly Tracked[]): WireRequest;
