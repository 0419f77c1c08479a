// Stands in for the database, and for nothing else: tables in memory, and what the functions ask of them.
import { postgresProfiles } from "posthog-wasm/postgres";

export interface Organization {
  id: string;
  name: string;
  website: string | null;
  management_email: string;
  customer_id: string;
}

/** Who belongs to an organization, and which messages they do not want. */
export interface Member {
  organization: string;
  user_id: string;
  email: string;
  roles: readonly ("admins" | "billing")[];
  muted: readonly string[];
}

export interface App {
  app_id: string;
  owner_org: string;
  name: string;
  is_demo: boolean;
}

export interface Version {
  id: number;
  app_id: string;
  name: string;
  owner_org: string;
}

export interface Channel {
  id: number;
  app_id: string;
  name: string;
  owner_org: string;
  public: boolean;
}

export interface Rollout extends Channel {
  version: string;
  action: "notify" | "pause";
  reason: string;
}

/** A plan, sold as one product of Stripe's, by the month and by the year. */
export interface Plan {
  name: string;
  stripe_id: string;
  price_m_id: string;
  price_y_id: string;
}

/** What an organization has used of its plan. */
export interface Usage {
  onboarded: boolean;
  metric: string;
  percent: number;
  /** The plan that would be large enough. */
  fitting: string;
}

/** A line of the ledger of usage credits. */
export interface CreditTransaction {
  id: number;
  org_id: string;
  transaction_type: string;
  amount: number;
  balance_after: number;
  description: string | null;
  occurred_at: string;
}

export interface Build {
  id: string;
  app_id: string;
  owner_org: string;
  requested_by: string;
  platform: string;
  build_mode: string;
  status: "requested" | "started" | "succeeded" | "failed" | "timed_out";
  started_at?: string;
  updated_at: string;
  failure_category?: string;
}

export const organizations: readonly Organization[] = [
  {
    id: "3b0c5f6e-8d21-4c7a-9e44-1f6a2d7b9c01",
    name: "Fernweh Bikes",
    website: "https://fernweh.example",
    management_email: "office@fernweh.example",
    customer_id: "cus_Fernweh",
  },
  {
    id: "71e9a4d2-5c3b-4f08-b6a7-92c4e8d01f35",
    name: "Kestrel Labs",
    website: "https://kestrel.example",
    management_email: "ada@kestrel.example",
    customer_id: "cus_Kestrel",
  },
  {
    id: "c84d1b7f-2e96-4a53-8f1c-60b7d3a95e28",
    name: "Osprey Legal",
    website: null,
    management_email: "it@osprey.example",
    customer_id: "cus_Osprey",
  },
  {
    id: "0f6d2a93-7b1e-4d58-93c6-5e8b4a7f2d10",
    name: "Plover Games",
    website: "https://plover.example",
    management_email: "dee@plover.example",
    customer_id: "cus_Plover",
  },
];

const [fernweh, kestrel, osprey, plover] = organizations.map(({ id }) => id);

/** Whose API key it is. */
const keys = new Map([
  ["key_bo", "5d0f8a16-43cb-4e7d-a1f2-7b8c9d0e1f2a"],
  ["key_ada", "9a7c2e51-0b8d-4f63-8e1a-4c5d6e7f8a9b"],
  ["key_cem", "e21b4d90-6c7f-4a38-b5d2-1f0e9d8c7b6a"],
  // Signed up through a partner: no e-mail address, no organization.
  ["key_guest", "07f3b6c8-2d1e-4b95-9c40-a8b7c6d5e4f3"],
]);

const [bo, ada, cem, guest] = keys.values();

const members: readonly Member[] = [
  {
    organization: fernweh,
    user_id: bo,
    email: "bo@fernweh.example",
    roles: ["admins", "billing"],
    muted: [],
  },
  { organization: kestrel, user_id: ada, email: "ada@kestrel.example", roles: ["admins"], muted: [] },
  {
    organization: kestrel,
    user_id: "b1d5f7a9-3c4e-4d6f-8091-a2b3c4d5e6f7",
    email: "books@kestrel.example",
    roles: ["billing"],
    muted: ["onboarding"],
  },
  {
    organization: osprey,
    user_id: cem,
    email: "cem@osprey.example",
    roles: ["admins", "billing"],
    muted: [],
  },
];

const apps: readonly App[] = [
  { app_id: "com.fernweh.shop", owner_org: fernweh, name: "Fernweh Shop", is_demo: false },
  { app_id: "com.kestrel.notes", owner_org: kestrel, name: "Kestrel Notes", is_demo: false },
  { app_id: "com.plover.chess", owner_org: plover, name: "Chess", is_demo: false },
  { app_id: "com.osprey.tour", owner_org: osprey, name: "Tour", is_demo: true },
];

/** Who was let into one app, and not into its organization. */
const collaborators: readonly { app_id: string; user_id: string }[] = [
  { app_id: "com.plover.chess", user_id: guest },
];

const versions: readonly Version[] = [
  { id: 501, app_id: "com.fernweh.shop", name: "1.0.0", owner_org: fernweh },
  { id: 502, app_id: "com.fernweh.shop", name: "1.1.0", owner_org: fernweh },
  { id: 601, app_id: "com.kestrel.notes", name: "0.9.0", owner_org: kestrel },
  { id: 801, app_id: "com.plover.chess", name: "3.2.0", owner_org: plover },
];

const channels: readonly Channel[] = [
  { id: 11, app_id: "com.fernweh.shop", name: "production", owner_org: fernweh, public: true },
  { id: 12, app_id: "com.fernweh.shop", name: "staging", owner_org: fernweh, public: false },
  { id: 21, app_id: "com.kestrel.notes", name: "production", owner_org: kestrel, public: true },
  { id: 41, app_id: "com.plover.chess", name: "production", owner_org: plover, public: true },
];

export const plans: readonly Plan[] = [
  { name: "Solo", stripe_id: "prod_Solo", price_m_id: "price_SoloMonthly", price_y_id: "price_SoloYearly" },
  {
    name: "Maker",
    stripe_id: "prod_Maker",
    price_m_id: "price_MakerMonthly",
    price_y_id: "price_MakerYearly",
  },
];

const usage = new Map<string, Usage>([
  [fernweh, { onboarded: true, metric: "mau", percent: 76.4, fitting: "Solo" }],
  [kestrel, { onboarded: true, metric: "bandwidth", percent: 131.2, fitting: "Maker" }],
  [osprey, { onboarded: false, metric: "mau", percent: 0, fitting: "Solo" }],
]);

const ledger: readonly CreditTransaction[] = [
  {
    id: 9001,
    org_id: kestrel,
    transaction_type: "grant",
    amount: 200,
    balance_after: 200,
    description: "Top-up",
    occurred_at: "2025-04-02T09:00:00.000Z",
  },
  {
    id: 9002,
    org_id: kestrel,
    transaction_type: "deduction",
    amount: -151,
    balance_after: 49,
    description: null,
    occurred_at: "2025-04-28T22:15:09.331Z",
  },
];

const builds = new Map<string, Build>([
  ["build_lost", {
    id: "build_lost",
    app_id: "com.kestrel.notes",
    owner_org: kestrel,
    requested_by: ada,
    platform: "android",
    build_mode: "release",
    status: "started",
    started_at: "2025-05-06T10:00:00.000Z",
    updated_at: "2025-05-06T10:00:00.000Z",
  }],
]);

const claimed = new Set<string>();
const profiles = new Map<string, string>();

/** As a query builder's error: the message quotes the parameters, and they are somebody's data. */
class QueryError extends Error {
  override name = "DrizzleQueryError";
}

/** The app whose row cannot be read, because now and then a database is down. */
export const UNREADABLE_APP = "com.example.unreadable";

export async function userOfKey(key: string): Promise<string | undefined> {
  return keys.get(key);
}

export async function emailOf(user: string): Promise<string | undefined> {
  return members.find(({ user_id }) => user_id === user)?.email;
}

export async function mayRead(user: string, organization: string): Promise<boolean> {
  return members.some((member) => member.user_id === user && member.organization === organization);
}

export async function mayReadApp(user: string, id: string): Promise<boolean> {
  const owner = apps.find(({ app_id }) => app_id === id)?.owner_org;
  if (owner && await mayRead(user, owner)) return true;
  return collaborators.some(({ app_id, user_id }) => app_id === id && user_id === user);
}

export async function membersOf(organization: string): Promise<readonly Member[]> {
  return members.filter((member) => member.organization === organization);
}

export async function organizationOfCustomer(customer: string): Promise<Organization | undefined> {
  return organizations.find(({ customer_id }) => customer_id === customer);
}

export async function app(id: unknown): Promise<App | undefined> {
  if (id === UNREADABLE_APP) {
    throw new QueryError(
      `Failed query: select * from apps where app_id = $1\nparams: ${id},ada@kestrel.example`,
    );
  }
  return apps.find(({ app_id }) => app_id === id);
}

export async function version(id: unknown): Promise<Version | undefined> {
  return versions.find((version) => version.id === id);
}

export async function channel(id: unknown): Promise<Channel | undefined> {
  return channels.find((channel) => channel.id === id);
}

/** Rollouts with more failures than their owners allow. */
export async function unhealthyRollouts(): Promise<readonly Rollout[]> {
  const [production, , notes] = channels;
  return [
    { ...production, version: "1.1.0", action: "notify", reason: "4.1 % of updates failed" },
    { ...notes, version: "0.9.0", action: "pause", reason: "19 % of updates failed" },
  ];
}

export async function allPlans(): Promise<readonly Plan[]> {
  return plans;
}

export async function usageOf(organization: string): Promise<Usage | undefined> {
  return usage.get(organization);
}

/** What an organization's plan allows at a time. */
export async function limitsOf(_organization: string): Promise<{ plan_name: string; builds: number }> {
  return { plan_name: "Solo", builds: 2 };
}

export async function allTransactions(): Promise<readonly CreditTransaction[]> {
  return ledger;
}

/** What the whole business did last month. */
export async function lastMonth() {
  return {
    updates_last_month: 1_204_331,
    success_rate: 99.2,
    registers_today: 17,
    storage_gb: 412,
    org_conversion_rate: 6.3,
  };
}

export async function build(id: unknown): Promise<Build | undefined> {
  return builds.get(String(id));
}

export async function saveBuild(build: Build): Promise<Build> {
  builds.set(build.id, build);
  return build;
}

export async function buildsRunning(organization: string): Promise<Build[]> {
  const running = ["requested", "started"];
  return [...builds.values()].filter((build) =>
    build.owner_org === organization && running.includes(build.status)
  );
}

/** Builds that their builder has not been heard of for hours. */
export async function lostBuilds(now: Date): Promise<Build[]> {
  const hours = 3 * 3_600_000;
  return [...builds.values()].filter((build) =>
    build.status === "started" && Date.parse(build.updated_at) < now.getTime() - hours
  );
}

/** True for the first who asks: a unique key's `insert … on conflict do nothing`. */
export async function claim(name: string): Promise<boolean> {
  return !claimed.has(name) && Boolean(claimed.add(name));
}

/** What the organization's open browser tabs get to hear. */
export async function broadcast(organization: string): Promise<void> {
  console.log(JSON.stringify({ broadcast: organization }));
}

/** A Supabase client with the service role's key; of the functions in `migrations/` it knows the one. */
const supabase = {
  async rpc(name: string, { given }: { given: { key: string; expected?: string; mark: string } }) {
    if (name !== "posthog_profiles_compare_and_set") throw new QueryError(`no function ${name}`);
    const { key, expected, mark } = given;
    if (profiles.get(key) === expected) profiles.set(key, mark);
    return { data: profiles.get(key) ?? null, error: null };
  },
};

/** The last profile of each group. */
export const profileStore = postgresProfiles(supabase);
