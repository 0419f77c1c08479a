// A client that knows what its project sends. Checked, never run.
import { type DomainEvent, PostHog, type Schema, type Tracked, trusted } from "posthog-wasm";
import { PostHog as Full } from "posthog-wasm/full";
import { organizationCreated } from "posthog-wasm/lifecycle";
import { foldProfiles, stripeEvent } from "posthog-wasm/stripe";
import type { Equal, Expect } from "./expect.ts";

interface Uploaded {
  app_id: string;
  size?: number;
}
interface Project {
  groups: "organization" | "app";
  events: {
    "Upload Link Created": { app_id: string };
    "Uploaded": Uploaded;
    "Org Created": Record<never, never>;
    "Noted": { note?: string };
  };
}
declare const uploaded: Uploaded;
declare const stripe: Parameters<typeof stripeEvent>;

const distinctId = "u";
const organization = trusted("organization", "o1");
const app = trusted("app", "a1");
const team = trusted("team", "t1");
const groupTypes = ["organization", "app"] as const;
const posthog = new PostHog<Project>("k", { groupTypes: ["organization", "app"] });

export function told() {
  posthog.capture({ event: "Upload Link Created", distinctId, properties: { app_id: "a" }, groups: [app] });
  posthog.capture({ event: "Uploaded", distinctId, properties: uploaded, groups: [organization, null] });
  posthog.capture({ event: "Org Created", distinctId });
  posthog.capture({ event: "Noted", distinctId, properties: undefined });
  // PostHog's own names belong to every event.
  posthog.capture({ event: "Uploaded", distinctId, properties: { app_id: "a", $current_url: "/", $lib: 1 } });
  posthog.capture({ event: "Org Created", distinctId, properties: { $session_id: "s" } });
  posthog.track({ kind: "capture", event: "Noted", groups: [organization], properties: { note: "n" } });
  posthog.track([
    { kind: "capture", event: "Org Created", groups: [organization] },
    { kind: "group_identify", group: app, properties: { name: "App" } },
  ]);
  posthog.groupIdentify({ group: organization, properties: {} });
  posthog.captureException(new Error("x"), { groups: [app] });
}

export function refused() {
  // @ts-expect-error no such event
  posthog.capture({ event: "Uplod", distinctId });
  // @ts-expect-error whose app?
  posthog.capture({ event: "Uploaded", distinctId });
  // @ts-expect-error whose app?
  posthog.capture({ event: "Uploaded", distinctId, properties: { size: 1 } });
  // @ts-expect-error an id is text
  posthog.capture({ event: "Uploaded", distinctId, properties: { app_id: 1 } });
  // @ts-expect-error no such property
  posthog.capture({ event: "Uploaded", distinctId, properties: { app_id: "a", sise: 1 } });
  // @ts-expect-error another event's property
  posthog.capture({ event: "Noted", distinctId, properties: { app_id: "a" } });
  // @ts-expect-error no such group
  posthog.capture({ event: "Org Created", distinctId, groups: [team] });
  // @ts-expect-error no such event
  posthog.track({ kind: "capture", event: "Uplod" });
  // @ts-expect-error no such event among several
  posthog.track([{ kind: "capture", event: "Org Created" }, { kind: "capture", event: "Uplod" }]);
  // @ts-expect-error no such group
  posthog.groupIdentify({ group: team, properties: {} });
  // @ts-expect-error no such group
  posthog.captureException(new Error("x"), { groups: [team] });
}

export function groupTypesAgree() {
  new PostHog<Project>("k", { groupTypes: ["app", "organization"] });
  new PostHog<Project>("k", { groupTypes });
  new PostHog<{ groups: "organization" }>("k");
  new PostHog<{ groups: "organization" }>("k", { host: "us" });
  new PostHog<{ groups: "organization" }>("k", { groupTypes: ["organization"] });
  new PostHog<{ groups: "a" | "b" | "c" | "d" | "e" }>("k", { groupTypes: ["e", "d", "c", "b", "a"] });
  PostHog.fromEnv<Project>(undefined, { groupTypes: ["organization", "app"] });
  // @ts-expect-error the client would refuse apps
  new PostHog<Project>("k");
  // @ts-expect-error the client would refuse apps
  new PostHog<Project>("k", { host: "us" });
  // @ts-expect-error the client would refuse apps
  new PostHog<Project>("k", { groupTypes: ["organization"] });
  // @ts-expect-error no such group type
  new PostHog<Project>("k", { groupTypes: ["organization", "app", "team"] });
  // @ts-expect-error twice
  new PostHog<Project>("k", { groupTypes: ["organization", "organization"] });
  // @ts-expect-error no such group type
  new PostHog<{ groups: "organization" }>("k", { groupTypes: ["team"] });
  // @ts-expect-error the default is organization alone
  new PostHog<{ groups: "team" }>("k");
  const six = ["a", "b", "c", "d", "e", "f"] as const;
  // @ts-expect-error PostHog has five
  new PostHog<{ groups: "a" | "b" | "c" | "d" | "e" | "f" }>("k", { groupTypes: six });
  // @ts-expect-error the client would refuse apps
  PostHog.fromEnv<Project>();
  // @ts-expect-error the client would refuse apps
  PostHog.fromEnv<Project>({});
  // @ts-expect-error the full client would, too
  new Full<Project>("k", {});
}

/** Without a schema, the option is what there is to go by. */
export function optionAlone() {
  const two = new PostHog("k", { groupTypes: ["organization", "app"], host: "us" });
  two.capture({ event: "e", distinctId, groups: [app], properties: { anything: 1 } });
  const read = PostHog.fromEnv({}, { groupTypes: ["organization"] });
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<typeof two, PostHog<Schema, "organization" | "app">>>,
    Expect<Equal<typeof read, PostHog<Schema, "organization">>>,
  ];
  // @ts-expect-error not among them
  two.capture({ event: "e", distinctId, groups: [team] });
  // @ts-expect-error not among them
  read.track({ kind: "capture", event: "e", groups: [app] });
  // Types that are known at run time only.
  const some = new PostHog("k", { groupTypes: ["organization", "app"].slice(1) });
  some.capture({ event: "e", distinctId, groups: [team] });
}

export function halfASchema() {
  const events = new PostHog<{ events: { "Noted": { note?: string } } }>("k");
  events.capture({ event: "Noted", distinctId, groups: [team] });
  // @ts-expect-error no such event
  events.capture({ event: "Org Created", distinctId });
  const groups = new PostHog<{ groups: "organization" }>("k");
  groups.capture({ event: "anything", distinctId, groups: [organization], properties: { a: 1 } });
  // @ts-expect-error no schema at all
  new PostHog<{ groups: number }>("k");
}

/** Domain functions have names of their own, which no schema needs to have. */
export function domain() {
  const events: DomainEvent[] = organizationCreated({ id: "o1" });
  posthog.track(events);
  posthog.track([...events, { kind: "capture", event: "Org Created" }]);
  posthog.track(foldProfiles(stripeEvent(...stripe)));
  const unchecked: Tracked[] = foldProfiles([...events, { kind: "capture", event: "e" }]);
  new PostHog("k").track(unchecked);
  // @ts-expect-error what nobody has checked
  posthog.track(unchecked);
}

/** A client that knows more can stand where one is asked for that knows less. */
export function inPlaceOfAnyOther(): PostHog[] {
  const full = new Full<Project>("k", { groupTypes: ["organization", "app"] });
  full.enqueue({ kind: "capture", event: "Org Created" });
  // @ts-expect-error no such event
  full.enqueue({ kind: "capture", event: "Uplod" });
  const checked: PostHog<Project> = full;
  return [posthog, full, checked];
}
