import { createMiddleware } from "hono/factory";
import * as database from "./database.ts";

/** What a route knows behind `apiKey`. */
export interface WithUser {
  Variables: { userId: string };
}

/** Lets pass who has an API key, and sets whose it is. */
export const apiKey = createMiddleware<WithUser>(async (c, next) => {
  const userId = await database.userOfKey(c.req.header("x-api-key") ?? "");
  if (!userId) return c.json({ error: "unauthorized" }, 401);
  c.set("userId", userId);
  await next();
});
