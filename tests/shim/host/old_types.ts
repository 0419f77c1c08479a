// The types that the replaced files exported.
import type { TrackOptions } from "@logsnag/node";
import type { EmailPreferenceKey, NotificationAudience } from "./utils/org_email_notifications.ts";

export type PostHogGroups = Record<string, string>;
export interface PostHogReplaySnapshotPayload {
  currentUrl: string;
  distinctId: string;
  events: unknown[];
  lib: string;
  libVersion: string;
  sessionId: string;
  snapshotBytes?: number;
  timestamp: string;
  userEmail?: string;
  userId: string;
  windowId: string;
}
export interface PostHogGroupIdentifyPayload {
  groupType: string;
  groupKey: string;
  properties?: Record<string, unknown>;
}
export interface BentoTrackingPayload {
  cron?: string;
  data: Record<string, unknown>;
  event: string;
  once?: boolean;
  preferenceKey: EmailPreferenceKey;
  uniqId: string;
  audience?: NotificationAudience;
}
export interface SendEventToTrackingPayload extends TrackOptions {
  bento?: BentoTrackingPayload;
  groups?: PostHogGroups;
  sentToBento?: boolean;
  nonPersonTags?: Record<string, string | number | boolean>;
}
export interface SendEventToTrackingOptions {
  background?: boolean;
  ip?: string;
  strict?: boolean;
}
