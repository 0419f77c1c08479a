// Why the shims hand closures over: nothing may be looked up while they are loaded.
import type { Context } from "hono";
import { expect, test, vi } from "vitest";
import { mockFetch, sent } from "./requests.ts";

vi.mock("../utils/logging.ts", () => ({ cloudlog: vi.fn() }));
vi.mock("../utils/utils.ts", () => ({ getEnv: vi.fn(() => "") }));

test("helpers handed over by name are looked up at import, which a partial mock refuses", async () => {
  // The page's own file, but for the closures.
  await expect(import("../utils/posthog.by_name.ts")).rejects.toThrow('No "cloudlogErr" export is defined');
});

test("the shim imports beside mocks that have only what is used", async () => {
  const fetch = mockFetch();
  const { getEnv } = await import("../utils/utils.ts");
  const { trackPosthogEvent } = await import("../utils/posthog.ts");
  // A mock that is given its behaviour after the shim was loaded.
  vi.mocked(getEnv).mockImplementation((_c, key) => key === "POSTHOG_API_KEY" ? "phc_later" : "");
  const c = { get: () => "req-1" } as unknown as Context;
  expect(await trackPosthogEvent(c, { event: "E", channel: "c", user_id: "u" })).toBe(true);
  expect(JSON.parse(String(sent(fetch)[0]?.body)).api_key).toBe("phc_later");
});

test("a helper that the mock does not have costs its log line, and nothing else", async () => {
  mockFetch(() => Promise.reject(new Error("down")));
  const { trackPosthogEvent } = await import("../utils/posthog.ts");
  const c = { get: () => "req-1" } as unknown as Context;
  expect(await trackPosthogEvent(c, { event: "E", channel: "c", user_id: "u" })).toBe(false);
});
