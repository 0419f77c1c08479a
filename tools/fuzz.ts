// Fuzzing what parses outside input (fuzz/targets), with libFuzzer:
//
//   deno task fuzz [target] [seconds]
//
// Every string literal of the sources and tests is a seed, and so is every golden request. An input
// that was found to crash therefore becomes a test, and needs no other place. A run by hand keeps
// what it finds in the cache and goes on from there; the test starts anew, and always the same way.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { literals } from "./rust_source.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

const AT_A_TIME = 2;
/** Longer inputs are slower, and find nothing that a short one does not. */
const MAX_BYTES = 2048;

/** Runs each target for so long, and fails if any of them crashes. */
export async function fuzz(targets: string[], seconds: number, anew: boolean): Promise<void> {
  const cargo = await cargoFuzz();
  const build = ["--target-dir", join(tools.cache, "target", "fuzz")];
  await tools.run("cargo", [...cargo.args, "build", ...build], cargo);
  const scratch = await tools.temporary("fuzz");
  try {
    const seeds = join(scratch, "seeds");
    await writeSeeds(seeds);
    const waiting = [...targets];
    const failures: string[] = [];
    await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
      for (let target = waiting.shift(); target; target = waiting.shift()) {
        const corpus = join(anew ? scratch : join(tools.cache, "fuzz"), target);
        await mkdir(corpus, { recursive: true });
        const limits = [
          `-max_total_time=${seconds}`,
          `-max_len=${MAX_BYTES}`,
          "-timeout=10",
          "-rss_limit_mb=1024",
        ];
        const flags = [...limits, `-seed=${anew ? 1 : 0}`, "-print_final_stats=1", "-verbosity=0"];
        const args = [...cargo.args, "run", ...build, target, corpus, seeds, "--", ...flags];
        const { code, stdout, stderr } = await new Deno.Command("cargo", {
          args,
          cwd: tools.root,
          env: cargo.env,
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).output();
        const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
        const ran = Number(said.match(/number_of_executed_units: *(\d+)/)?.[1] ?? 0);
        console.log(`${target}: ${ran.toLocaleString("en")} executions`);
        // None at all is a failure as well: nothing was tried.
        if (code !== 0 || ran === 0) failures.push(`${target} crashed:\n${withoutStacks(said).slice(-6000)}`);
      }
    }));
    if (failures.length > 0) throw new Error(failures.join("\n\n"));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** The message and the input say enough, and forty frames hide them. */
function withoutStacks(said: string): string {
  return said.split("\n").filter((line) => !/^\s+(#\d+|\d+:|at) /.test(line)).join("\n");
}

/** All targets, by name. */
export async function targets(): Promise<string[]> {
  const manifest = await readFile(join(tools.root, "fuzz", "Cargo.toml"), "utf8");
  return [...manifest.matchAll(/\[\[bin\]\]\nname = "(\w+)"/g)].map(([, name]) => name);
}

async function cargoFuzz(): Promise<{ args: string[]; env: Record<string, string> }> {
  const bin = await tools.cargoTool("cargo-fuzz", versions.cargoFuzz);
  return { args: [`+${versions.nightly}`, "fuzz"], env: { PATH: `${bin}:${Deno.env.get("PATH")}` } };
}

async function writeSeeds(folder: string): Promise<void> {
  await mkdir(folder);
  const seeds = new Set(["[".repeat(100) + "]".repeat(100), "[".repeat(101) + "]".repeat(101)]);
  for (const source of ["src", "tests"]) {
    for (const file of await readdir(join(tools.root, source), { recursive: true })) {
      if (!file.endsWith(".rs") && !file.startsWith("golden/")) continue;
      const text = await readFile(join(tools.root, source, file), "utf8").catch(() => "");
      for (const seed of file.endsWith(".rs") ? literals(text) : [text]) seeds.add(seed);
    }
  }
  for (const [number, seed] of [...seeds].sort().entries()) await writeFile(join(folder, `${number}`), seed);
}

if (import.meta.main) {
  const [first, second] = Deno.args;
  const known = await targets();
  const all = first === undefined || /^\d+$/.test(first);
  if (!all && !known.includes(first)) throw new Error(`${first} is none of ${known.join(", ")}`);
  await fuzz(all ? known : [first], Number((all ? first : second) ?? 60), false);
}
