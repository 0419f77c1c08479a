// `deno test -A --config examples/supabase/functions/deno.json tests/backend/`
import { ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { startReceiver } from "../receiver/mod.ts";
import worker from "../../examples/supabase/worker.ts";
import { markdown } from "./sites.ts";
import { everyCallSite, settings } from "./suite.ts";

Deno.test("every call site, on Deno", async (t) => {
  await using receiver = await startReceiver();
  const project = receiver.project("deno");
  for (const [name, value] of Object.entries(settings(project))) Deno.env.set(name, value);
  await everyCallSite(t, project, async (path, init) => await worker.request(path, init));
});

Deno.test("the example's README lists them", async () => {
  const readme = new URL("../../examples/supabase/README.md", import.meta.url);
  const text = await readFile(readme, "utf8");
  ok(text.includes(markdown()), `the table must be:\n\n${markdown()}\n`);
});
