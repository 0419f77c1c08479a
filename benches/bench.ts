// What it costs, beside posthog-node, with its compression and without, and a client written by hand: start-up, CPU,
// memory, bytes. The contenders take turns; what is quoted are medians with the quartiles, and medians of the ratios
// of one round. A table for each runtime. `deno task bench [--json] [--quick]`
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as tools from "../tools/tools.ts";
import * as versions from "../tools/versions.ts";
import { benched } from "./benched.ts";
import { ratios, spread } from "./spread.js";
import { table } from "./table.ts";

interface Spread {
  median: number;
  low: number;
  high: number;
}

interface Row {
  row: string;
  unit: string;
  values: Record<string, Spread>;
  /** What posthog-wasm takes over what each of the others does. */
  ratios: Record<string, Spread>;
}

/** What each contender took in each round. */
interface Rounds {
  what: string;
  by: Record<string, number[]>;
}

const entries = {
  "posthog-wasm": "wasm.js",
  "posthog-node": "node.js",
  "posthog-node, gzip": "node_gzip.js",
  "by hand": "hand.js",
  "an empty module": "empty.js",
};
type Name = keyof typeof entries;
const names = Object.keys(entries) as Name[];
/** What it ships, and how it starts in a Worker, does not depend on the compression. */
const builds = names.filter((name) => name !== "posthog-node, gzip");
const quick = Deno.args.includes("--quick");

/** Each contender once, then each again, in fresh processes. */
async function alternate(
  rounds: number,
  names: Name[],
  run: (name: Name) => Promise<Record<string, number>>,
): Promise<Rounds[]> {
  const found: Record<string, Record<string, number[]>> = {};
  for (let round = -1; round < rounds; round++) {
    for (let at = 0; at < names.length; at++) {
      // Nobody always follows the same one.
      const name = names[(at + round + 1) % names.length];
      for (const [what, value] of Object.entries(await run(name))) {
        // The first fills the disk's cache.
        if (round >= 0) ((found[what] ??= {})[name] ??= []).push(value);
      }
    }
  }
  return Object.entries(found).map(([what, by]) => ({ what, by }));
}

function rowOf(row: string, unit: string, by: Record<string, number[]>): Row {
  const present = names.filter((name) => by[name]);
  return {
    row,
    unit,
    values: Object.fromEntries(present.map((name) => [name, spread(by[name])])),
    ratios: Object.fromEntries(
      present.slice(1).map((name) => [name, ratios(by["posthog-wasm"], by[name])]),
    ),
  };
}

/** What the empty module takes is everybody's; it is shown, and taken off the others. */
function over({ what, by }: Rounds, where: string, unit: string): Row {
  const { "an empty module": empty, ...others } = by;
  const { median } = spread(empty);
  const less = Object.entries(others).map(([name, all]) => [name, all.map((value) => value - median)]);
  const row = `${what}, ${where} (+ ${median.toFixed(1)} ${unit} for an empty module)`;
  return rowOf(row, unit, Object.fromEntries(less));
}

/** Here it awaits answers too, which loads what a runtime has of fetch. Shown, and left in. */
function beside({ what, by }: Rounds, where: string): Row {
  const { "an empty module": empty, ...others } = by;
  const row = `import and ${what}, ${where} (${spread(empty).median.toFixed(1)} ms of it without a client)`;
  return rowOf(row, "ms", others);
}

const last = (printed: string) => JSON.parse(printed.trim().split("\n").at(-1)!);

await benched(async (app) => {
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", `posthog-node@${versions.posthogNode}`], {
    cwd: app,
  });
  const home = await tools.workers();
  const dist = (name: string, kind: string) => join(app, "dist", kind, name.replaceAll(/\W/g, "-"));
  for (const [name, entry] of Object.entries(entries)) {
    for (const kind of ["worker", "node"]) {
      await tools.capture("node", ["bundle.js", home, `entries/${entry}`, dist(name, kind), kind], {
        cwd: app,
      });
    }
  }
  const bundle = (name: string) => join(dist(name, "node"), "bundle.mjs");
  const words: Record<string, string> = {
    import: "import alone",
    payload: "import to the first payload that fetch is given",
  };
  const [node, deno] = [await tools.node(versions.nodes.at(-1)!), await tools.deno(versions.denos.at(-1)!)];
  const denoName = `Deno ${versions.denos.at(-1)}`;
  const denoArgs = ["run", "-A", "--no-check"];
  const rows: Row[] = [];
  const starts = quick ? 3 : 15;
  for (const [where, command, args] of [["Node", "node", []], [denoName, deno, denoArgs]] as const) {
    const found = await alternate(
      starts,
      names,
      async (name) => last(await tools.capture(command, [...args, "start.js", bundle(name)], { cwd: app })),
    );
    rows.push(...found.map((rounds) => over({ ...rounds, what: words[rounds.what] }, where, "ms")));
    const cold = await alternate(
      starts,
      names,
      async (name) => last(await tools.capture(command, [...args, "cold.js", bundle(name)], { cwd: app })),
    );
    rows.push(...cold.map((rounds) => beside(rounds, where)));
  }
  const workerd = await alternate(
    quick ? 1 : 7,
    builds,
    async (name) =>
      last(await tools.capture("node", ["start_workerd.js", home, dist(name, "worker")], { cwd: app })),
  );
  rows.push(...workerd.map(({ by }) => over({ what: "start to the first payload", by }, "workerd", "ms")));
  const rounds = quick ? "3" : "31";
  rows.push(...last(await tools.capture("node", ["cpu.js", rounds], { cwd: app })));
  const memory = await alternate(
    quick ? 1 : 5,
    names,
    async (name) => last(await tools.capture("node", ["memory.js", bundle(name)], { cwd: app })),
  );
  rows.push(...memory.map(({ by }) => over({ what: "peak memory of 10,000 calls", by }, "Node", "MB")));
  rows.push(...await bytes(dist));
  const tables: Record<string, Row[]> = { [`Node ${await versionOf("node")}`]: rows };
  for (
    const [runtime, command, args] of [
      [`Node ${await versionOf(node)}`, node, []],
      [denoName, deno, denoArgs],
    ] as const
  ) {
    tables[runtime] = last(await tools.capture(command, [...args, "cpu.js", rounds, "few"], { cwd: app }));
  }
  if (Deno.args.includes("--json")) return console.log(JSON.stringify(tables, null, 2));
  for (const [runtime, rows] of Object.entries(tables)) console.log(`${runtime}\n\n${printed(rows)}\n`);
});

async function versionOf(node: string): Promise<string> {
  return (await tools.capture(node, ["--version"])).trim().slice(1);
}

/** What is shipped: everything in the folder. */
async function bytes(dist: (name: string, kind: string) => string): Promise<Row[]> {
  const rows: Row[] = [];
  for (
    const [kind, row] of [["worker", "a Worker ships, gzip"], ["node", "one file for Deno or Node, gzip"]]
  ) {
    const by: Record<string, number[]> = {};
    for (const name of builds.slice(0, 3)) {
      let size = 0;
      for (const file of await readdir(dist(name, kind))) {
        size += gzipSync(await readFile(join(dist(name, kind), file)), { level: 9 }).length / 1000;
      }
      by[name] = [size];
    }
    rows.push(rowOf(row, "kB", by));
  }
  return rows;
}

function printed(rows: Row[]): string {
  const digits = (value: number) => Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0);
  const around = ({ low, median, high }: Spread, said: (value: number) => string, unit = "") =>
    `${said(median)}${unit}${low === high ? "" : ` (${said(low)} – ${said(high)})`}`;
  const cell = ({ values, unit }: Row, name: string) =>
    values[name] ? around(values[name], digits, ` ${unit}`) : "";
  // Less the empty module, nothing may be left of theirs; then there is no ratio.
  const ratio = ({ values, ratios }: Row, name: string) =>
    values[name]?.low > 0 ? around(ratios[name], (value) => value.toFixed(2)) : "";
  const others = ["posthog-node", "posthog-node, gzip", "by hand"];
  const heads = ["posthog-node 5.70.0, no compression", "by default (gzip)", "by hand"];
  return table(
    ["", "posthog-wasm", ...heads.flatMap((head) => [head, "ratio"])],
    rows.map((row) => [
      row.row,
      cell(row, "posthog-wasm"),
      ...others.flatMap((name) => [cell(row, name), ratio(row, name)]),
    ]),
  );
}
