// The host's own helpers, kept as small as their contracts allow.
import type { Context } from "hono";
import { env } from "hono/adapter";

declare const EdgeRuntime: { waitUntil(task: Promise<unknown>): void };

export function getEnv(c: Context, key: string): string {
  return env<Record<string, string | undefined>>(c)[key] ?? "";
}

export function existInEnv(c: Context, key: string): boolean {
  return getEnv(c, key) !== "";
}

/** Hands the task to the runtime, if there is one to take it; else the caller waits for it. */
export function backgroundTask(c: Context, task: Promise<unknown>): Promise<unknown> {
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") c.executionCtx.waitUntil(task);
  else if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(task);
  else return task;
  return Promise.resolve(null);
}
