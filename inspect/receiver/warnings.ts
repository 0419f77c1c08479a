/**
 * What PostHog would tell only in the project's ingestion warnings, never to the client: the client got
 * its 200. These are the names PostHog gives them.
 */
export type PostHogWarning =
  // The event is not stored.
  | "group_key_too_long"
  | "invalid_event_when_process_person_profile_is_false"
  | "invalid_group_set"
  | "message_size_too_large"
  // The event is stored, altered or in part.
  | "cannot_merge_with_illegal_distinct_id"
  | "distinct_id_truncated"
  | "event_timestamp_in_future"
  | "ignored_invalid_timestamp"
  | "invalid_process_person_profile";

/** What PostHog drops without telling even the project. It has no names for these; they are ours. */
export type SilentLoss =
  // Part of a `$groupidentify` or of `$groups` is missing, empty or too long, so it names no group.
  | "group_incomplete"
  // A sixth group type: its group is neither stored nor linked.
  | "group_type_limit_reached"
  // `$groups` on an event without person processing: not linked.
  | "groups_without_person_processing";

export type WarningCode = PostHogWarning | SilentLoss;

const DROPPED: readonly WarningCode[] = [
  "group_key_too_long",
  "invalid_event_when_process_person_profile_is_false",
  "invalid_group_set",
  "message_size_too_large",
];

/** Whether an event with this warning is not stored at all. */
export function isDropped(code: WarningCode): boolean {
  return DROPPED.includes(code);
}

export interface Warning {
  code: WarningCode;
  event: string;
  uuid: string;
}
