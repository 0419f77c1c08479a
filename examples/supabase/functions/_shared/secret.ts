// What the database's webhooks and cron jobs send along: they carry no user's token.
import type { Context } from "hono";
import { env } from "hono/adapter";
import { createMiddleware } from "hono/factory";

/** Lets pass who knows the secret that was given to the database. */
export const databaseSecret = createMiddleware(async (c, next) => {
  if (!await knowsSecret(c)) return c.json({ error: "unauthorized" }, 401);
  await next();
});

async function knowsSecret(c: Context): Promise<boolean> {
  const { DATABASE_WEBHOOK_SECRET: secret } = env<{ DATABASE_WEBHOOK_SECRET?: string }>(c);
  const given = c.req.header("x-webhook-secret");
  return Boolean(secret) && given !== undefined && await equal(secret!, given);
}

/** Compares every byte of the two digests, so that the time it takes tells nothing about the secret. */
async function equal(one: string, other: string): Promise<boolean> {
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [left, right] = await Promise.all([digest(one), digest(other)]);
  return left.reduce((difference, byte, index) => difference | (byte ^ right[index]), 0) === 0;
}
