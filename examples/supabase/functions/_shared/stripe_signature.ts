// Stripe signs "<time>.<body>" with HMAC-SHA-256 and sends "t=<time>,v1=<signature>". While a secret is
// being rolled there is one v1 for each; other schemes (v0) count for nothing.

/** How old a signature may be, so that a captured request cannot be replayed for ever. */
const TOLERANCE_SECONDS = 5 * 60;

/** Whether Stripe sent this body, just now. The body must be the text as it came, not parsed and rewritten. */
export async function fromStripe(request: Request, body: string): Promise<boolean> {
  const secret = Deno.env.get("STRIPE_WEBHOOK_SECRET");
  const fields = (request.headers.get("stripe-signature") ?? "").split(",").map((field) => field.trim());
  const values = (name: string) =>
    fields.filter((field) => field.startsWith(`${name}=`)).map((field) => field.slice(name.length + 1));

  const [time] = values("t");
  if (!secret || !/^\d{1,12}$/.test(time ?? "")) return false;
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
