/** What each warning means for somebody who reads a dashboard later, and what to do. Used by the page and by the command. */
export interface Explanation {
  title: string;
  means: string;
  do: string;
}

const EXPLANATIONS: Record<string, Explanation> = {
  group_key_too_long: {
    title: "Group key over 400 characters",
    means: "PostHog answers 200 and drops the event.",
    do: "Send the organization's id as the key, not a document about it.",
  },
  invalid_event_when_process_person_profile_is_false: {
    title: "A profile event without person processing",
    means:
      "$identify, $create_alias and $groupidentify with $process_person_profile: false are answered 200 and dropped.",
    do: "Leave $process_person_profile out of events that write a profile.",
  },
  invalid_group_set: {
    title: "$group_set is not an object",
    means: "PostHog answers 200 and drops the event.",
    do: "Send the group's properties as an object of names and values.",
  },
  message_size_too_large: {
    title: "Event over 1 MB",
    means: "PostHog answers 200 and drops the event.",
    do: "Send fewer or shorter properties.",
  },
  cannot_merge_with_illegal_distinct_id: {
    title: "Merge with an id that stands for nobody",
    means: "The event is stored, the two persons stay apart.",
    do: 'Find the place that sends an id such as "undefined", "null" or "anonymous".',
  },
  distinct_id_truncated: {
    title: "Distinct id over 200 characters",
    means: "PostHog cuts it; ids that begin alike become one person.",
    do: "Send a short id.",
  },
  event_timestamp_in_future: {
    title: "More than 23 hours in the future",
    means: "PostHog stores the event under the time of its arrival.",
    do: "Check the clock and the unit of the timestamp.",
  },
  ignored_invalid_timestamp: {
    title: "Timestamp that is no time",
    means: "PostHog stores the event under the time of its arrival.",
    do: "Send ISO 8601 in UTC, such as 2026-01-02T03:04:05.678Z.",
  },
  invalid_process_person_profile: {
    title: "$process_person_profile is no boolean",
    means: "Only false without quotes switches person processing off: the event is billed as identified.",
    do: "Send the boolean.",
  },
  group_incomplete: {
    title: "Group without a type or key",
    means: "The event is stored and belongs to no group.",
    do: "Find out why the key was empty, null or undefined.",
  },
  group_type_limit_reached: {
    title: "A sixth group type",
    means: "A project has five group types. This one is ignored without a word.",
    do: "Send one of the five types, in the same spelling.",
  },
  groups_without_person_processing: {
    title: "Groups on a personless event",
    means: "The event is stored, but PostHog does not link it to its groups.",
    do: "Leave out $process_person_profile: false where the group matters.",
  },
  profile_out_of_order: {
    title: "An older fact overwrote a newer one",
    means: "PostHog keeps what arrives last, whatever the timestamps say.",
    do: "Write profiles in the order of the facts: posthog-wasm's stores and foldProfiles do.",
  },
  uuid_reused: {
    title: "The same uuid for another event",
    means: "PostHog tells events apart by day, name, person and uuid: it keeps and counts both.",
    do: "Give the same fact the same name, person and timestamp each time, and another fact another uuid.",
  },
  refused: {
    title: "Refused",
    means: "PostHog answers with an error, and nothing of the request is stored.",
    do: "Read the answer below; sending it again changes nothing.",
  },
};

export function explain(code: string): Explanation {
  return EXPLANATIONS[code] ?? { title: code, means: "", do: "" };
}
