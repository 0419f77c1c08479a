// Flags: what must compile, and what must not. Checked, never run.
import { type Outcome, PostHog, trusted } from "posthog-wasm";
import {
  denoKvFlagStore,
  evaluateFlags,
  type FlagDefinitions,
  type FlagDefinitionsStore,
  type FlagSnapshot,
  type FlagValue,
  loadFlagDefinitions,
  memoryFlagStore,
  parseFlagDefinitions,
  readFlagDefinitions,
  refreshFlagDefinitions,
  workersKvFlagStore,
} from "posthog-wasm/flags";
import { PostHog as Full } from "posthog-wasm/full";
import type { Equal, Expect } from "./expect.ts";

const posthog = new PostHog("k");

export async function evaluated(signal: AbortSignal, context: object, text: string) {
  const flags = await evaluateFlags(posthog, {
    distinctId: "u",
    groups: [trusted("organization", "o", "row"), null],
    personProperties: { plan: "pro" },
    groupProperties: { organization: { seats: 7 } },
    flagKeys: ["a"],
    definitions: parseFlagDefinitions(text),
    onlyEvaluateLocally: true,
    defaults: { a: false, b: "blue" },
    evaluationContexts: ["web"],
    disableGeoip: false,
    sendFeatureFlagEvents: false,
    timeoutMs: 100,
    budgetMs: 200,
    signal,
    context,
  });
  const value = flags.getFlag("a", { sendFeatureFlagEvents: false });
  const enabled = flags.isEnabled("a", { defaultValue: true });
  const payload = flags.getFlagPayload("a");
  const slice = flags.only(["a"]).onlyAccessed();
  const outcomes = await flags.reported();
  for (const { code, message } of flags.errors) if (code === "timed_out") return message;
  await posthog.capture({ event: "e", distinctId: "u", flags });
  await posthog.captureException(new Error("no"), { flags: slice });
  await posthog.track({ kind: "capture", event: "e", distinctId: "u", flags });
  await new Full("k").capture({ event: "e", distinctId: "u", flags });
  await evaluateFlags(new Full("k"), { distinctId: "u" });
  // deno-fmt-ignore
  type _ = [
    Expect<Equal<typeof value, FlagValue | undefined>>, Expect<Equal<typeof enabled, boolean>>,
    Expect<Equal<typeof payload, unknown>>, Expect<Equal<typeof slice, FlagSnapshot>>,
    Expect<Equal<typeof outcomes, Outcome[]>>,
  ];
}

interface Kv {
  get(key: string, type: "json"): Promise<unknown>;
  put(key: string, value: string): Promise<void>;
}

export async function stored(namespace: Kv, kv: Parameters<typeof denoKvFlagStore>[0]) {
  const stores: FlagDefinitionsStore[] = [
    memoryFlagStore(),
    workersKvFlagStore(namespace),
    denoKvFlagStore(kv, ["a"]),
  ];
  for (const store of stores) {
    const { status, stored, httpStatus } = await refreshFlagDefinitions(posthog, {
      secretKey: "phs_k",
      store,
    });
    if (status === "loaded" && stored && httpStatus === 200) return;
    const definitions: FlagDefinitions = await readFlagDefinitions(store, { maxAgeMs: 60_000 });
    if (!definitions.ok || definitions.stale) return [definitions.error?.code, definitions.error?.field];
  }
  const { definitions, etag } = await loadFlagDefinitions(posthog, { secretKey: "phs_k", etag: null });
  return definitions?.problems.map(({ code, flag }) => [code, flag, etag]);
}

export const slices = (
  flags: FlagSnapshot,
) => [flags.only("a"), flags.only(["a"]), flags.only(new Set(["a"]))];

export function refused(flags: FlagSnapshot) {
  // @ts-expect-error whose?
  evaluateFlags(posthog, {});
  // @ts-expect-error a verified group
  evaluateFlags(posthog, { distinctId: "u", groups: ["o"] });
  // @ts-expect-error a verified group
  evaluateFlags(posthog, { distinctId: "u", groups: { organization: "o" } });
  // @ts-expect-error a client
  evaluateFlags({}, { distinctId: "u" });
  // @ts-expect-error definitions that were read
  evaluateFlags(posthog, { distinctId: "u", definitions: { flags: [] } });
  // @ts-expect-error no value of a flag
  evaluateFlags(posthog, { distinctId: "u", defaults: { a: 7 } });
  // @ts-expect-error with which key
  loadFlagDefinitions(posthog, {});
  // @ts-expect-error flags that were evaluated
  posthog.capture({ event: "e", distinctId: "u", flags: { a: true } });
  // @ts-expect-error profiles have none
  posthog.identify({ distinctId: "u", flags });
  // @ts-expect-error it never changes
  flags.keys = [];
}
