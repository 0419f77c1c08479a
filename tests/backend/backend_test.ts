// `deno test -A --config examples/supabase/functions/deno.json tests/backend/`
import { ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { isPromise } from "node:util/types";
import { startReceiver } from "../../inspect/receiver/mod.ts";
import worker from "../../examples/supabase/worker.ts";
import { answersFirst } from "./background.ts";
import { markdown } from "./sites.ts";
import { everyCallSite, settings } from "./suite.ts";

Deno.test("every call site, on Deno", async (t) => {
  await using receiver = await startReceiver();
  const project = receiver.project("deno");
  for (const [name, value] of Object.entries(settings(project))) Deno.env.set(name, value);
  await everyCallSite(t, project, async (path, init) => await worker.request(path, init));
});

Deno.test("the response goes out first, on Deno with Supabase's waitUntil", async (t) => {
  await using receiver = await startReceiver();
  const project = receiver.project("background");
  for (const [name, value] of Object.entries(settings(project))) Deno.env.set(name, value);
  const tasks = new Set<Promise<unknown>>();
  const waitUntil = (task: unknown) => {
    if (!isPromise(task)) throw new TypeError("waitUntil takes a promise");
    tasks.add(task);
  };
  Object.defineProperty(globalThis, "EdgeRuntime", { value: { waitUntil }, configurable: true });
  try {
    await answersFirst(t, project, async (path, init) => await worker.request(path, init), async () => {
      // A task that rejects fails the test: Supabase's runtime would end the function.
      for (const task of tasks) await task;
      tasks.clear();
    });
  } finally {
    Reflect.deleteProperty(globalThis, "EdgeRuntime");
  }
});

Deno.test("the example's README lists them", async () => {
  const readme = new URL("../../examples/supabase/README.md", import.meta.url);
  const text = await readFile(readme, "utf8");
  ok(text.includes(markdown()), `the table must be:\n\n${markdown()}\n`);
});
