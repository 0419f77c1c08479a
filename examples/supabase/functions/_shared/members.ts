import type { MemberNotification, Tracked } from "posthog-wasm/full";
import * as database from "./database.ts";

/**
 * Tells members what events say that they should hear, and answers how many were told. Where this prints, a
 * mailer would be called.
 */
export async function notifyMembers(events: readonly Tracked[]): Promise<number> {
  let told = 0;
  for (const event of events) {
    if (event.kind !== "capture" || !event.notification) continue;
    const organization = event.groups?.find((group) => group?.type === "organization");
    if (organization) told += await notify(organization.key, event.notification);
  }
  return told;
}

async function notify(organization: string, notification: MemberNotification): Promise<number> {
  const { event, preferenceKey, audience } = notification;
  const wanted = (await database.membersOf(organization)).filter(({ roles, muted }) =>
    !muted.includes(preferenceKey) && (!audience || roles.includes(audience))
  );
  if (wanted.length === 0 || !await isNew(organization, notification, new Date())) return 0;
  console.log(JSON.stringify({ notified: event, members: wanted.length }));
  return wanted.length;
}

/** Whether this message has not been sent yet: ever, or in this minute, day, week or month. */
function isNew(
  organization: string,
  { uniqId, once, cron }: MemberNotification,
  now: Date,
): Promise<boolean> {
  const period = once ? "ever" : PERIODS[cron ?? EVERY_MINUTE]?.(now) ?? now.toISOString();
  return database.claim([organization, uniqId, period].join());
}

const EVERY_MINUTE = "* * * * *";
const day = (date: Date) => date.toISOString().slice(0, 10);

/** The schedules that are in use, each as the name of the period that a moment is in. */
const PERIODS: Record<string, (now: Date) => string> = {
  [EVERY_MINUTE]: (now) => now.toISOString().slice(0, 16),
  "0 0 * * *": day,
  "0 0 * * 1": (now) => day(new Date(now.getTime() - (now.getUTCDay() + 6) % 7 * 86_400_000)),
  "0 0 1 * *": (now) => now.toISOString().slice(0, 7),
};
