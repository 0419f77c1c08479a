// What it costs, beside posthog-node and a client written by hand: start-up, CPU, memory, bytes. The contenders take
// turns; what is quoted are medians with the quartiles, and ratios of them. `deno task bench [--json] [--quick]`
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as tools from "../tools/tools.ts";
import * as versions from "../tools/versions.ts";
import { benched } from "./benched.ts";
import { spread } from "./spread.js";
import { table } from "./table.ts";

interface Spread {
  median: number;
  low: number;
  high: number;
}

interface Row {
  row: string;
  unit: string;
  [contender: string]: Spread | string;
}

const contenders = {
  "posthog-wasm": "wasm.js",
  "posthog-node": "node.js",
  "by hand": "hand.js",
  "an empty module": "empty.js",
};
type Name = keyof typeof contenders;
const names = Object.keys(contenders) as Name[];
const quick = Deno.args.includes("--quick");

/** Each contender once, then each again, in fresh processes. */
async function alternate(rounds: number, run: (name: Name) => Promise<Record<string, number>>) {
  const found: Record<string, Record<string, number[]>> = {};
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      for (const [what, value] of Object.entries(await run(name))) {
        // The first fills the disk's cache.
        if (round >= 0) ((found[what] ??= {})[name] ??= []).push(value);
      }
    }
  }
  return Object.entries(found).map(([what, by]) => ({
    what,
    by: Object.fromEntries(Object.entries(by).map(([name, all]) => [name, spread(all)])),
  }));
}

/** What the empty module takes is everybody's; it is shown, and taken off the others. */
function over({ what, by }: { what: string; by: Record<string, Spread> }, where: string, unit: string): Row {
  const { "an empty module": empty, ...others } = by;
  const less = ({ median, low, high }: Spread) => ({
    median: median - empty.median,
    low: low - empty.median,
    high: high - empty.median,
  });
  const rows = Object.entries(others).map(([name, spread]) => [name, less(spread)]);
  return {
    row: `${what}, ${where} (+ ${empty.median.toFixed(1)} ${unit} for an empty module)`,
    unit,
    ...Object.fromEntries(rows),
  };
}

const last = (printed: string) => JSON.parse(printed.trim().split("\n").at(-1)!);

await benched(async (app) => {
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", "posthog-node@5.70.0"], { cwd: app });
  const home = await tools.npmTools(`miniflare@${versions.miniflare}`, `esbuild@${versions.esbuild}`);
  const dist = (name: string, kind: string) => join(app, "dist", kind, name.replaceAll(" ", "-"));
  for (const [name, entry] of Object.entries(contenders)) {
    for (const kind of ["worker", "node"]) {
      await tools.capture("node", ["bundle.js", home, `entries/${entry}`, dist(name, kind), kind], {
        cwd: app,
      });
    }
  }
  const bundle = (name: string) => join(dist(name, "node"), "bundle.mjs");
  const words: Record<string, string> = { import: "import alone", payload: "import to the first payload" };
  const rows: Row[] = [];
  const starts = quick ? 3 : 15;
  for (
    const [where, command, args] of [
      ["Node", "node", ["start.js"]],
      ["Deno", Deno.execPath(), ["run", "-A", "--no-check", "start.js"]],
    ] as const
  ) {
    const found = await alternate(
      starts,
      async (name) => last(await tools.capture(command, [...args, bundle(name)], { cwd: app })),
    );
    rows.push(...found.map(({ what, by }) => over({ what: words[what], by }, where, "ms")));
  }
  const workerd = await alternate(
    quick ? 1 : 7,
    async (name) =>
      last(await tools.capture("node", ["start_workerd.js", home, dist(name, "worker")], { cwd: app })),
  );
  rows.push(...workerd.map(({ by }) => over({ what: "start to the first payload", by }, "workerd", "ms")));
  rows.push(...last(await tools.capture("node", ["cpu.js", quick ? "3" : "15"], { cwd: app })));
  const memory = await alternate(
    quick ? 1 : 5,
    async (name) => last(await tools.capture("node", ["memory.js", bundle(name)], { cwd: app })),
  );
  rows.push(...memory.map(({ by }) => over({ what: "peak memory of 10,000 calls", by }, "Node", "MB")));
  rows.push(...await bytes(dist));
  if (Deno.args.includes("--json")) return console.log(JSON.stringify(rows, null, 2));
  console.log(printed(rows));
});

/** What is shipped: everything in the folder. */
async function bytes(dist: (name: string, kind: string) => string): Promise<Row[]> {
  const rows: Row[] = [];
  for (
    const [kind, row] of [["worker", "a Worker ships, gzip"], ["node", "one file for Deno or Node, gzip"]]
  ) {
    const made: Row = { row, unit: "kB" };
    for (const name of names.slice(0, 3)) {
      let size = 0;
      for (const file of await readdir(dist(name, kind))) {
        size += gzipSync(await readFile(join(dist(name, kind), file)), { level: 9 }).length / 1000;
      }
      made[name] = { median: size, low: size, high: size };
    }
    rows.push(made);
  }
  return rows;
}

function printed(rows: Row[]): string {
  const digits = (value: number) => Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0);
  const cell = (row: Row, name: string) => {
    const found = row[name] as Spread | undefined;
    if (!found) return "";
    const exact = found.low === found.high;
    return `${digits(found.median)} ${row.unit}${
      exact ? "" : ` (${digits(found.low)} – ${digits(found.high)})`
    }`;
  };
  const ratio = (row: Row, name: string) => {
    const [mine, other] = [row["posthog-wasm"] as Spread, row[name] as Spread | undefined];
    return other && other.median > 0 ? (mine.median / other.median).toFixed(2) : "";
  };
  return table(
    ["", "posthog-wasm", "posthog-node 5.70.0", "ratio", "by hand", "ratio"],
    rows.map((row) => [
      row.row,
      cell(row, "posthog-wasm"),
      cell(row, "posthog-node"),
      ratio(row, "posthog-node"),
      cell(row, "by hand"),
      ratio(row, "by hand"),
    ]),
  );
}
