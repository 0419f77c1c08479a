// Nothing is mocked but fetch: the host's own helpers, on Node.
import { expect, test, vi } from "vitest";
import { expected } from "../expected.ts";
import { app, settings } from "../scenario.ts";

test("the whole of it, over the host's real helpers", async () => {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  expect(await (await app.request("/")).json()).toEqual(expected);
});
