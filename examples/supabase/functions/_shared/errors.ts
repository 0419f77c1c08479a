import type { Context } from "hono";
import { env } from "hono/adapter";
import { HTTPException } from "hono/http-exception";
import { AnalyticsError, background, PostHog, type VerifiedGroup } from "posthog-wasm/full";

declare module "hono" {
  interface ContextVariableMap {
    /** Whom the request is about, as soon as a handler knows: an error then counts for it. */
    organization: VerifiedGroup<"organization"> | undefined;
  }
}

/** Answers for what a handler throws. What is our fault is reported; what is the caller's is not. */
export async function answerError(error: Error, c: Context): Promise<Response> {
  if (error instanceof AnalyticsError) return c.json({ error: error.code, field: error.field }, 400);
  const known = error instanceof HTTPException ? error : undefined;
  const status = known?.status ?? 500;
  if (status >= 500) await background(report(error, c, status), c);
  return c.json({ error: known?.message ?? "internal" }, status);
}

function report(error: Error, c: Context, status: number) {
  const function_name = c.req.path.split("/").at(-1);
  const { ENV_NAME } = env<{ ENV_NAME?: string }>(c);
  const organization = c.get("organization");
  return PostHog.fromEnv(c).captureException(error, {
    distinctId: `backend:${ENV_NAME || "unknown"}:${function_name}`,
    groups: [organization],
    properties: {
      error_kind: kind(error),
      function_name,
      method: c.req.method,
      request_id: c.get("requestId"),
      status,
      url_path: c.req.path,
    },
  });
}

function kind(error: Error): string {
  if (error instanceof HTTPException) return "http_exception";
  return error.name === "DrizzleQueryError" ? "drizzle_error" : "unhandled_error";
}
