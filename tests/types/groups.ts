// Groups that nobody vouches for must not compile, however much they look like some.
import { buildGroupIdentify } from "posthog-wasm/builders";
import {
  type GroupIdentifyInput,
  type Groups,
  PostHog,
  trusted,
  type VerifiedGroup,
  verify,
} from "posthog-wasm";
import type { Equal, Expect } from "./expect.ts";

declare const userId: string;
const posthog = new PostHog(undefined);
const organization = trusted("organization", "o1", "row");
const app = trusted("app", "a1", "row");

export async function vouchedFor(kind: string) {
  const anyGroup: VerifiedGroup = organization;
  const exact: VerifiedGroup<"organization"> = organization;
  const sameType: VerifiedGroup<"organization" | "app"> = app;
  const asked = await verify("organization", userId, () => true);
  await verify("organization", undefined, () => Promise.resolve(true));
  const groups: Groups = [anyGroup, exact, sameType, asked, trusted(kind, "k", "row"), null];
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<typeof organization, VerifiedGroup<"organization">>>,
    Expect<Equal<typeof asked, VerifiedGroup<"organization"> | undefined>>,
    Expect<Equal<typeof organization.key, string>>,
    Expect<Equal<typeof organization.type, "organization">>,
  ];
  return posthog.capture({ event: "e", distinctId: "u", groups });
}

export function notVouchedFor(body: { group: { type: string; key: string } }, json: unknown) {
  // @ts-expect-error a bare string
  posthog.capture({ event: "e", distinctId: "u", groups: ["o1"] });
  // @ts-expect-error a user id is a string too
  posthog.capture({ event: "e", distinctId: "u", groups: [userId] });
  // @ts-expect-error PostHog's own form
  posthog.capture({ event: "e", distinctId: "u", groups: { organization: "o1" } });
  // @ts-expect-error one group is not a list of groups
  posthog.capture({ event: "e", distinctId: "u", groups: organization });
  // @ts-expect-error a look-alike
  posthog.capture({ event: "e", distinctId: "u", groups: [{ type: "organization", key: "victim" }] });
  // @ts-expect-error a look-alike from a request body
  posthog.capture({ event: "e", distinctId: "u", groups: [body.group] });
  // @ts-expect-error a parsed body
  posthog.capture({ event: "e", distinctId: "u", groups: [json] });
  // @ts-expect-error a copy
  posthog.capture({ event: "e", distinctId: "u", groups: [{ ...organization }] });
  // @ts-expect-error a copy with another key
  posthog.capture({ event: "e", distinctId: "u", groups: [{ ...organization, key: userId }] });
  // @ts-expect-error assigned together
  posthog.capture({ event: "e", distinctId: "u", groups: [Object.assign({}, body.group)] });
  // @ts-expect-error as the shell passes it on
  posthog.capture({ event: "e", distinctId: "u", groups: [["organization", "o1"]] });
  // @ts-expect-error not awaited
  posthog.capture({ event: "e", distinctId: "u", groups: [verify("organization", "o1", () => true)] });
  // @ts-expect-error nor in exceptions
  posthog.captureException(new Error("x"), { groups: [body.group] });
  // @ts-expect-error nor in a profile
  posthog.groupIdentify({ group: "o1", properties: {} });
  // @ts-expect-error nor a copy there
  posthog.groupIdentify({ group: { ...organization }, properties: {} });
  // @ts-expect-error whose profile?
  posthog.groupIdentify({ group: undefined, properties: {} });
  // @ts-expect-error nor in what is tracked
  posthog.track({ kind: "capture", event: "e", groups: [body.group] });
  // @ts-expect-error nor in a builder
  buildGroupIdentify({ apiKey: "k" }, { group: body.group, properties: {} });

  class Pretender {
    #proof = true as const;
    readonly type = "organization";
    readonly key = userId;
    proves() {
      return this.#proof;
    }
  }
  // @ts-expect-error a class of one's own with a private member of its own
  const pretender: VerifiedGroup = new Pretender();
  // @ts-expect-error a subset of what a profile takes
  const input: GroupIdentifyInput = { group: structuredClone(body.group), properties: {} };
  return [pretender, input];
}

export function wrongType(wanted: (group: VerifiedGroup<"organization">) => void, group: VerifiedGroup) {
  wanted(organization);
  // @ts-expect-error an app is not an organization
  wanted(app);
  // @ts-expect-error some group may be no organization
  wanted(group);
  // @ts-expect-error nor may one of two
  wanted(organization as VerifiedGroup<"organization" | "app">);
  // @ts-expect-error a key cannot be changed
  organization.key = userId;
  // @ts-expect-error nor a type
  organization.type = "organization";
}

export function vouching(row: { owner_org: string | null }) {
  trusted("organization", "o1");
  // @ts-expect-error no organization, no group
  trusted("organization", row.owner_org, "row");
  // @ts-expect-error ask somebody
  verify("organization", row.owner_org);
  // @ts-expect-error a row is not a yes
  verify("organization", row.owner_org, () => Promise.resolve(row));
  // @ts-expect-error nor is nothing
  verify("organization", row.owner_org, () => {});
}
