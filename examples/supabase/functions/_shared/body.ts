import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";

/** A request's JSON object. Which of its fields are there, and of which type, is for the caller to see. */
export async function objectOf<T extends object>(c: Context): Promise<T> {
  const body = await c.req.json().catch(() => undefined);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new HTTPException(400, { message: "invalid_body" });
  }
  return body;
}

/** The row that a domain function takes. */
export type RowOf<F extends (row: never) => unknown> = Parameters<F>[0];

/** Sets `row`: the new row of a database webhook's body, which must tell of an insert into this table. */
export function inserted<Row extends object>(table: string) {
  return createMiddleware<{ Variables: { row: Row } }>(async (c, next) => {
    const body = await objectOf<{ type?: unknown; table?: unknown; record?: Row | null }>(c);
    const { type, record } = body;
    if (type !== "INSERT" || body.table !== table || typeof record !== "object" || record === null) {
      throw new HTTPException(400, { message: "invalid_body" });
    }
    c.set("row", record);
    await next();
  });
}
