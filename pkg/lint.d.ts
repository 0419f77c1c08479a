/**
 * What would become of events, before they are sent: what this package would refuse or change, what PostHog would warn
 * about, and what PostHog would count. For tests, scripts and code reviews; it sends nothing.
 *
 * ```ts
 * import { estimate, lint } from "posthog-wasm/lint";
 *
 * const events = [{ kind: "capture", event: "Opened", distinctId: "x".repeat(300) }] as const;
 * lint(events); // [{ code: "distinct_id_too_long", field: "distinctId", ingestionWarning: "distinct_id_truncated", … }]
 * estimate(events); // { identified: 1, personless: 0, groupBilled: 1, … }
 * ```
 *
 * @module
 */
import type {
  AliasInput,
  CaptureInput,
  Code,
  ExceptionContext,
  IdentifyInput,
  Options,
  Privacy,
  SnapshotInput,
  Tracked,
} from "./types.d.ts";

// TypeScript wants a name in .js here, which Deno would not find.
// @ts-ignore TS2846
export { AnalyticsError } from "./types.d.ts";

/**
 * One event: what `track` takes, or what another method takes with the `kind` that says which. `ai` is
 * `captureAi`'s, `snapshot` is `captureSnapshot`'s. Of an exception, `error` is not looked at.
 */
export type LintInput =
  | Tracked
  | ({ kind: "ai" } & CaptureInput)
  | ({ kind: "alias" } & AliasInput)
  | ({ kind: "exception"; error?: unknown } & ExceptionContext)
  | ({ kind: "identify" } & IdentifyInput)
  | ({ kind: "snapshot" } & SnapshotInput);

/** What of a client's options decides what becomes of an event. */
export interface LintOptions extends Pick<Options, "groupTypes" | "ip"> {
  /** As in the options of the client of `posthog-wasm/full`. */
  privacy?: Privacy | undefined;

  /** The endpoint that the client sends to: PostHog's newer one warns about other things. Default `"v0"`. */
  protocol?: "v0" | "v1" | undefined;
}

/** Something that is wrong with an event, that would be changed in it, or that PostHog would warn about. */
export interface Finding {
  /** Stable. `ingestion_warning` is what this package sends as it is, and only PostHog would warn about. */
  code: Code | "ingestion_warning";

  /** A path into the input, from `events[2]` on where there are several. Absent when it is all of it. */
  field?: string;

  /** For people. Never holds a key, a token or a property's value. */
  message: string;

  /** What PostHog would call it, or does call it when another library sends such an event. */
  ingestionWarning?: IngestionWarning;
}

/**
 * PostHog's ingestion warnings, as far as events alone can be asked for them. docs/ingestion-warnings.md has all that there
 * are, what PostHog does with the event, and where that is from.
 */
export type IngestionWarning =
  | "cannot_merge_with_illegal_distinct_id"
  | "client_ingestion_warning"
  | "cookieless_missing_host"
  | "cookieless_missing_user_agent"
  | "distinct_id_too_large"
  | "distinct_id_truncated"
  | "duplicate_event_uuid"
  | "event_name_too_long"
  | "event_timestamp_in_future"
  | "group_key_too_long"
  | "ignored_invalid_timestamp"
  | "invalid_ai_token_property"
  | "invalid_event_timestamp"
  | "invalid_event_uuid"
  | "invalid_group_set"
  | "invalid_heatmap_data"
  | "invalid_process_person_profile"
  | "invalid_session_id"
  | "malformed_event_properties"
  | "message_contained_no_valid_rrweb_events"
  | "message_size_too_large"
  | "message_timestamp_diff_too_large"
  | "missing_distinct_id"
  | "missing_event_name"
  | "missing_session_id"
  | "missing_snapshot_data"
  | "person_properties_size_violation"
  | "rejecting_heatmap_data_with_invalid_items"
  | "rejecting_heatmap_data_with_invalid_url";

/**
 * What is wrong with events, what would be changed or left out, and what PostHog would warn about; what would not be sent
 * at all comes first. Does not throw for a mistake: wrong options are a finding too. `before_send` does not apply.
 *
 * @throws {AnalyticsError} `wasm_unavailable` or `internal`, as builders do.
 */
export function lint(events: LintInput | readonly LintInput[], options?: LintOptions): Finding[];

/**
 * How many of each kind PostHog would count, which is what it bills by. As its usage report counted on 2026-11-30;
 * docs/cost.md says what is from where. Nobody is asked, and prices are not known here.
 */
export interface Estimate {
  /** Events with a person's profile, of product analytics. `$groupidentify`, `$identify` and `$create_alias` are such. */
  identified: number;

  /** Events without one, which cost less. */
  personless: number;

  /** What the group analytics add-on counts, if you have it: all identified events, whether they have groups or not. */
  groupBilled: number;

  /** Identified events that say which groups they belong to. */
  withGroups: number;

  /** `$ai_…` events. */
  ai: number;

  /** `$exception` events. */
  exceptions: number;

  /** `survey sent` events. */
  surveyResponses: number;

  /** Sessions of which a replay is sent. A session that other requests record too is counted once by PostHog. */
  replays: number;

  /** Events that cost nothing, such as `$feature_flag_called`. */
  unbilled: number;

  /** Events that would not be sent: {@link lint} says why. */
  notSent: number;
}

/**
 * What PostHog would count of these events. They are counted as they would be sent: a personless event with groups is
 * sent identified.
 *
 * @throws {AnalyticsError} for wrong options; `wasm_unavailable` or `internal`, as builders do.
 */
export function estimate(events: LintInput | readonly LintInput[], options?: LintOptions): Estimate;
