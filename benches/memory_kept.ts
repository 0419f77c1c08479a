// The memory that the module keeps after the largest calls that are accepted, and after some that must be refused.
// Each in a fresh Node: see memory_kept.js. Fails over 32 MB. `deno task memory`
import { benched } from "./benched.ts";
import * as tools from "../tools/tools.ts";
import { table } from "./table.ts";

/** What the module may keep, in MB. */
const MOST = 32;

await benched(async (app) => {
  const run = async (...args: string[]) =>
    JSON.parse(await tools.capture("node", ["memory_kept.js", ...args], { cwd: app }));
  const rows: string[][] = [];
  for (const name of await run()) {
    const { outcome, kept, later, most, before, after } = await run(name);
    rows.push([
      name,
      outcome,
      ...[kept, later, most, before, after].map((bytes) => (bytes / 2 ** 20).toFixed(1)),
    ]);
  }
  console.log("In MB of 1,048,576 bytes. The process's peak before the call has its input in it.\n");
  console.log(
    table(
      [
        "one call of",
        "comes to",
        "the module keeps",
        "after one small capture more",
        "the most it had",
        "the process's peak before",
        "and after",
      ],
      rows,
    ),
  );
  const over = rows.filter(([, , kept]) => Number(kept) > MOST).map(([name]) => name);
  if (over.length > 0) throw new Error(`the module keeps over ${MOST} MB after ${over.join("; ")}`);
});
