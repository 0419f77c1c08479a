// What the code of call-sites.md has at hand: the host's context, rows and helpers.
type Wasm = typeof import("posthog-wasm/lifecycle");
type Row<
  F extends
    | "organizationCreated"
    | "userCreated"
    | "appCreated"
    | "bundleCreated"
    | "bundleDeployed"
    | "buildStatusChanged",
> = Parameters<Wasm[F]>[0];
type Tracked = import("posthog-wasm/full").Tracked;
type Notification = import("posthog-wasm/full").MemberNotification;

/** The request's Hono context, as far as it is used here. */
interface Context {
  get(name: "requestId"): string;
  req: { method: string; path: string };
  json(body: object, status?: number): Response;
}
declare const c: Context;
declare function track(c: Context, events: Tracked | readonly Tracked[]): Promise<void>;
declare function trackAndTell(c: Context, events: readonly Tracked[]): Promise<void>;
/** Tells members what events say that they should hear, and answers how many were told. */
declare function notifyMembers(events: readonly Tracked[]): Promise<number>;

declare const auth: { userId: string; email: string };
declare const database: {
  mayRead(user: string, organization: string): Promise<boolean>;
  mayReadApp(user: string, app: string): Promise<boolean>;
  ownerOf(app: string): Promise<string | null>;
};

declare const organization: Row<"organizationCreated">;
declare const user: Row<"userCreated">;
declare const app: Row<"appCreated">;
declare const version: Row<"bundleCreated">;
declare const deployed: Row<"bundleDeployed">;
declare const build: Row<"buildStatusChanged"> & { app_id: string };
declare const channel: { app_id: string; id: number; name: string; owner_org: string };
declare const transaction: { id: number; org_id: string; occurred_at: string; amount: number };
declare const transactions: (typeof transaction)[];
declare const creditAlert: { org_id: string; threshold: number; percent_used: number; alert_cycle: number };
declare const usage: { org_id: string; threshold: number; metric: string; metric_percent: number };
declare const insights: Record<string, number>;
declare const limit: { active_builds: number; limit: number; plan_name: string; reason: string };
declare const job: { app_id: string; job_id: string; logs_bytes: number };
declare const org_id: string;
declare const plan_name: string;
declare const rollout: { version: string; reason: string };

/** What a mail says, as it is today. */
declare const mail: Notification;
declare function onboardingData(row: object): Record<string, unknown>;

declare const webhook: import("posthog-wasm/stripe").StripeEvent;
declare const plans: import("posthog-wasm/stripe").StripePlan[];
declare const owner: { id: string; name: string };

declare const body: import("posthog-wasm/lifecycle").TrackingRequest;
declare function notificationFor(body: object, app: string | undefined): Notification | undefined;
declare function broadcast(organization: string): Promise<void>;
declare const verifiedOrganization: import("posthog-wasm/full").VerifiedGroup<"organization">;
declare const outcome: "sent" | "skipped_metadata";
declare const replay: {
  currentUrl: string;
  events: unknown[];
  sessionId: string;
  timestamp: string;
  windowId: string;
};
declare const error: Error;
declare const known: { kind: string; functionName: string; status: number; environment: string };
declare const result: string;
declare const duration_ms: number;
