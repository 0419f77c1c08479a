// Stripe signs "<time>.<body>" with HMAC-SHA-256 and sends "t=<time>,v1=<signature>". While a secret is
// being rolled there is one v1 for each; other schemes (v0) count for nothing.
import { env } from "hono/adapter";
import { createMiddleware } from "hono/factory";
import type { StripeEvent } from "posthog-wasm/stripe";

/** How old a signature may be, so that a captured request cannot be replayed for ever. */
const TOLERANCE_SECONDS = 5 * 60;

/** Lets pass what Stripe has signed just now, and sets `stripeEvent`. */
export const stripeSignature = createMiddleware<{ Variables: { stripeEvent: StripeEvent } }>(
  async (c, next) => {
    const { STRIPE_WEBHOOK_SECRET: secret } = env<{ STRIPE_WEBHOOK_SECRET?: string }>(c);
    // The text as it came: parsed and written again, it would have another signature.
    const body = await c.req.text();
    if (!secret || !await isSigned(body, c.req.header("stripe-signature") ?? "", secret)) {
      return c.json({ error: "invalid_signature" }, 400);
    }
    c.set("stripeEvent", JSON.parse(body));
    await next();
  },
);

async function isSigned(body: string, header: string, secret: string): Promise<boolean> {
  const fields = header.split(",").map((field) => field.trim());
  const values = (name: string) =>
    fields.filter((field) => field.startsWith(`${name}=`)).map((field) => field.slice(name.length + 1));

  const [time] = values("t");
  if (!/^\d{1,12}$/.test(time ?? "")) return false;
  if (Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE_SECONDS) return false;

  const bytes = (text: string) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  for (const signature of values("v1")) {
    if (!/^[0-9a-f]{64}$/i.test(signature)) continue;
    const code = Uint8Array.from(signature.match(/../g)!, (pair) => parseInt(pair, 16));
    // Compares in constant time.
    if (await crypto.subtle.verify("HMAC", key, code, bytes(`${time}.${body}`))) return true;
  }
  return false;
}
