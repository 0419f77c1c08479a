// utils/tracking.ts without the host's LogSnag, as the page says to change it: the package sends to LogSnag itself.
import type { Context } from "hono";
import { beforeEach, expect, test, vi } from "vitest";
import { mockFetch, refused } from "./requests.ts";

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

test("one request to LogSnag, as its SDK sends it", async () => {
  const fetch = mockFetch();
  await sendEventToTracking(c, payload);
  expect(fetch).toHaveBeenCalledOnce();
  const [url, { method, headers, body } = {} as RequestInit] = fetch.mock.calls[0]!;
  expect([url, method, new Headers(headers).get("authorization"), JSON.parse(String(body))]).toEqual([
    "https://api.logsnag.com/v1/log",
    "POST",
    "Bearer token",
    { ...payload, project: "acme" },
  ]);
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
