// What each entry ships, against its budget in tests/sizes.json: growth is a decision. `deno run -A tools/test_sizes.ts
// --write` takes today's sizes as the budget.
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { installed } from "./test_package.ts";
import * as tools from "./tools.ts";

/** By so much a size may differ: another zlib packs a little differently. */
const ALLOWANCE = 0.005;
const BUDGETS = join(tools.root, "tests", "sizes.json");

interface Size {
  raw: number;
  gzip: number;
}

/** What is bundled, and for whom. */
const entries: [name: string, entry: string, kind: "worker" | "node"][] = [
  ["a Worker that captures", "wasm.js", "worker"],
  ["a Worker that uses the stand-ins", "compat.js", "worker"],
  ["a Worker that reports exceptions alone", "exceptions.js", "worker"],
  ["a Worker that drains an outbox", "drain.js", "worker"],
  ["a Worker with client, Stripe and outbox", "billing.js", "worker"],
  ["a Worker with a whole backend", "backend.js", "worker"],
  ["a Worker with the full client and a whole backend", "everything.js", "worker"],
  ["a Worker that reads Stripe's webhooks", "stripe.js", "worker"],
  ["a Worker that reads rows", "lifecycle.js", "worker"],
  ["a Worker that lints", "lint.js", "worker"],
  ["a Worker with flags and the client", "flags.js", "worker"],
  ["one file that captures", "wasm.js", "node"],
  ["one file that uses the stand-ins", "compat.js", "node"],
  ["one file with a whole backend", "backend.js", "node"],
  ["an outbox in PostgreSQL, besides", "postgres.js", "node"],
  ["what tests are given, besides", "testing.js", "node"],
];

async function measured(): Promise<Record<string, Size>> {
  const app = await installed();
  const home = await tools.workers();
  try {
    await cp(join(tools.root, "benches"), app, { recursive: true });
    const sizes: Record<string, Size> = {};
    for (const [name, entry, kind] of entries) {
      const out = join(app, "dist", name);
      await tools.capture("node", ["bundle.js", home, `entries/${entry}`, out, kind], { cwd: app });
      sizes[name] = { raw: 0, gzip: 0 };
      for (const file of await readdir(out)) {
        const bytes = await readFile(join(out, file));
        sizes[name].raw += bytes.length;
        sizes[name].gzip += gzipSync(bytes, { level: 9 }).length;
      }
    }
    return sizes;
  } finally {
    await rm(app, { recursive: true });
  }
}

export async function testSizes(): Promise<void> {
  const budgets: Record<string, Size> = JSON.parse(await readFile(BUDGETS, "utf8"));
  const sizes = await measured();
  const over: string[] = [];
  for (const [name, size] of Object.entries(sizes)) {
    const budget = budgets[name];
    console.log(`${name}: ${size.raw} bytes, ${size.gzip} gzip`);
    for (const unit of ["raw", "gzip"] as const) {
      const allowed = Math.round((budget?.[unit] ?? 0) * (1 + ALLOWANCE));
      if (size[unit] > allowed) over.push(`${name}: ${size[unit]} bytes ${unit}, allowed are ${allowed}`);
    }
  }
  if (over.length > 0) throw new Error(`${over.join("\n")}\nsave it elsewhere, or write a new budget`);
}

if (import.meta.main) {
  if (Deno.args.includes("--write")) {
    await writeFile(BUDGETS, `${JSON.stringify(await measured(), null, 2)}\n`);
  } else await testSizes();
}
