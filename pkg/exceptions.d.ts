/**
 * `capturePosthogException` of `posthog-wasm/compat` alone, in a module of its own: for a Worker that reports its
 * errors and sends nothing else.
 *
 * ```ts
 * import { createExceptionTracking } from "posthog-wasm/exceptions";
 *
 * export const { capturePosthogException } = createExceptionTracking<Context>({
 *   keep: "all",
 *   getEnv: (c, key) => getEnv(c, key),
 *   log: (record) => cloudlog(record),
 *   logError: (record) => cloudlogErr(record),
 *   serializeError: (error) => serializeError(error),
 * });
 * ```
 *
 * @module
 */
import type { Tracking, TrackingHost } from "./compat.d.ts";

export type { PostHogExceptionPayload } from "./compat.d.ts";

/** What the host brings along: of `createTracking`'s, what this function uses. */
export type ExceptionHost<C> = Omit<
  TrackingHost<C>,
  | "backgroundTask"
  | "keepAnonymous"
  | "keepChannel"
  | "keepGroups"
  | "keepIp"
  | "keepLogsnagPayload"
  | "keepStrict"
  | "logsnag"
  | "notifyMembers"
  | "sendIp"
  | "trackPosthogEvent"
>;

/**
 * Makes the function. It sends and logs what that of `createTracking` does, with the same flags; nothing of `host` is
 * called before the moment of use.
 *
 * @typeParam C The host's own context.
 */
export function createExceptionTracking<C>(
  host?: ExceptionHost<C>,
): Pick<Tracking<C>, "capturePosthogException">;
