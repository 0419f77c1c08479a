// utils/tracking.ts without the host's LogSnag, as the page says to change it: the package sends to LogSnag itself.
import { LogSnag } from "@logsnag/node";
import type { Context } from "hono";
import { beforeEach, expect, test, vi } from "vitest";
import { mockFetch, refused, sent } from "./requests.ts";

const { cloudlogErr, env } = vi.hoisted(() => ({ cloudlogErr: vi.fn(), env: {} as Record<string, string> }));
vi.mock("../utils/logging.ts", () => ({ cloudlogErr, serializeError: ({ name }: Error) => ({ name }) }));
vi.mock("../utils/posthog.ts", () => ({ trackPosthogEvent: () => Promise.resolve(true) }));
vi.mock("../utils/utils.ts", () => ({
  backgroundTask: (_c: unknown, task: Promise<unknown>) => task,
  getEnv: (_c: unknown, key: string) => env[key] ?? "",
}));

import { sendEventToTracking } from "../utils/tracking.own_logsnag.ts";

const c = { get: () => "req-1", req: { header: () => undefined } } as unknown as Context;
const payload = { channel: "usage", event: "User cancel", icon: "⚠️", notify: true, user_id: "org-1" };

beforeEach(() => {
  vi.clearAllMocks();
  Object.assign(env, { LOGSNAG_TOKEN: "token", LOGSNAG_PROJECT: "acme" });
});

test.each([
  ["an event", {}],
  ["a notification's data", {
    groups: { organization: "org-1" },
    nonPersonTags: { a: 1 },
    tags: { plan: "Solo" },
  }],
  ["a Date", { timestamp: new Date("2026-07-24T10:11:12.345Z") }],
  ["seconds", { timestamp: 1784887872 }],
  ["milliseconds", { timestamp: 1784887872345 }],
])("one request to LogSnag, the same that its SDK makes: %s", async (_, more) => {
  const fetch = mockFetch();
  await new LogSnag({ token: "token", project: "acme" }).track({ ...payload, ...more });
  await sendEventToTracking(c, { ...payload, ...more });
  const [before, after] = sent(fetch);
  expect(before?.headers.authorization).toBe("Bearer token");
  expect(after).toEqual(before);
});

test("without a token nothing is sent, which is success", async () => {
  const fetch = mockFetch();
  env.LOGSNAG_TOKEN = "";
  await sendEventToTracking(c, payload, { background: false, strict: true });
  expect(fetch).not.toHaveBeenCalled();
});

test("a refusal is logged, and the caller's error only if strict", async () => {
  mockFetch(() => Promise.resolve(refused(401, "{}")));
  await sendEventToTracking(c, payload);
  expect(cloudlogErr.mock.calls[0]?.[0]).toMatchObject({
    message: "sendEventToTracking provider failed",
    provider: "logsnag",
  });
  await expect(sendEventToTracking(c, payload, { background: false, strict: true })).rejects.toThrow();
});
