// Every place where the backend that this package was made for tracks something (the rows of origin.md, 1a and
// 1b), as a route of the example: what is called, and what must arrive at PostHog.
import {
  allTransactions,
  organizations,
  plans,
  UNREADABLE_APP,
} from "../../examples/supabase/functions/_shared/database.ts";
import * as database from "../../tools/demo/database.ts";
import {
  type Call,
  fromCron,
  fromDatabase,
  fromStripe,
  fromUser,
  LAST_BUILD,
} from "../../tools/demo/senders.ts";
import * as stripe from "../../tools/demo/stripe.ts";

export interface Site {
  /** The row of the old table, and what is called there. */
  old: string;
  call: Omit<Call, "events">;
  arrives: Expected[];
}

export interface Expected {
  event: string;
  /** The organization that it counts for. */
  organization?: string;
  distinctId: string;
  /** When it happened; absent where that is when it was sent. */
  at?: string;
  /** Where that time comes from. */
  from: string;
  /** Some of its properties. */
  properties?: Record<string, unknown>;
}

const [fernweh, kestrel, osprey, plover] = organizations;
const [solo, maker] = plans;
export const ADA = "9a7c2e51-0b8d-4f63-8e1a-4c5d6e7f8a9b";
const BO = "5d0f8a16-43cb-4e7d-a1f2-7b8c9d0e1f2a";
const GUEST = "07f3b6c8-2d1e-4b95-9c40-a8b7c6d5e4f3";

/** Of the organization's own id, because no person acts. */
function ofOrganization(
  organization: string,
  event: string,
  properties: Record<string, unknown>,
  at?: string,
  from = "when it is sent",
): Expected {
  return { event, organization, distinctId: organization, at, from, properties };
}

function ofUser(
  user: string,
  organization: string | undefined,
  event: string,
  properties: Record<string, unknown>,
): Expected {
  return { event, organization, distinctId: user, from: "when it is sent", properties };
}

function profile(organization: string, set: Record<string, unknown>, at: string, from: string): Expected {
  const properties = { $group_type: "organization", $group_key: organization, $group_set: set };
  return { event: "$groupidentify", distinctId: `$organization_${organization}`, at, from, properties };
}

function site(old: string, call: Call, ...arrives: Expected[]): Site {
  return { old, call, arrives };
}

const row = (route: string, table: string, given: object) => fromDatabase("", route, table, given, 0);
const cron = (route: string, given: object = {}) => fromCron("", route, given, 0);
const user = (to: "private" | "build", route: string, key: string, given: Record<string, unknown>) =>
  fromUser("", to, route, key, given, 0);
const answering = (status: number, call: Call): Call => ({ ...call, status });

const CREATED = "2025-03-03T16:40:05.102938+00:00";

const ROWS: Site[] = [
  site(
    "1a 4, 1b `on_organization_create`",
    row("on_organization_create", "orgs", database.organizationRow(kestrel, CREATED)),
    ofOrganization(kestrel.id, "Org Created", { channel: "org-created" }, CREATED, "`created_at`"),
    profile(
      kestrel.id,
      { name: kestrel.name, website: kestrel.website, created_at: CREATED },
      CREATED,
      "`created_at`",
    ),
  ),
  ...[false, true].map((created_via_invite) =>
    site(
      "1a 5 `on_user_create`",
      row("on_user_create", "users", { id: ADA, created_at: CREATED, created_via_invite }),
      {
        event: created_via_invite ? "User Joined by Invite" : "User Joined",
        distinctId: ADA,
        at: CREATED,
        from: "`created_at`",
        properties: { channel: "user-register" },
      },
    )
  ),
  ...[["App Created", false, false], ["Demo App Created", true, false], [
    "Onboarding App Created",
    false,
    true,
  ]].map(
    ([event, is_demo, need_onboarding]) =>
      site(
        "1a 6 `on_app_create`",
        row("on_app_create", "apps", {
          app_id: "com.kestrel.notes",
          owner_org: kestrel.id,
          name: "Notes",
          created_at: CREATED,
          is_demo,
          need_onboarding,
        }),
        ofOrganization(
          kestrel.id,
          String(event),
          {
            channel: "app-created",
            app_id: "com.kestrel.notes",
            is_demo: String(is_demo),
            need_onboarding: String(need_onboarding),
          },
          CREATED,
          "`created_at`",
        ),
      ),
  ),
  site(
    "1a 7 `on_version_create`",
    row("on_version_create", "app_versions", {
      id: 601,
      app_id: "com.kestrel.notes",
      name: "0.9.0",
      owner_org: kestrel.id,
      created_at: CREATED,
    }),
    ofOrganization(
      kestrel.id,
      "Bundle Created",
      { channel: "bundle-created", app_id: "com.kestrel.notes", bundle_name: "0.9.0" },
      CREATED,
      "`created_at`",
    ),
  ),
  site(
    "1a 8 `on_deploy_history_create`",
    row("on_deploy_history_create", "deploy_history", {
      id: 81,
      app_id: "com.kestrel.notes",
      version_id: 601,
      channel_id: 21,
      created_at: CREATED,
    }),
    ofOrganization(
      kestrel.id,
      "Bundle Deployed",
      { channel: "bundle-deployed", app_id: "com.kestrel.notes", bundle_name: "0.9.0", channel_id: 21 },
      CREATED,
      "`created_at`",
    ),
  ),
];

const [transaction, second] = await allTransactions();
const ledgerLine = ({ id, org_id, occurred_at, amount }: typeof transaction) =>
  ofOrganization(
    org_id,
    "Credit Usage Ledger Entry",
    { channel: "usage", amount, $insert_id: `usage_credit_transaction:${id}` },
    occurred_at,
    "`occurred_at`",
  );

const USAGE: Site[] = [
  ...[50, 75, 90, 100].map((threshold) =>
    site(
      "1a 9 `credit_usage_alerts`",
      cron("credit_usage_alerts", {
        org_id: kestrel.id,
        threshold,
        percent_used: threshold + 0.5,
        alert_cycle: 4,
      }),
      ofOrganization(kestrel.id, `Credit usage ${threshold}%+`, {
        channel: "usage",
        alert_cycle: "4",
        percent_used: `${threshold}.50`,
        threshold: String(threshold),
      }),
    )
  ),
  site(
    "1a 18 `plans.ts` userAbovePlan",
    cron("plan_checks", { org_id: kestrel.id }),
    ofOrganization(kestrel.id, "User need upgrade to Maker", { channel: "usage" }),
  ),
  site(
    "1a 19 `plans.ts` userIsAtPlanUsage",
    cron("plan_checks", { org_id: fernweh.id }),
    ofOrganization(fernweh.id, "User is at 70% of plan usage", {
      channel: "usage",
      metric: "mau",
      metric_percent: "76.4",
      threshold: "70",
    }),
  ),
  site(
    "1a 20 `plans.ts`, once",
    cron("plan_checks", { org_id: osprey.id }),
    ofOrganization(osprey.id, "User need onboarding", { channel: "usage" }),
  ),
  site(
    "1b `credit_usage_posthog`",
    row("credit_usage_posthog", "usage_credit_transactions", transaction),
    ledgerLine(transaction),
  ),
  site(
    "1b backfill script",
    cron("credit_usage_backfill"),
    ledgerLine(transaction),
    ledgerLine(second),
  ),
];

const AT = "2025-05-12T10:31:12Z";
const STRIPE = "Stripe's `created`";
const bought: stripe.Subscription = {
  id: "sub_Kestrel",
  customer: kestrel.customer_id,
  terms: { plan: solo, interval: "month" },
  status: "active",
};

/** Each a second after the one before it: the profile only ever goes forward. */
function subscription(
  seconds: number,
  change: string,
  now: Partial<stripe.Subscription>,
  events: [name: string, properties: Record<string, unknown>][],
  set: Record<string, unknown> | undefined,
  previous?: object,
): Site {
  const at = new Date(Date.parse(AT) + seconds * 1000).toISOString();
  const object = stripe.subscription({ ...bought, ...now }, at);
  const body = stripe.event(`evt_Kestrel${seconds}`, `customer.subscription.${change}`, at, object, previous);
  return site(
    events.length > 0 ? "1a 15 to 17, 1b `stripe_event`" : "`stripe_event`: nothing while past due",
    fromStripe("", body, 0),
    ...events.map(([name, properties]) =>
      ofOrganization(kestrel.id, name, { channel: "usage", ...properties }, at, STRIPE)
    ),
    ...(set ? [profile(kestrel.id, set, at, STRIPE)] : []),
  );
}

function billing(old: string, type: string, object: object, event: string): Site {
  const body = stripe.event(`evt_${type}`, type, AT, { customer: kestrel.customer_id, ...object });
  return site(
    old,
    fromStripe("", body, 0),
    ofOrganization(kestrel.id, event, { channel: "usage" }, AT, STRIPE),
  );
}

const BILLING: Site[] = [
  subscription(
    0,
    "created",
    {},
    [["User subscribe", { plan_name: "Solo", plan_type: "monthly" }]],
    { plan_name: "Solo", plan_type: "monthly", plan_status: "created", canceled_at: null },
  ),
  subscription(
    1,
    "updated",
    { terms: { plan: maker, interval: "month" } },
    [
      ["User Plan Changed", { plan_name: "Maker", previous_plan_name: "Solo" }],
      ["User update subscribe", { plan_name: "Maker", plan_type: "monthly", previous_plan_name: "Solo" }],
    ],
    { plan_name: "Maker", plan_status: "updated", subscription_status_name: "updated" },
    { items: stripe.items(bought.terms, AT) },
  ),
  subscription(
    2,
    "updated",
    { terms: { plan: solo, interval: "year" } },
    [
      ["User Upgraded", { plan_name: "Solo", plan_type: "yearly", previous_plan_name: "Maker" }],
      ["User update subscribe", { plan_name: "Solo", plan_type: "yearly", previous_plan_type: "monthly" }],
    ],
    { plan_name: "Solo", plan_type: "yearly", subscription_status_name: "upgraded" },
    { items: stripe.items({ plan: maker, interval: "month" }, AT) },
  ),
  subscription(
    3,
    "updated",
    {},
    [["User update subscribe", { plan_name: "Solo", plan_type: "monthly", previous_plan_type: "yearly" }]],
    { plan_type: "monthly", subscription_status_name: "updated" },
    { items: stripe.items({ plan: solo, interval: "year" }, AT) },
  ),
  subscription(4, "updated", { status: "past_due" }, [], undefined, { status: "active" }),
  subscription(
    5,
    "deleted",
    { status: "canceled", canceledAt: "2025-05-01T00:00:00Z", endedAt: AT },
    [["User cancel", {}]],
    {
      plan_status: "canceled",
      canceled_at: "2025-05-01T00:00:00.000Z",
      ended_at: "2025-05-12T10:31:12.000Z",
    },
  ),
  billing("1a 12 customerSourceCreated", "customer.source.created", { object: "card" }, "Credit Card Added"),
  billing("1a 12, as Stripe says it today", "payment_method.attached", { card: {} }, "Credit Card Added"),
  billing(
    "1a 13 customerSourceExpiring",
    "customer.source.expiring",
    { object: "card" },
    "Credit Card Expiring",
  ),
  billing(
    "1a 14 invoiceUpcoming",
    "invoice.upcoming",
    stripe.invoice(kestrel.customer_id, bought.terms, AT),
    "Invoice Upcoming",
  ),
  billing("new; so far an e-mail only", "charge.failed", { object: "charge" }, "Payment Failed"),
  billing("new", "invoice.payment_failed", { object: "invoice" }, "Payment Failed"),
  billing("new", "checkout.session.completed", { object: "checkout.session" }, "Checkout Completed"),
];

const CRON: Site[] = [
  site(
    "1a 10 `cron_rollout_auto_pause`",
    cron("cron_rollout_auto_pause"),
    ofOrganization(fernweh.id, "Rollout Auto-Pause Notification", {
      channel: "rollout-auto-pause",
      app_id: "com.fernweh.shop",
      channel_id: 11,
      channel_name: "production",
      rollout_version: "1.1.0",
      description: "4.1 % of updates failed",
    }),
  ),
  site("1a 11 `logsnag_insights`", cron("logsnag_insights"), {
    event: "Updates last month",
    distinctId: "admin",
    from: "when it is sent",
    properties: {
      channel: "updates-stats",
      updates_last_month: 1_204_331,
      success_rate: 99.2,
      registers_today: 17,
      storage_gb: 412,
      org_conversion_rate: 6.3,
    },
  }),
  site("1a 21 `cron_reconcile_build_status`", cron("cron_reconcile_build_status"), {
    ...ofUser(ADA, kestrel.id, "Build Timed Out", { channel: "build-lifecycle", org_id: kestrel.id }),
    from: "`updated_at`",
  }),
];

const notes = { app_id: "com.kestrel.notes" };
const release = { ...notes, platform: "ios", build_mode: "release" };
const lifecycle = { channel: "build-lifecycle", org_id: kestrel.id, ...release };
const lines = { ...notes, job_id: "job_1", logs: "ok\nerror: no signing key" };
const analysed = {
  channel: "build-lifecycle",
  org_id: kestrel.id,
  ...notes,
  job_id: "job_1",
  logs_bytes: 24,
};
const changed = (event: string, properties: Record<string, unknown> = {}) => ({
  ...ofUser(ADA, kestrel.id, event, { ...lifecycle, ...properties }),
  from: "`updated_at`",
});

const BUILDS: Site[] = [
  site("1a 22 `build/request`", user("build", "request", "key_ada", release), changed("Build Requested")),
  site("1a 21 `build/start`", user("build", "start", "key_ada", LAST_BUILD), changed("Build Started")),
  site(
    "1a 21 `build/status`",
    user("build", "status", "key_ada", { ...LAST_BUILD, status: "succeeded" }),
    changed("Build Succeeded", { duration_seconds: /^\d+$/ }),
  ),
  ...Array.from(
    { length: 2 },
    () =>
      site("1a 22 `build/request`", user("build", "request", "key_ada", release), changed("Build Requested")),
  ),
  site(
    "1a 23 `build/concurrency`",
    answering(429, user("build", "request", "key_ada", release)),
    ofUser(ADA, kestrel.id, "Native build concurrency limit reached", {
      channel: "usage",
      ...notes,
      org_id: kestrel.id,
      active_builds: 2,
      limit: 2,
      plan_name: "Solo",
      reason: "plan_limit",
    }),
  ),
  site(
    "1a 21 `build/status`",
    user("build", "status", "key_ada", { ...LAST_BUILD, status: "failed", failure_category: "signing" }),
    changed("Build Failed", { failure_category: "signing" }),
  ),
  site(
    "1a 24, 25 `ai_analyze`",
    user("build", "ai_analyze", "key_ada", lines),
    ofUser(ADA, kestrel.id, "AI Build Analysis Requested", analysed),
    ofUser(ADA, kestrel.id, "AI Build Analysis Result", { ...analysed, result: "success" }),
  ),
  site(
    "1a 25, an app nobody knows",
    answering(404, user("build", "ai_analyze", "key_ada", { ...lines, app_id: "com.nobody" })),
    ofUser(ADA, undefined, "AI Build Analysis Result", { app_id: "com.nobody", result: "not_found" }),
  ),
];

const fromConsole = { tracking_version: 2, org_id: kestrel.id };
const chess = { app_id: "com.plover.chess" };
const incompatible = {
  event: "Bundle Incompatible",
  tracking_version: 2,
  org_id: fernweh.id,
  tags: { app_id: "com.fernweh.shop", channel_overwritten: true, update_strategy: "auto" },
};
const email = (outcome: string) =>
  ofUser(BO, fernweh.id, "Bundle Incompatible Email", {
    channel: "bundle",
    outcome,
    update_strategy: "auto",
    app_id: "com.fernweh.shop",
  });

const CLIENTS: Site[] = [
  site(
    "1a 1 `upload_link`",
    user("private", "upload_link", "key_ada", notes),
    ofOrganization(kestrel.id, "Upload via single file", { channel: "upload-get-link" }),
  ),
  site(
    "1a 2 `delete_failed_version`",
    user("private", "delete_failed_version", "key_ada", { version_id: 601 }),
    ofOrganization(kestrel.id, "Failed to upload a bundle", { channel: "upload-failed" }),
  ),
  site(
    "1a 3 `events`, version 2",
    user("private", "events", "key_ada", { event: "CLI Login", ...fromConsole, tags: { source: "cli" } }),
    ofUser(ADA, kestrel.id, "CLI Login", { source: "cli", org_id: kestrel.id }),
  ),
  site(
    "1a 3 `events`, version 1",
    user("private", "events", "key_ada", {
      event: "CLI Login",
      user_id: kestrel.id,
      tags: { source: "cli" },
    }),
    ofOrganization(kestrel.id, "CLI Login", { source: "cli" }),
  ),
  site(
    "1a 3 `events`, of nobody",
    user("private", "events", "key_guest", { event: "CLI Login" }),
    ofUser(GUEST, undefined, "CLI Login", {}),
  ),
  site(
    "1a 3 `events`, version 1, of an app",
    user("private", "events", "key_guest", { event: "CLI Login", user_id: plover.id, tags: chess }),
    ofOrganization(plover.id, "CLI Login", chess),
  ),
  site(
    "1a 3 `events`, version 2, of an app",
    user("private", "events", "key_ada", {
      event: "Builder Onboarding Step",
      ...fromConsole,
      tags: { ...notes, step: "welcome", platform: "ios" },
    }),
    ofUser(ADA, kestrel.id, "Builder Onboarding Step", { ...notes, step: "welcome", org_id: kestrel.id }),
  ),
  site(
    "1a 3 `events`, one app alone",
    user("private", "events", "key_guest", {
      event: "CLI Login",
      tracking_version: 2,
      org_id: plover.id,
      tags: chess,
    }),
    ofUser(GUEST, plover.id, "CLI Login", { ...chess, org_id: plover.id }),
  ),
  site(
    "1a 3 `events`, of nobody",
    user("private", "events", "key_ada", { event: "CLI Login", tracking_version: 2, tags: notes }),
    ofUser(ADA, undefined, "CLI Login", { ...notes, org_id: undefined }),
  ),
  site(
    "1b `Bundle Incompatible Email`",
    user("private", "events", "key_bo", {
      ...incompatible,
      tags: { ...incompatible.tags, channel_name: "production", version: "1.1.0" },
    }),
    ofUser(BO, fernweh.id, "Bundle Incompatible", { update_strategy: "auto" }),
    email("sent"),
  ),
  site(
    "1b `Bundle Incompatible Email`",
    user("private", "events", "key_bo", incompatible),
    ofUser(BO, fernweh.id, "Bundle Incompatible", { update_strategy: "auto" }),
    email("skipped_metadata"),
  ),
  site(
    "1b `replay`",
    user("private", "replay", "key_ada", {
      sessionId: "session-1",
      windowId: "window-1",
      currentUrl: "https://console.example/apps",
      timestamp: AT,
      events: [{ type: 4, timestamp: 1756900860000, data: {} }],
    }),
    {
      // A `$snapshot`, under the name that PostHog stores it.
      event: "$snapshot_items",
      distinctId: ADA,
      at: AT,
      from: "`timestamp`, the recorder's",
      properties: { $session_id: "session-1", $window_id: "window-1" },
    },
  ),
];

const exception = (
  route: string,
  function_name: string,
  error_kind: string,
  organization?: string,
): Expected => ({
  event: "$exception",
  organization,
  distinctId: `backend:test:${function_name}`,
  from: "when it is sent",
  properties: { error_kind, function_name, method: "POST", status: 500, url_path: route },
});

const ERRORS: Site[] = [
  site(
    "1b `on_error`: drizzle_error",
    answering(500, user("private", "upload_link", "key_ada", { app_id: UNREADABLE_APP })),
    exception("/private/upload_link", "upload_link", "drizzle_error"),
  ),
  site(
    "1b `on_error`: http_exception",
    answering(500, user("private", "replay", "key_guest", {})),
    exception("/private/replay", "replay", "http_exception"),
  ),
  site(
    "1b `on_error`: unhandled_error",
    answering(500, user("build", "ai_analyze", "key_ada", { ...lines, logs: "ok" })),
    ofUser(ADA, kestrel.id, "AI Build Analysis Requested", { logs_bytes: 2 }),
    ofUser(ADA, kestrel.id, "AI Build Analysis Result", { result: "error" }),
    exception("/build/ai_analyze", "ai_analyze", "unhandled_error", kestrel.id),
  ),
];

export const sites: readonly Site[] = [
  ...ROWS,
  ...BILLING,
  ...USAGE,
  ...CRON,
  ...CLIENTS,
  ...BUILDS,
  ...ERRORS,
];

const foreign = { app_id: "com.fernweh.shop" };
const clientEvent = (key: string, given: object) =>
  user("private", "events", key, { event: "CLI Login", ...given });

/** Requests whose event nobody may have: `tools/demo/year.ts` has the most common one. Nothing of them arrives. */
export const refused: readonly (readonly [why: string, call: Call])[] = [
  ["another's organization, version 1", answering(403, clientEvent("key_ada", { user_id: fernweh.id }))],
  [
    "another's app, and an organization of theirs",
    answering(403, clientEvent("key_ada", { ...fromConsole, tags: foreign })),
  ],
  [
    "another's app, version 1",
    answering(403, clientEvent("key_ada", { user_id: kestrel.id, tags: foreign })),
  ],
  [
    "an app of theirs, and another's organization",
    answering(403, clientEvent("key_ada", { tracking_version: 2, org_id: fernweh.id, tags: notes })),
  ],
  [
    "an organization of which they may read one app",
    answering(403, clientEvent("key_guest", { tracking_version: 2, org_id: plover.id })),
  ],
  ["a console, but no organization", answering(400, clientEvent("key_ada", { notifyConsole: true }))],
];

/** The table of `examples/supabase/README.md`, one line for each event that arrives. */
export function markdown(): string {
  const seen = new Set<string>();
  for (const { old, call, arrives } of sites) {
    for (const { event, organization, distinctId, from } of arrives) {
      const cells = [
        old,
        `\`${call.to}/${call.route}\``,
        `\`${event.replace("_items", "")}\``,
        organization ? "the organization" : event === "$groupidentify" ? "its subject" : "none",
        whose(distinctId, call.route),
        from,
      ];
      seen.add(cells.join("\t"));
    }
  }
  const rows = [...seen].map((row) => row.split("\t"));
  const head = ["where it was", "route", "event", "counts for", "distinct id", "its time"];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function whose(distinctId: string, route: string): string {
  if (distinctId.startsWith("$")) return "`$organization_<id>`";
  if (distinctId.startsWith("backend:")) return `\`backend:<ENV_NAME>:${route}\``;
  if (distinctId === "admin") return "`admin`";
  return organizations.some(({ id }) => id === distinctId) ? "the organization's" : "the user's";
}
