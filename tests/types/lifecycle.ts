// The product's rows: what must compile, and what must not. Checked, never run.
import { type DomainEvent, type Extra, PostHog, trusted } from "posthog-wasm";
import {
  appCreated,
  buildStatusChanged,
  creditUsageAlert,
  organizationCreated,
  planUpgradeNeeded,
  userCreated,
} from "posthog-wasm/lifecycle";
import type { Equal, Expect } from "./expect.ts";

interface Row {
  id: string;
  name: string | null;
  created_at: string;
  management_email: string;
}

export function rows(row: Row) {
  const extra: Extra = {
    channel: "orgs",
    properties: { plan: "Solo" },
    onWarning: (warning) => warning.code,
  };
  const events = organizationCreated(row, extra);
  // deno-fmt-ignore
  type _ = [Expect<Equal<typeof events, DomainEvent[]>>];
  return new PostHog("k").track([
    ...events,
    ...appCreated({ app_id: "com.x", owner_org: row.id }),
    ...userCreated({ id: "u1", created_via_invite: null }, { notification: null }),
    ...creditUsageAlert({ org_id: "o1", threshold: "90" }, {
      groups: [trusted("organization", "o1", "row")],
    }),
  ]);
}

export function refused(row: Row) {
  // @ts-expect-error whose?
  organizationCreated({ name: "Acme" });
  // @ts-expect-error of which organization
  appCreated({ app_id: "com.x" });
  // @ts-expect-error a verified group
  organizationCreated(row, { groups: ["o1"] });
  // @ts-expect-error nothing of the kind
  organizationCreated(row, { plan: "Solo" });
  // @ts-expect-error which plan
  planUpgradeNeeded({ org_id: "o1" });
  // @ts-expect-error what has become of it
  buildStatusChanged({ owner_org: "o1", requested_by: "u1" });
}

// @ts-expect-error who sends it is another entry's
export { PostHog as Another } from "posthog-wasm/lifecycle";
