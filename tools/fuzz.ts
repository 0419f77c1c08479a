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
/** Inputs longer than 2 kB are slower, and find nothing that a short one does not. */
const LIMITS = ["-max_len=2048", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0"];

type Env = Record<string, string>;

/** Runs each target for so long, and fails if any of them crashes. */
export async function fuzz(targets: string[], seconds: number, anew: boolean): Promise<void> {
  // cargo-fuzz has no --locked, and would rewrite a lock file that is out of date.
  await tools.capture("cargo", ["tree", "--locked", "--manifest-path", join("fuzz", "Cargo.toml")]);
  const env = await environment();
  await tools.run("cargo", cargoFuzz("build"), { env });
  const scratch = await tools.temporary("fuzz");
  try {
    const seeds = join(scratch, "seeds");
    await writeSeeds(seeds);
    const flags = [...LIMITS, `-max_total_time=${seconds}`, `-seed=${anew ? 1 : 0}`];
    const waiting = [...targets];
    const failures: string[] = [];
    await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
      for (let target = waiting.shift(); target; target = waiting.shift()) {
        const corpus = join(anew ? scratch : join(tools.cache, "fuzz"), target);
        await mkdir(corpus, { recursive: true });
        const said = await fuzzOne(cargoFuzz("run", target, corpus, seeds, "--", ...flags), env);
        const ran = Number(said.text.match(/number_of_executed_units: *(\d+)/)?.[1] ?? 0);
        console.log(`${target}: ${ran.toLocaleString("en")} executions`);
        // None at all is a failure as well: nothing was tried.
        if (!said.well || ran === 0) failures.push(`${target} crashed:\n${said.text.slice(-6000)}`);
      }
    }));
    if (failures.length > 0) throw new Error(failures.join("\n\n"));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Whether it ended well, and what it said without its stacks: forty frames hide message and input. */
async function fuzzOne(args: string[], env: Env): Promise<{ well: boolean; text: string }> {
  const output = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const ended = await new Deno.Command("cargo", { args, cwd: tools.root, env, ...output }).output();
  const text = [ended.stderr, ended.stdout].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  const lines = text.split("\n").filter((line) => !/^\s+(#\d+|\d+:|at) /.test(line));
  return { well: ended.code === 0, text: lines.join("\n") };
}

/** All targets, by name. */
export async function targets(): Promise<string[]> {
  const manifest = await readFile(join(tools.root, "fuzz", "Cargo.toml"), "utf8");
  return [...manifest.matchAll(/\[\[bin\]\]\nname = "(\w+)"/g)].map(([, name]) => name);
}

function cargoFuzz(command: string, ...args: string[]): string[] {
  const folder = join(tools.cache, "target", "fuzz");
  // Neither the crate nor its targets have unsafe code, so AddressSanitizer has nothing to find in
  // them; without it three times as many inputs are tried.
  const build = ["--sanitizer", "none", "--target-dir", folder];
  return [`+${versions.nightly}`, "fuzz", command, ...build, ...args];
}

async function environment(): Promise<Env> {
  const bin = await tools.cargoFuzz();
  return { PATH: `${bin}:${Deno.env.get("PATH")}` };
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
