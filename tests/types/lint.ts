// lint and estimate: what must compile, and what must not. Checked, never run.
import { type Code, PostHog, trusted } from "posthog-wasm";
import {
  AnalyticsError,
  type Estimate,
  estimate,
  type Finding,
  type IngestionWarning,
  lint,
  type LintInput,
  type LintOptions,
} from "posthog-wasm/lint";
import type { Equal, Expect } from "./expect.ts";

const organization = trusted("organization", "o1");

export function looked(error: unknown): [Finding[], Estimate] {
  const events: LintInput[] = [
    { kind: "capture", event: "e", groups: [organization] },
    { kind: "group_identify", group: organization, properties: {} },
    { kind: "ai", event: "$ai_generation", distinctId: "u" },
    { kind: "alias", distinctId: "u", alias: "v" },
    { kind: "exception", error, distinctId: "u" },
    { kind: "identify", distinctId: "u", properties: { plan: "Solo" } },
    { kind: "snapshot", distinctId: "u", sessionId: "s", events: [1] },
  ];
  const options: LintOptions = { groupTypes: ["organization"], ip: "send", privacy: {}, protocol: "v1" };
  if (error instanceof AnalyticsError) throw error;
  return [lint(events, options), estimate({ kind: "identify", distinctId: "u" })];
}

export function refused() {
  // @ts-expect-error no such kind
  lint({ kind: "merge", distinctId: "u" });
  // @ts-expect-error a bare string is no group
  lint({ kind: "capture", event: "e", groups: ["organization"] });
  // @ts-expect-error an alias has an id that it is merged into
  estimate({ kind: "alias", alias: "v" });
  // @ts-expect-error nothing is sent
  lint([], { apiKey: "phc_key" });
  // @ts-expect-error lint is posthog-wasm/lint's
  return import("posthog-wasm").then(({ lint }) => [lint, PostHog]);
}

// deno-fmt-ignore
type _ = [
  Expect<Equal<Finding["code"], Code | "ingestion_warning">>,
  Expect<Equal<Finding["ingestionWarning"], IngestionWarning | undefined>>,
  Expect<Equal<Estimate["groupBilled"], number>>,
];
