// A year in the life of four organizations, as the calls that tell of it.
import {
  allTransactions,
  organizations,
  plans,
  UNREADABLE_APP,
} from "../../examples/supabase/functions/_shared/database.ts";
import * as database from "./database.ts";
import { fernweh, fernwehPays } from "./fernweh.ts";
import * as senders from "./senders.ts";
import type { Call } from "./senders.ts";
import * as stripe from "./stripe.ts";

const [, kestrel, osprey, plover] = organizations;
const [solo, maker] = plans;
const { fromStripe, fromDatabase, fromCron, fromUser } = senders;

const created = (organization: typeof fernweh, at: string) =>
  fromDatabase(
    "an organization is created",
    "on_organization_create",
    "orgs",
    database.organizationRow(organization, at),
    2,
  );
const joined = (id: string, created_at: string, created_via_invite: boolean) =>
  fromDatabase(
    created_via_invite ? "somebody is invited" : "somebody signs up",
    "on_user_create",
    "users",
    { id, email: "somebody@example.com", created_at, created_via_invite },
    1,
  );
const bundle = (id: number, app_id: string, name: string, owner_org: string, created_at: string) =>
  fromDatabase("a bundle is uploaded", "on_version_create", "app_versions", {
    id,
    app_id,
    name,
    owner_org,
    created_at,
  }, 1);
const deployed = (id: number, app_id: string, version_id: number, channel_id: number, created_at: string) =>
  fromDatabase("a bundle is deployed", "on_deploy_history_create", "deploy_history", {
    id,
    app_id,
    version_id,
    channel_id,
    created_at,
  }, 1);
const app = (app_id: string, owner_org: string, name: string, created_at: string, is_demo = false) =>
  fromDatabase("an app is created", "on_app_create", "apps", {
    app_id,
    owner_org,
    name,
    created_at,
    is_demo,
    need_onboarding: false,
  }, 1);
const subscribed = (
  customer: string,
  terms: stripe.Terms,
  at: string,
) => {
  const bought = stripe.subscription(
    { id: `sub_${customer.slice(4)}`, customer, terms, status: "active" },
    at,
  );
  return fromStripe(
    "an organization subscribes",
    stripe.event(`evt_${customer.slice(4)}`, "customer.subscription.created", at, bought),
    2,
  );
};

/** What happened to Fernweh Bikes besides what Stripe tells: told here, and told again in the replay. */
const fernwehShips: Call[] = [
  created(fernweh, "2025-01-14T09:12:33.418027+00:00"),
  app("com.fernweh.shop", fernweh.id, "Fernweh Shop", "2025-01-15T10:00:00+00:00"),
  bundle(501, "com.fernweh.shop", "1.0.0", fernweh.id, "2025-01-16T15:30:00+00:00"),
  deployed(71, "com.fernweh.shop", 501, 11, "2025-01-16T15:42:10+00:00"),
  bundle(502, "com.fernweh.shop", "1.1.0", fernweh.id, "2025-04-02T11:05:00+00:00"),
  deployed(72, "com.fernweh.shop", 502, 11, "2025-04-02T11:20:45+00:00"),
];

/** One organization's whole year, in the order in which it happened. */
export const fernwehYear: readonly Call[] = [...fernwehShips, ...fernwehPays];

const [fernwehCreated, fernwehApp, ...fernwehBundles] = fernwehShips;
const upgrade = fernwehPays.find(({ what }) => what.includes("larger plan"))!;
const [firstTransaction] = await allTransactions();
const lost = { app_id: "com.kestrel.notes", job_id: "job_1", logs: "ok\nerror: no signing key\n" };
const yearly: stripe.Terms = { plan: solo, interval: "year" };
const monthly: stripe.Terms = { plan: solo, interval: "month" };
const kestrelSubscription = { id: "sub_Kestrel", customer: kestrel.customer_id, status: "active" } as const;

export interface Chapter {
  title: string;
  calls: readonly Call[];
}

export const year: readonly Chapter[] = [
  {
    title: "Who signs up",
    calls: [
      joined("5d0f8a16-43cb-4e7d-a1f2-7b8c9d0e1f2a", "2025-01-14T09:10:00+00:00", false),
      joined("9a7c2e51-0b8d-4f63-8e1a-4c5d6e7f8a9b", "2025-03-03T16:38:00+00:00", false),
      joined("b1d5f7a9-3c4e-4d6f-8091-a2b3c4d5e6f7", "2025-03-04T08:00:00+00:00", true),
      fernwehCreated,
      created(kestrel, "2025-03-03T16:40:05.102938+00:00"),
      created(osprey, "2025-06-22T07:55:48.660114+00:00"),
      created(plover, "2025-07-01T05:40:00+00:00"),
    ],
  },
  {
    title: "What they ship",
    calls: [
      fernwehApp,
      app("com.kestrel.notes", kestrel.id, "Kestrel Notes", "2025-03-05T09:00:00+00:00"),
      { ...app("com.osprey.tour", osprey.id, "Tour", "2025-06-22T07:56:00+00:00", true), what: "a demo app" },
      app("com.plover.chess", plover.id, "Chess", "2025-07-01T05:50:00+00:00"),
      ...fernwehBundles,
      bundle(601, "com.kestrel.notes", "0.9.0", kestrel.id, "2025-03-06T18:00:00+00:00"),
      deployed(81, "com.kestrel.notes", 601, 21, "2025-03-07T08:30:00+00:00"),
      bundle(801, "com.plover.chess", "3.2.0", plover.id, "2025-07-02T12:00:00+00:00"),
      deployed(91, "com.plover.chess", 801, 41, "2025-07-02T12:10:00+00:00"),
      {
        ...bundle(701, "com.osprey.tour", "0.0.1", osprey.id, "2025-06-22T07:56:02+00:00"),
        what: "a demo app's bundle",
        events: 0,
      },
      {
        ...deployed(73, "com.fernweh.shop", 502, 12, "2025-04-02T11:10:00+00:00"),
        what: "a deploy to a private channel",
        events: 0,
      },
      fromUser("an upload begins", "private", "upload_link", "key_bo", { app_id: "com.fernweh.shop" }, 1),
      fromUser("an upload fails", "private", "delete_failed_version", "key_bo", { version_id: 502 }, 1),
    ],
  },
  {
    title: "How Fernweh Bikes pays",
    calls: [...fernwehPays, { ...upgrade, what: "one webhook once more" }],
  },
  {
    title: "How the others pay",
    calls: [
      subscribed(kestrel.customer_id, monthly, "2025-03-10T13:20:00Z"),
      fromStripe(
        "an organization goes yearly",
        stripe.event(
          "evt_KestrelYearly",
          "customer.subscription.updated",
          "2025-09-03T12:00:00Z",
          stripe.subscription({ ...kestrelSubscription, terms: yearly }, "2025-09-03T12:00:00Z"),
          { items: stripe.items(monthly, "2025-09-03T12:00:00Z") },
        ),
        2,
      ),
      fromStripe(
        "a card expires soon",
        stripe.event("evt_KestrelCard", "customer.source.expiring", "2025-11-30T00:00:00Z", {
          object: "card",
          customer: kestrel.customer_id,
          exp_month: 12,
          exp_year: 2025,
        }),
        1,
      ),
      subscribed(
        plover.customer_id,
        { plan: maker, interval: "year", price: "price_MakerForGames" },
        "2025-07-20T06:00:00Z",
      ),
      fromStripe(
        "a charge fails",
        stripe.event("evt_PloverCharge", "charge.failed", "2025-07-20T06:00:09Z", {
          object: "charge",
          customer: plover.customer_id,
        }),
        1,
      ),
    ],
  },
  {
    title: "What they use",
    calls: [
      fromCron("75 % of the credits are used", "credit_usage_alerts", {
        org_id: kestrel.id,
        threshold: 75,
        percent_used: 75.5,
        alert_cycle: 4,
      }, 1),
      fromCron("the same alert again", "credit_usage_alerts", {
        org_id: kestrel.id,
        threshold: 75,
        percent_used: 75.5,
        alert_cycle: 4,
      }, 0),
      fromDatabase(
        "a line of the ledger",
        "credit_usage_posthog",
        "usage_credit_transactions",
        firstTransaction,
        1,
      ),
      // Two lines, one of which PostHog has already.
      fromCron("the whole ledger", "credit_usage_backfill", {}, 2, 1),
      ...[fernweh, kestrel, osprey].map(({ id }) =>
        fromCron("a check against the plan", "plan_checks", { org_id: id }, 1)
      ),
    ],
  },
  {
    title: "What they build",
    calls: [
      fromUser("a build is asked for", "build", "request", "key_ada", {
        app_id: "com.kestrel.notes",
        platform: "ios",
        build_mode: "release",
      }, 1),
      {
        ...fromUser("a build too many", "build", "request", "key_ada", {
          app_id: "com.kestrel.notes",
          platform: "android",
          build_mode: "release",
        }, 1),
        status: 429,
      },
      fromUser("it starts", "build", "start", "key_ada", senders.LAST_BUILD, 1),
      fromUser("it fails", "build", "status", "key_ada", {
        ...senders.LAST_BUILD,
        status: "failed",
        failure_category: "signing",
      }, 1),
      fromUser("why it failed", "build", "ai_analyze", "key_ada", lost, 2),
    ],
  },
  {
    title: "What clients send",
    calls: [
      fromUser("an event", "private", "events", "key_ada", {
        event: "CLI Login",
        tracking_version: 2,
        org_id: kestrel.id,
        notifyConsole: true,
        tags: { app_id: "com.kestrel.notes" },
      }, 1),
      fromUser("an event worth an e-mail", "private", "events", "key_bo", {
        event: "Bundle Incompatible",
        tracking_version: 2,
        org_id: fernweh.id,
        tags: {
          app_id: "com.fernweh.shop",
          channel_name: "production",
          version: "1.1.0",
          channel_overwritten: true,
          update_strategy: "auto",
        },
      }, 2),
      fromUser("a piece of a replay", "private", "replay", "key_ada", {
        sessionId: "0198d2c4-1f3a-7b60-9a51-0c2d4e6f8a1b",
        windowId: "window-1",
        currentUrl: "https://console.example/apps",
        timestamp: "2025-09-03T12:01:00.000Z",
        events: [{ type: 4, timestamp: 1756900860000, data: { href: "https://console.example/apps" } }],
      }, 1),
    ],
  },
  {
    title: "What cron jobs find: they wait for PostHog",
    calls: [
      fromCron("a rollout goes wrong", "cron_rollout_auto_pause", {}, 1),
      fromCron("a build is lost", "cron_reconcile_build_status", {}, 1),
      fromCron("last month", "logsnag_insights", {}, 1),
    ],
  },
  {
    title: "What breaks, and is reported",
    calls: [
      {
        ...fromUser(
          "the database is down",
          "private",
          "upload_link",
          "key_ada",
          { app_id: UNREADABLE_APP },
          1,
        ),
        status: 500,
      },
      {
        ...fromUser(
          "the model gives no answer",
          "build",
          "ai_analyze",
          "key_ada",
          { ...lost, logs: "ok" },
          3,
        ),
        status: 500,
      },
      { ...fromUser("a user without an address", "private", "replay", "key_guest", {}, 1), status: 500 },
    ],
  },
  {
    title: "Who is refused",
    calls: [
      {
        ...created(fernweh, "2025-01-14T09:12:33.418027+00:00"),
        what: "an insert with a guessed secret",
        headers: () => ({ ...database.headers(), "x-webhook-secret": "guessed" }),
        status: 401,
        events: 0,
      },
      {
        ...upgrade,
        what: "a webhook with a forged signature",
        headers: () => stripe.headers(`${upgrade.body({})} `),
        status: 400,
        events: 0,
      },
      {
        ...upgrade,
        what: "a signature from an hour ago",
        headers: () => stripe.headers(upgrade.body({}), Date.now() - 3_600_000),
        status: 400,
        events: 0,
      },
      {
        ...subscribed("cus_Stranger", monthly, "2025-11-05T11:11:11Z"),
        what: "a customer nobody knows",
        events: 0,
      },
      { ...fromUser("no API key", "private", "events", "", { event: "CLI Login" }, 0), status: 401 },
      {
        ...fromUser("another's organization", "private", "events", "key_ada", {
          event: "CLI Login",
          tracking_version: 2,
          org_id: fernweh.id,
        }, 0),
        status: 403,
      },
      {
        ...fromUser("an event in PostHog's name", "private", "events", "key_ada", {
          event: "$groupidentify",
          tags: { $group_type: "organization", $group_key: fernweh.id, $group_set: { name: "Pwned" } },
        }, 0),
        status: 400,
      },
      {
        ...fromUser("another's app", "build", "request", "key_ada", { app_id: "com.fernweh.shop" }, 0),
        status: 404,
      },
    ],
  },
];
