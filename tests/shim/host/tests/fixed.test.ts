// A flag that is false takes its fix and no other: the page's own change, beside the file that it changes.
import type { Context } from "hono";
import { expect, test, vi } from "vitest";
import { mockFetch, sent } from "./requests.ts";
import { trackPosthogEvent as fixed } from "../utils/posthog.fixed.ts";
import { trackPosthogEvent as kept } from "../utils/posthog.ts";

vi.mock("../utils/logging.ts", () => ({ cloudlog: () => {} }));
vi.mock(
  "../utils/utils.ts",
  () => ({ getEnv: (_c: unknown, key: string) => key === "POSTHOG_API_KEY" ? "k" : "" }),
);

test("keepUuid: false adds a uuid, and changes nothing else", async () => {
  const fetch = mockFetch();
  const c = { get: () => "req-1" } as unknown as Context;
  const event = { event: "E", channel: "c", user_id: "u", ip: "203.0.113.7", tags: { channel: "beta" } };
  for (const track of [kept, fixed]) expect(await track(c, event)).toBe(true);
  const [before, after] = sent(fetch).map(({ body }) => JSON.parse(String(body)));
  const { uuid, ...rest } = after;
  expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
  expect(rest).toEqual(before);
});
