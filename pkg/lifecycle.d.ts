/**
 * What happened in the product, as events: rows of its tables, and what its clients report. Sends nothing: what comes
 * back is for `track`.
 *
 * ```ts
 * import { background, PostHog } from "posthog-wasm";
 * import { organizationCreated } from "posthog-wasm/lifecycle";
 *
 * await background(PostHog.fromEnv(c).track(organizationCreated(record)), c);
 * ```
 *
 * @module
 */
import type { DomainEvent, Extra, Properties, Timestamp, VerifiedGroup } from "./types.d.ts";

// TypeScript wants a name in .js here, which Deno would not find.
// @ts-ignore TS2846
export { AnalyticsError } from "./types.d.ts";

// ---------------------------------------------------------------------------------------------------------
// Rows
// ---------------------------------------------------------------------------------------------------------

/** A column that may be null or not selected. */
type Column<T> = T | null | undefined;

/**
 * An organization was created: `Org Created` and the first of its profile (name, website, created_at; never an
 * e-mail, a customer's id or who created it).
 *
 * Like every function here it does not throw: a row that belongs to nobody becomes an event that
 * `track` reports as `invalid` (`missing_column`). Rows are as the database sends them; more
 * columns do no harm. Events are attributed to the row's organization and stamped with the row's own time.
 */
export function organizationCreated(
  row: { id: string; name?: Column<string>; website?: Column<string>; created_at?: Column<Timestamp> },
  extra?: Extra,
): DomainEvent[];

/** An app was created: `App Created`, `Demo App Created` or `Onboarding App Created`. */
export function appCreated(
  row: {
    app_id: string;
    owner_org: string;
    name?: Column<string>;
    created_at?: Column<Timestamp>;
    is_demo?: Column<boolean>;
    need_onboarding?: Column<boolean>;
  },
  extra?: Extra,
): DomainEvent[];

/** A version was uploaded: `Bundle Created`. */
export function bundleCreated(
  row: {
    id?: Column<string | number>;
    app_id: string;
    name?: Column<string>;
    owner_org: string;
    created_at?: Column<Timestamp>;
  },
  extra?: Extra,
): DomainEvent[];

/** A version was put on a channel: `Bundle Deployed`. */
export function bundleDeployed(
  row: {
    id?: Column<string | number>;
    app_id: string;
    owner_org: string;
    channel_id?: Column<string | number>;
    bundle_name?: Column<string>;
    deployed_at?: Column<Timestamp>;
    created_at?: Column<Timestamp>;
  },
  extra?: Extra,
): DomainEvent[];

/** Somebody asked where to upload a version: `Upload via single file`, stamped when it is sent. */
export function uploadLinkCreated(
  row: { app_id?: Column<string>; owner_org: string },
  extra?: Extra,
): DomainEvent[];

/** An upload did not come to its end: `Failed to upload a bundle`, stamped when it is sent. */
export function bundleUploadFailed(
  row: { app_id?: Column<string>; owner_org: string },
  extra?: Extra,
): DomainEvent[];

/** A person signed up: `User Joined` or `User Joined by Invite`. Deliberately without groups. */
export function userCreated(
  row: { id: string; created_at?: Column<Timestamp>; created_via_invite?: Column<boolean> },
  extra?: Extra,
): DomainEvent[];

/** `Credit usage 90%+`, announced on phones from 100 on. */
export function creditUsageAlert(
  row: {
    org_id: string;
    threshold: number | string;
    percent_used?: Column<number>;
    alert_cycle?: Column<number | string>;
  },
  extra?: Extra,
): DomainEvent[];

/** `User is at 90% of plan usage`. */
export function planUsageAlert(
  row: {
    org_id: string;
    threshold: number | string;
    metric?: Column<string>;
    metric_percent?: Column<number | string>;
  },
  extra?: Extra,
): DomainEvent[];

/** `User need upgrade to Maker`. */
export function planUpgradeNeeded(row: { org_id: string; plan_name: string }, extra?: Extra): DomainEvent[];

/** `User need onboarding`. */
export function onboardingNeeded(row: { org_id: string }, extra?: Extra): DomainEvent[];

/** A native build went on: `Build Requested`, `Started`, `Succeeded`, `Failed` or `Timed Out`. Its person's event. */
export function buildStatusChanged(
  row: {
    id?: Column<string>;
    owner_org: string;
    requested_by: string;
    app_id?: Column<string>;
    platform?: Column<string>;
    build_mode?: Column<string>;
    /** `requested` (or `pending`), `started` (or `running`), `succeeded`, `failed`, `timed_out`. */
    status: string;
    duration_seconds?: Column<number>;
    failure_category?: Column<string>;
    updated_at?: Column<Timestamp>;
    created_at?: Column<Timestamp>;
  },
  extra?: Extra,
): DomainEvent[];

// ---------------------------------------------------------------------------------------------------------
// Clients' requests
// ---------------------------------------------------------------------------------------------------------

/** What a client sends to have an event tracked. */
export interface TrackingRequest {
  event: string;
  channel?: string | undefined;
  description?: string | undefined;
  icon?: string | undefined;
  notify?: boolean | undefined;

  /** Version 1: whose event it is, the user or an organization. Never believed unverified. */
  user_id?: string | null | undefined;

  /** Version 2: the organization it speaks of. Never believed unverified. */
  org_id?: string | null | undefined;

  /** `app-id`, else `app_id`, names an app: then the app is checked, and not the organization. */
  tags?: Properties | undefined;
  nonPersonTags?: Properties | undefined;

  /** `2` or `"2"`; everything else is version 1. */
  tracking_version?: number | string | undefined;

  /** `true`: the organization's console is to be told, so one must be asked for. */
  notifyConsole?: boolean | undefined;
}

/** Whose event a client's request is. */
export type Identity =
  | {
    ok: true;

    /** The actor: the signed-in user, or in version 1 the organization that was asked for. */
    distinctId: string;

    /** The organization that was asked for, verified; empty where none was. */
    groups: VerifiedGroup<"organization">[];

    /** The app that was verified instead of the organization, which owns it. In no group unless you put it there. */
    app?: VerifiedGroup<"app">;

    /**
     * The organization to notify in its console, the one in `groups`: with version 2 whenever it is asked for, with
     * version 1 only if the request has `notifyConsole`.
     */
    requestedOrganization?: VerifiedGroup<"organization">;
  }
  | {
    ok: false;

    /**
     * - `unauthenticated`: the event would be the user's own, or an organization's by the user, and `userId` is blank.
     * - `forbidden_organization`: it may not be read, or is no id.
     * - `forbidden_app`: it may not be read, is not the organization's, or is no id.
     * - `check_failed`: a check threw, took longer than the budget or is missing, or the request cannot be read.
     * - `missing_organization`: `notifyConsole` without an organization.
     * - `too_large`: over 64 kB.
     */
    code:
      | "unauthenticated"
      | "forbidden_organization"
      | "forbidden_app"
      | "check_failed"
      | "missing_organization"
      | "too_large";

    /** What to answer: 403; 400 for `missing_organization` and `too_large`, which are the client's mistakes. */
    status: 400 | 403;
    message: string;
  };

/** What {@link resolveTrackingIdentity} asks the host. */
export interface TrackingChecks {
  /** The signed-in user's id; `""` if there is none. */
  userId: string;

  /** Whether the caller may read this organization. Only `true` is a yes. */
  canReadOrganization(id: string): boolean | Promise<boolean>;

  /** Whether the caller may read this app: there are keys that may read one app and not its organization. */
  canReadApp(appId: string): boolean | Promise<boolean>;

  /** The id of the organization that owns this app. */
  appOwner(appId: string): string | null | undefined | Promise<string | null | undefined>;

  /** For all checks together. Default 5000. */
  budgetMs?: number | undefined;
}

/**
 * Whose event a client's request is, by look-ups of the host's.
 *
 * | version | asks for | app | must hold | the event is |
 * |---|---|---|---|---|
 * | 2 | no `org_id` | any | | the user's, in no group |
 * | 2 | `org_id` | none | `canReadOrganization(org_id)` | the user's, in that organization |
 * | 2 | `org_id` | one | `canReadApp(app)` and `appOwner(app)` is `org_id` | the user's, in that organization |
 * | 1 | no `user_id`, or the user's | any | | the user's, in no group |
 * | 1 | another `user_id` | none | `canReadOrganization(user_id)` | the organization's own |
 * | 1 | another `user_id` | one | `canReadApp(app)` and `appOwner(app)` is `user_id` | the organization's own |
 *
 * Whatever does not hold refuses the request; nothing falls back to another identity, and there is no group that was
 * not asked for. Never rejects. A check is called at most once, only where the table needs it, and with an id of 1 to
 * 400 characters. `null` and `""` count as not asked for; what is no text, or blank, is refused.
 *
 * A request that is `null` or no object asks for nothing: the user's own event, in no group. The app is the tag
 * `app-id`, else `app_id`, of those that are text and not `""`; a blank one is refused with `forbidden_app`. A blank
 * `userId` is nobody: `unauthenticated`, but for version 1 in an organization's name.
 */
export function resolveTrackingIdentity(request: TrackingRequest, checks: TrackingChecks): Promise<Identity>;

/**
 * The event of a client's request. Tags whose names start with `$` are left out, with a warning, and so is an `org_id`
 * that was not verified; version 2 in an organization gets `org_id` as a tag. Over 64 kB is refused. Person
 * properties are set only where a person acts.
 *
 * @throws {AnalyticsError} `reserved_name` for an event name that starts with `$`, `invalid_event`, `invalid_type`,
 * `too_large`: the client's mistakes.
 */
export function fromClient(request: TrackingRequest, identity: Extract<Identity, { ok: true }>): DomainEvent;
