// Which of the events that clients send are worth an e-mail to the organization's members.
import type { MemberNotification } from "posthog-wasm/full";
import type { TrackingRequest } from "posthog-wasm/lifecycle";
import type * as database from "../_shared/database.ts";

/** What the members of an app's organization are to be told. The app was verified. */
export function notificationFor(
  request: TrackingRequest,
  app: database.App | undefined,
): MemberNotification | undefined {
  const { event, tags = {} } = request;
  if (!app) return undefined;
  if (event === "onboarding-step-done") {
    const data = { org_id: app.owner_org, app_name: app.name };
    const uniqId = `app:updated:${app.app_id}`;
    return { event: "app:updated", preferenceKey: "onboarding", uniqId, cron: "* * * * *", data };
  }
  if (event === "Builder Onboarding Step") return builderOnboarding(app.app_id, tags);
  if (isIncompatibleBundle(request)) return incompatibleBundle(app.app_id, tags);
}

export function isIncompatibleBundle({ event, tags }: TrackingRequest): boolean {
  return event === "Bundle Incompatible" && tags?.channel_overwritten === true;
}

type Tags = NonNullable<TrackingRequest["tags"]>;

/** Its first and its last step. */
function builderOnboarding(app_id: string, { step, platform }: Tags): MemberNotification | undefined {
  const event = step === "welcome"
    ? "builder_onboarding_started"
    : step === "build-complete"
    ? "builder_onboarding_completed"
    : undefined;
  if (!event) return undefined;
  const uniqId = `${event}:${app_id}:${platform}`;
  return { event, preferenceKey: "builder_onboarding", uniqId, data: { app_id, platform } };
}

/** Undefined where the client does not say which bundle of which channel. */
function incompatibleBundle(
  app_id: string,
  { channel_name, version, update_strategy }: Tags,
): MemberNotification | undefined {
  if (!channel_name || !version) return undefined;
  const event = "bundle_incompatible";
  const uniqId = `${event}:${app_id}:${channel_name}:${version}`;
  const data = { app_id, channel_name, version, update_strategy };
  return { event, preferenceKey: event, uniqId, once: true, data };
}
