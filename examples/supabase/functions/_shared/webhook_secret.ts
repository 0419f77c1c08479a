/** Whether the caller knows the secret that was given to the database's webhooks. */
export async function fromDatabase(request: Request): Promise<boolean> {
  const secret = Deno.env.get("DATABASE_WEBHOOK_SECRET");
  const given = request.headers.get("x-webhook-secret");
  return Boolean(secret) && given !== null && await equal(secret!, given);
}

/** Compares every byte of the two digests, so that the time it takes tells nothing about the secret. */
async function equal(one: string, other: string): Promise<boolean> {
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [left, right] = await Promise.all([digest(one), digest(other)]);
  return left.reduce((difference, byte, index) => difference | (byte ^ right[index]), 0) === 0;
}
