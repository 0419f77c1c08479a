// What flags cost beside posthog-node: the CPU of evaluating a hundred for one person, start-up, bytes. In Node 20.
// `deno task flags [rounds]`. It fails over its bars.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as tools from "../tools/tools.ts";
import * as versions from "../tools/versions.ts";
import { benched } from "./benched.ts";
import { ratios, spread } from "./spread.js";

const rounds = Deno.args[0] ?? "15";
/** Of posthog-node. */
const BAR = 0.5;

async function gzipped(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder)) {
    bytes += gzipSync(await readFile(join(folder, file)), { level: 9 }).length;
  }
  return bytes;
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

await benched(async (app) => {
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", "posthog-node@5.70.0"], {
    cwd: app,
  });
  const node = await tools.node(versions.nodes[0]);
  const home = await tools.npmTools(`esbuild@${versions.esbuild}`);
  const bundle = async (entry: string, kind: string) => {
    const out = join(app, "dist", `${entry}-${kind}`);
    await tools.capture("node", ["bundle.js", home, `entries/${entry}.js`, out, kind], { cwd: app });
    return out;
  };

  const cpu = JSON.parse(await tools.capture(node, ["flags_cpu.js", rounds], { cwd: app }));
  console.log("CPU of 100 flags for one person, µs: the median, and the quartiles");
  for (const name of ["posthog-wasm", "posthog-node"]) {
    const { median, low, high } = cpu[name];
    console.log(`  ${name}: ${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`);
  }
  console.log(`  ratio: ${cpu.ratio.median.toFixed(3)} (bar ${BAR})`);

  // As Node loads what is installed, and as what is deployed in one file.
  const entries = { module: "flags_module", both: "flags", theirs: "node" };
  const bundled: Record<string, string> = {};
  for (const [name, entry] of Object.entries(entries)) {
    bundled[name] = join(await bundle(entry, "node"), "bundle.mjs");
  }
  const installed = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, `./entries/${entry}.js`]));
  const started = async (what: string, files: Record<string, string>) => {
    const taken: Record<string, { import: number[]; payload: number[] }> = {};
    for (let round = -1; round < Number(rounds); round++) {
      for (const [name, file] of Object.entries(files)) {
        const said = JSON.parse(await tools.capture(node, ["start.js", file], { cwd: app }));
        // The first fills the disk's cache.
        if (round < 0) continue;
        const known = taken[name] ??= { import: [], payload: [] };
        known.import.push(said.import);
        known.payload.push(said.payload);
      }
    }
    const { module, both, theirs } = taken;
    const ms = (values: number[]) => spread(values).median.toFixed(1);
    const start = ratios(module.payload, theirs.import).median;
    console.log(`start, ms, ${what}`);
    console.log(`  the module, imported: ${ms(module.import)}; until it has read definitions: ${ms(module.payload)}`);
    console.log(`  with the client, imported: ${ms(both.import)}; to the first flag: ${ms(both.payload)}`);
    console.log(`  posthog-node, imported: ${ms(theirs.import)}; to its first request: ${ms(theirs.payload)}`);
    console.log(`  the module, until it has read definitions, over importing posthog-node: ${start.toFixed(2)}`);
    return start;
  };
  const start = await started("as installed", installed);
  await started("one bundled file each", bundled);

  const wasm = await readFile(join(tools.root, "pkg", "wasm", "flags.wasm"));
  console.log("bytes, gzip");
  console.log(`  the module alone: ${kB(gzipSync(wasm, { level: 9 }).length)}`);
  console.log(`  a Worker with it alone: ${kB(await gzipped(await bundle("flags_module", "worker")))}`);
  console.log(`  a Worker with it and the client: ${kB(await gzipped(await bundle("flags", "worker")))}`);
  console.log(`  a Worker with the client alone: ${kB(await gzipped(await bundle("wasm", "worker")))}`);
  if (cpu.ratio.median > BAR || start > BAR) throw new Error("over its bar");
});
