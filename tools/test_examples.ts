// The examples, as their readers would run them.
import { ok } from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { blocks, pages } from "./docs/pages.ts";
import { installed } from "./test_package.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

export async function testExamples(): Promise<void> {
  const deno = Deno.execPath();
  const functions = "examples/supabase/functions";
  const indexes = ["build", "private", "triggers"].map((name) => `${functions}/${name}/index.ts`);
  const backend = ["examples/supabase/worker.ts", ...indexes, "tests/backend/"];
  await tools.run(deno, ["check", "--config", `${functions}/deno.json`, ...backend]);
  await demo();
  await tools.run(deno, [
    "test",
    "--no-prompt",
    "--config",
    "examples/testing/deno.json",
    "examples/testing/signup.deno.test.js",
  ]);
  await picture();
  const app = await installed();
  try {
    await cp(join(tools.root, "examples", "testing"), app, { recursive: true });
    await tools.run("node", ["--test", "signup.node.test.js"], { cwd: app });
    await tools.capture("npm", ["install", "--no-audit", "--no-fund", `vitest@${versions.vitest}`], {
      cwd: app,
    });
    await tools.run(join(app, "node_modules/.bin/vitest"), ["run", "signup.vitest.test.js"], { cwd: app });
  } finally {
    await rm(app, { recursive: true });
  }
}

/** One JSON object and nothing else, of the promised shape, with every organization's profile. */
async function demo(): Promise<void> {
  const printed = await tools.capture(Deno.execPath(), ["task", "--quiet", "demo", "--json"]);
  const { events, groups, ...rest } = JSON.parse(printed);
  ok(Object.keys(rest).length === 0, "nothing else");
  for (const event of events) {
    const fields = Object.keys(event).sort().join();
    ok(fields === "distinct_id,event,properties,timestamp,uuid", fields);
  }
  ok(new Set(events.map(({ uuid }: { uuid: string }) => uuid)).size === events.length, "each event once");
  const profiles = Object.values(groups.organization) as { name?: string }[];
  ok(profiles.length >= 3 && profiles.every(({ name }) => name), "profiles");
  console.log(`demo: ${events.length} events, ${profiles.length} organizations`);
}

/** What README shows of the demo is what it prints. */
async function picture(): Promise<void> {
  const readme = (await pages()).find(({ path }) => path === "README.md")!;
  const [{ code }] = blocks(readme).filter(({ language }) => language === "text");
  const printed = await tools.capture(Deno.execPath(), ["task", "--quiet", "demo"]);
  for (const table of code.trimEnd().split("\n\n")) {
    ok(printed.includes(table), `the demo no longer prints\n${table}`);
  }
}

if (import.meta.main) await testExamples();
