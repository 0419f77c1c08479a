// The main entry, `posthog-wasm`: what must compile, and what must not. Checked, never run.
import {
  buildAlias,
  buildBatch,
  buildCapture,
  buildException,
  buildGroupIdentify,
  buildIdentify,
  buildSnapshot,
  type Config,
  type WireRequest,
} from "posthog-wasm/builders";
import {
  AnalyticsError,
  background,
  type CallOptions,
  type Code,
  databaseSource,
  type EventOutcome,
  type Options,
  type Outcome,
  PostHog,
  type Properties,
  type ProviderOutcome,
  queueSource,
  type SkipReason,
  type Source,
  type Status,
  stripeSource,
  type Tracked,
  trusted,
  type VerifiedGroup,
  verify,
  type WireEvent,
} from "posthog-wasm";
import type { OutboxStore, ProfileStore } from "posthog-wasm/full";
import { createTestTransport } from "posthog-wasm/testing";
import type { Equal, Expect } from "./expect.ts";

interface Context {
  env: object;
  get(key: string): string;
  req: { json(): Promise<unknown>; header(name: string): string | undefined };
}
interface Row {
  id: string;
  owner_org: string;
  user_id: string | null;
  created_at: string;
}

declare const c: Context;
declare const row: Row;
declare const mayRead: (userId: string, organization: string) => Promise<boolean>;
const posthog = new PostHog("phc_key");
const organization = trusted("organization", row.owner_org, "database trigger");

export async function handlers() {
  await background(
    PostHog.fromEnv(c).capture({
      event: "Bundle Created",
      distinctId: row.user_id ?? row.owner_org,
      groups: [organization],
      properties: { app_id: "a", size: 1, nested: { any: [null] } },
      source: { system: "supabase", id: row.id, at: row.created_at },
    }),
    c,
  );

  const asked = await verify("organization", c.get("org"), (id) => mayRead(c.get("user"), id));
  await posthog.capture({ event: "e", distinctId: "u", groups: [asked, undefined, null] }, { context: c });

  await posthog.groupIdentify({ group: organization, properties: { plan_name: "Team", canceled_at: null } });
  await posthog.identify({ distinctId: "u", properties: { plan: "solo" }, setOnce: { first: new Date() } });
  await posthog.alias({ distinctId: "u", alias: "anon-1" });
  try {
    await mayRead("u", "o");
  } catch (error) {
    await posthog.captureException(error);
    await posthog.captureException(error, "u");
    await posthog.captureException(error, { groups: [organization], level: "fatal", handled: false });
  }
  const signal = AbortSignal.timeout(100);
  await posthog.track([], { signal, budgetMs: 200 });
}

export function everyField(): Outcome | Promise<Outcome> {
  return posthog.capture({
    event: "e",
    distinctId: "u",
    properties: {},
    groups: [],
    timestamp: new Date(),
    uuid: crypto.randomUUID(),
    source: { system: "stripe", id: "evt_1", at: new Date(), seq: 1 },
    set: { a: 1 },
    setOnce: { b: 2 },
    // What a header or a nullable column gives, as it is.
    ip: c.req.header("cf-connecting-ip"),
    personless: undefined,
  });
}

export function everyOption() {
  const transport = createTestTransport();
  const options: Options = {
    host: "us",
    allowHttp: true,
    budgetMs: 1000,
    groupTypes: ["organization", "app"],
    ip: "send",
    disabled: false,
    fetch: transport.fetch,
    logger: (outcome) => console.log(outcome.status),
    onWarning: (warning) => console.warn(warning.code, warning.field),
    before_send: (event) => event.event === "noise" ? null : { ...event, properties: { a: 1 } },
    debug: true,
  };
  const none: Options = { host: undefined, fetch: undefined, before_send: undefined };
  const hook = (event: Properties): Properties | null => event;
  return [
    new PostHog(undefined),
    new PostHog("k", { ...options, ...none }),
    new PostHog("k", { host: "https://proxy.example/ingest" }),
    new PostHog("k", { fetch: globalThis.fetch }),
    new PostHog("k", { fetch: (url, init) => Promise.resolve(new Response(url + init.method)) }),
    new PostHog("k", { before_send: hook }),
    new PostHog("k", {
      before_send(event) {
        event.properties.$lib = undefined;
        return event;
      },
    }),
    PostHog.fromEnv(),
    PostHog.fromEnv(c, options),
    PostHog.fromEnv({ POSTHOG_API_KEY: "k" }),
  ];
}

export function builders() {
  const config: Config = { apiKey: "phc_key", host: "eu", now: new Date(0), groupTypes: ["organization"] };
  const requests: WireRequest[] = [
    buildCapture(config, { event: "e", distinctId: "u" }),
    buildGroupIdentify(config, { group: organization, properties: {} }),
    buildIdentify(config, { distinctId: "u" }),
    buildAlias(config, { distinctId: "u", alias: "v" }),
    buildException(config, { error: new Error("x"), distinctId: "u" }),
    buildSnapshot(config, { sessionId: "s", distinctId: "u", events: [1] }),
    buildBatch(config, [{ kind: "capture", event: "e", groups: [organization] }]),
  ];
  return requests.map((request) => fetch(request.url, request));
}

export function mistakes(error: unknown) {
  if (!(error instanceof AnalyticsError)) throw error;
  const { name, code, field, message } = error;
  const made = new AnalyticsError({ code: "invalid_event", message: "must be an object" });
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<typeof name, "AnalyticsError">>,
    Expect<Equal<typeof field, string | undefined>>,
    Expect<Equal<typeof message, string>>,
    Expect<"internal" extends Code ? true : false>,
  ];
  switch (code) {
    case "unverified_group":
    case "invalid_timestamp":
      return field;
    // @ts-expect-error no such code
    case "unverified":
      return made;
    // @ts-expect-error a warning's code is not thrown
    case "ip_dropped":
      return made;
  }
}

export function narrowing(outcome: Outcome, tracked: Tracked) {
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<Outcome["status"], Status>>,
    Expect<Equal<Outcome["httpStatus"], number | undefined>>,
    Expect<Equal<Outcome["reason"], SkipReason | "over_quota" | undefined>>,
    Expect<Equal<Outcome["events"], EventOutcome[]>>,
    Expect<Equal<Outcome["providers"]["posthog"], ProviderOutcome>>,
  ];
  const part: ProviderOutcome = outcome;
  if (outcome.ok) {
    const safe: "accepted" | "queued" = outcome.status;
    // @ts-expect-error what waits in the outbox may have had no answer
    const unknown: number = outcome.httpStatus;
    const httpStatus = outcome.status === "accepted" ? outcome.httpStatus : unknown;
    return [part, safe, httpStatus satisfies number];
  }
  // @ts-expect-error it may not have come so far
  const unknown: number = outcome.httpStatus;
  // @ts-expect-error only mistakes have one for sure
  outcome.error.code;
  // @ts-expect-error what was accepted is ok
  if (outcome.status === "accepted") return unknown;
  if (outcome.status === "invalid") return [outcome.error.code, outcome.error.field];
  if (outcome.status === "failed") return outcome.error.message;
  if (outcome.status === "skipped" && outcome.reason === "before_send") return outcome.events[0]?.uuid;
  // @ts-expect-error what is queued is ok
  if (outcome.status === "queued") return;
  // @ts-expect-error no such reason
  if (outcome.reason === "sampled") return;

  if (tracked.kind === "capture") return [tracked.event, tracked.channel, tracked.notification?.uniqId];
  const group: VerifiedGroup = tracked.group;
  // @ts-expect-error a profile has no event name
  tracked.event;
  // @ts-expect-error nor is it announced
  tracked.notification;
  return group;
}

export function trackedEvents() {
  const notification = {
    event: "org:created",
    preferenceKey: "onboarding",
    uniqId: "org:created:1",
    data: {},
  };
  const events: Tracked[] = [
    {
      kind: "capture",
      event: "Org Created",
      groups: [organization],
      timestamp: row.created_at,
      channel: "org-created",
      icon: "🎉",
      notify: false,
      description: "a line",
      notification: { ...notification, cron: "* * * * *", once: true, audience: "billing" },
    },
    { kind: "group_identify", group: organization, properties: { name: "Acme" } },
  ];
  posthog.track(events);
  posthog.track(events[0]!);
  // @ts-expect-error a notification says which preference allows it
  posthog.track({ kind: "capture", event: "e", notification: { event: "e", uniqId: "1", data: {} } });
  // @ts-expect-error no such audience
  posthog.track({ kind: "capture", event: "e", notification: { ...notification, audience: "everyone" } });
  // @ts-expect-error an event says what kind it is
  posthog.track({ event: "e", distinctId: "u" });
  // @ts-expect-error no such kind
  posthog.track({ kind: "page", event: "e", distinctId: "u" });
  // @ts-expect-error only captures are announced
  posthog.track({ kind: "group_identify", group: organization, properties: {}, icon: "🎉" });
  // @ts-expect-error an unchecked body is no event
  posthog.track(JSON.parse("{}") as unknown);
}

export function refusedInput() {
  // @ts-expect-error an event has a name
  posthog.capture({ distinctId: "u" });
  // @ts-expect-error somebody has done it
  posthog.capture({ event: "e" });
  // @ts-expect-error and only `track` takes the organization instead
  posthog.capture({ event: "e", groups: [organization] });
  // @ts-expect-error nor does a builder
  buildCapture({ apiKey: "k" }, { event: "e", groups: [organization] });
  // @ts-expect-error a string
  posthog.capture({ event: 1, distinctId: "u" });
  // @ts-expect-error seconds or milliseconds?
  posthog.capture({ event: "e", distinctId: "u", timestamp: 1735787045 });
  // @ts-expect-error nor Date.now()
  posthog.capture({ event: "e", distinctId: "u", timestamp: Date.now() });
  // @ts-expect-error nor in a source
  posthog.capture({ event: "e", distinctId: "u", source: { system: "stripe", id: "evt_1", at: 1735787045 } });
  // @ts-expect-error a source says when
  posthog.capture({ event: "e", distinctId: "u", source: { system: "stripe", id: "evt_1" } });
  // @ts-expect-error PostHog's spelling, not ours
  posthog.capture({ event: "e", distinct_id: "u" });
  // @ts-expect-error properties have names
  posthog.capture({ event: "e", distinctId: "u", properties: "a" });
  // @ts-expect-error a profile has properties
  posthog.groupIdentify({ group: organization });
  // @ts-expect-error a person has an id
  posthog.identify({ properties: {} });
  // @ts-expect-error two ids
  posthog.alias({ distinctId: "u" });
  // @ts-expect-error an alias is made now
  posthog.alias({ distinctId: "u", alias: "v", timestamp: new Date() });
  // @ts-expect-error PostHog's own words
  posthog.captureException(new Error("x"), { level: "critical" });
  // @ts-expect-error only the full client sends replays
  posthog.captureSnapshot({ sessionId: "s-1", distinctId: "u", events: [{ type: 2, data: {} }] });
  // @ts-expect-error there must be something to build
  buildException({ apiKey: "k" }, { distinctId: "u" });
  // @ts-expect-error a builder needs a key
  buildCapture({ host: "eu" }, { event: "e", distinctId: "u" });
  // @ts-expect-error or it builds nothing
  buildCapture({ apiKey: undefined }, { event: "e", distinctId: "u" });
}

export function refusedOptions() {
  // @ts-expect-error a number of milliseconds
  new PostHog("k", { budgetMs: "5000" });
  // @ts-expect-error drop or send
  new PostHog("k", { ip: true });
  // @ts-expect-error an array
  new PostHog("k", { groupTypes: "organization" });
  // @ts-expect-error synchronous
  new PostHog("k", { before_send: (event) => Promise.resolve(event) });
  // @ts-expect-error return the event, or null: nothing at all would drop every event
  new PostHog("k", { before_send: () => {} });
  // @ts-expect-error an event, not a verdict
  new PostHog("k", { before_send: () => true });
  // @ts-expect-error it answers with a Response
  new PostHog("k", { fetch: () => Promise.resolve("ok") });
  // @ts-expect-error an option that does not exist
  new PostHog("k", { flushAt: 1 });
  // @ts-expect-error the key comes first
  new PostHog({ host: "eu" });
  // @ts-expect-error an environment is an object
  PostHog.fromEnv("phc_key");
  // @ts-expect-error a signal, not its controller
  const call: CallOptions = { signal: new AbortController() };
  // @ts-expect-error work that has begun: nobody would call a function
  background(() => posthog.track([]), c);
  return call;
}

/** Who does not need them does not ship them: they are posthog-wasm/full's. */
export function elsewhere(store: OutboxStore, profileStore: ProfileStore) {
  // @ts-expect-error the outbox
  new PostHog("k", { outbox: { store, write: "before_send" } });
  // @ts-expect-error the profile store
  new PostHog("k", { profileStore });
  // @ts-expect-error LogSnag
  PostHog.fromEnv(undefined, { logsnag: { token: "t", project: "p" } });
  // @ts-expect-error writing to an outbox
  posthog.enqueue([], store);
  // @ts-expect-error draining it
  posthog.drain(store);
}

export function sources() {
  const found: Source[] = [
    stripeSource({ id: "evt_1", created: 1735787045 }, { seq: 1 }),
    databaseSource({ type: "DELETE", table: "orgs", old_record: { id: "o1" } }, { at: new Date() }),
    queueSource("jobs", { msg_id: 1n, enqueued_at: new Date() }),
    queueSource("jobs", { id: "m1", timestamp: new Date() }),
  ];
  // @ts-expect-error a webhook has a table
  databaseSource({ type: "INSERT", record: {} });
  // @ts-expect-error a message has an id and a time
  queueSource("jobs", { body: {} });
  return found;
}

export function transports() {
  const { flags, flagDefinitions } = createTestTransport();
  flags({ on: true, theme: "dark", sized: { value: "b", payload: { size: 2 } } });
  flagDefinitions({ flags: [] });
  // @ts-expect-error a flag is a boolean or text
  flags({ on: 1 });
  const { fetch, events, clear } = createTestTransport();
  globalThis.fetch = fetch;
  clear();
  for (const { event, distinct_id, uuid, timestamp, properties, path } of events) {
    const text: string[] = [event, distinct_id, uuid, timestamp, path, typeof properties.$lib];
    const sent: WireEvent = { event, distinct_id, uuid, timestamp, properties };
    console.log(text, sent);
  }
  // @ts-expect-error always the same array
  createTestTransport().events = [];
}

// @ts-expect-error a type without a value: groups are made by trusted and verify
export { Verified } from "posthog-wasm";
// @ts-expect-error Stripe's webhooks are posthog-wasm/stripe's
export { stripeEvent } from "posthog-wasm";
// @ts-expect-error rows are posthog-wasm/lifecycle's
export { organizationCreated } from "posthog-wasm";
// @ts-expect-error stores are posthog-wasm/full's
export type { OutboxStore } from "posthog-wasm";
