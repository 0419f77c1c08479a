import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { type VerifiedGroup, verify } from "posthog-wasm/full";
import type { WithUser } from "./api_key.ts";
import * as database from "./database.ts";

/** The organization that an app belongs to, if the caller may see it; errors then count for it too. */
export async function organizationOf(
  c: Context<WithUser>,
  app: { owner_org: string } | undefined,
): Promise<VerifiedGroup<"organization"> | undefined> {
  const organization = await verify("organization", app?.owner_org, (id) => {
    return database.mayRead(c.get("userId"), id);
  });
  c.set("organization", organization);
  return organization;
}

/** What a route about one thing answers to those who may not see it, or when it is not there. */
export function notFound(): HTTPException {
  return new HTTPException(404, { message: "not_found" });
}
