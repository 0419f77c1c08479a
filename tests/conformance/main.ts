// The table of what PostHog asks of SDKs, run over the wire: `deno task conformance [part of an id or of a source]`.
// Prints the score by section, each row that fails with what arrived, and what is not met. The scores must be those that
// docs/conformance.md shows.
import { startReceiver } from "../../inspect/receiver/mod.ts";
import { startAdapter } from "../../tools/adapter/mod.ts";
import type { Row } from "./row.ts";
import { sections } from "./sections.ts";
import { World } from "./world.ts";

/** Most rows wait for a retry, so many may run at once. */
const AT_ONCE = 24;

const only = Deno.args[0] ?? "";
await using receiver = await startReceiver();
await using v0 = startAdapter({ protocol: "v0" });
await using v1 = startAdapter({ protocol: "v1" });

interface Result {
  row: Row;
  failure?: string;
}

async function run(row: Row, at: number): Promise<Result> {
  if (!row.run) return { row };
  const world = new World(receiver.project(`row-${at}`), { v0: v0.url, v1: v1.url });
  try {
    await row.run(world);
    return { row };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { row, failure: `${why}\n  arrived:\n    ${world.arrived()}` };
  }
}

const wanted = ({ id, source }: Row) => `${source} ${id}`.includes(only);
const all = sections.map(({ name, rows }) => ({ name, rows: rows.filter(wanted) })).filter(({ rows }) =>
  rows.length
);
const queue = all.flatMap(({ rows }) => rows).map((row, at) => ({ row, at }));
const results = new Map<Row, Result>();
for (const { row, at } of queue.filter(({ row }) => row.alone)) results.set(row, await run(row, at));
const left = queue.filter(({ row }) => !row.alone);
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let next; (next = left.shift());) results.set(next.row, await run(next.row, next.at));
}));

const page = new URL("../../docs/conformance.md", import.meta.url);
const documented = (await Deno.readTextFile(page)).replaceAll(/ +/g, " ");
let [met, unmet, failed] = [0, 0, 0];
for (const { name, rows } of all) {
  const failures = rows.map((row) => results.get(row)!).filter(({ failure }) => failure !== undefined);
  const missing = rows.filter(({ run }) => !run);
  const good = rows.length - failures.length - missing.length;
  console.log(`${name}: ${good} of ${rows.length}`);
  for (const { id, source, requirement, why } of missing) {
    console.log(`  not met: ${id} (${source}): ${requirement}\n    ${why}`);
  }
  for (const { row: { id, source, requirement }, failure } of failures) {
    console.log(`  FAILED: ${id} (${source}): ${requirement}\n  ${failure}`);
  }
  if (only === "" && !documented.includes(`| ${name} | ${good} of ${rows.length} |`)) {
    console.log("  FAILED: docs/conformance.md shows another score");
    failed++;
  }
  met += good;
  unmet += missing.length;
  failed += failures.length;
}
console.log(`conformance: ${met} passed, ${failed} failed, ${unmet} not met`);
Deno.exitCode = failed === 0 && met > 0 ? 0 : 1;
