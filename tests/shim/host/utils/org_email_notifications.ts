// The two ways to notify an organization's members. Here they only keep what they were told.
import type { Context } from "hono";
import { type DrizzleClient, steps } from "./pg.ts";

export type EmailPreferenceKey =
  | "builder_onboarding"
  | "bundle_incompatible"
  | "credit_usage"
  | "onboarding"
  | "usage_limit";
export type NotificationAudience = "admins" | "billing";

export async function sendNotifToOrgMembers(
  _c: Context,
  event: string,
  _preference: EmailPreferenceKey,
  _data: Record<string, unknown>,
  organization: string,
  _uniqId: string,
  cron: string,
  _drizzle: DrizzleClient,
  audience?: NotificationAudience,
): Promise<boolean> {
  steps.push(`${event} to ${audience ?? "all"} of ${organization}, ${cron}`);
  return true;
}

export async function sendNotifToOrgMembersOnce(
  _c: Context,
  event: string,
  _preference: EmailPreferenceKey,
  _data: Record<string, unknown>,
  organization: string,
  _uniqId: string,
  _drizzle: DrizzleClient,
  audience?: NotificationAudience,
): Promise<boolean> {
  steps.push(`${event} to ${audience ?? "all"} of ${organization}, once`);
  return true;
}
