// Whose event a client's request is, as a compiler sees it.
import type { VerifiedGroup } from "posthog-wasm";
import {
  fromClient,
  type Identity,
  resolveTrackingIdentity,
  type TrackingChecks,
  type TrackingRequest,
} from "posthog-wasm/lifecycle";
import type { Equal, Expect } from "./expect.ts";

declare const body: TrackingRequest;
declare const checks: TrackingChecks;

// Answers may be promises or not, and only booleans are answers.
const answering: TrackingChecks = {
  userId: "",
  canReadOrganization: (id) => id === "org_1",
  canReadApp: async (id) => id === "com.x",
  appOwner: () => undefined,
};
void resolveTrackingIdentity(body, { ...answering, budgetMs: 500 });
void resolveTrackingIdentity({ event: "e", user_id: null, org_id: null }, checks);
// @ts-expect-error an app is checked by itself
void resolveTrackingIdentity(body, { userId: "u", canReadOrganization: () => true, appOwner: () => null });
// @ts-expect-error a row is no yes
void resolveTrackingIdentity(body, { ...checks, canReadApp: () => ({ id: 1 }) });

const who = await resolveTrackingIdentity(body, checks);
// @ts-expect-error a refusal is nobody's event
fromClient(body, who);
if (who.ok) fromClient(body, who);

type Verified = Extract<Identity, { ok: true }>;
type Refused = Extract<Identity, { ok: false }>;
export type Checked = [
  Expect<Equal<Verified["groups"], VerifiedGroup<"organization">[]>>,
  Expect<Equal<Verified["app"], VerifiedGroup<"app"> | undefined>>,
  Expect<Equal<Verified["requestedOrganization"], VerifiedGroup<"organization"> | undefined>>,
  Expect<Equal<Refused["status"], 400 | 403>>,
];
