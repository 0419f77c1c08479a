// Where tools live, and how to run one. They are kept outside the checkout, so that a second run
// and a fresh clone find them again.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as versions from "./versions.ts";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const cache = process.env.POSTHOG_WASM_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "posthog-wasm");

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs a command and shows what it says. Throws unless it succeeds. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<void> {
  const { code } = await spawn(command, args, options, "inherit").output();
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}`);
}

/** Runs a command and returns what it printed. Throws, showing it, unless it succeeds. */
export async function capture(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await spawn(command, args, options, "piped").output();
  const text = new TextDecoder().decode(stdout);
  if (code === 0) return text;
  throw new Error(
    `${command} ${args.join(" ")} ended with ${code}\n${text}${new TextDecoder().decode(stderr)}`,
  );
}

function spawn(
  command: string,
  args: string[],
  { cwd = root, env }: RunOptions,
  output: "inherit" | "piped",
) {
  return new Deno.Command(command, { args, cwd, env, stdin: "null", stdout: output, stderr: output });
}

/** For people: since `started`, which is a `performance.now()`. */
export function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** Says what takes its time, and how long it took. On stderr: some commands print JSON. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  console.error(`    ${what} …`);
  const started = performance.now();
  const done = await work();
  console.error(`    done in ${seconds(started)}`);
  return done;
}

/** A tool from crates.io, built once per version. */
export async function cargoTool(name: string, version: string): Promise<string> {
  const home = join(cache, `${name}-${version}`);
  if (!existsSync(join(home, "installed"))) {
    await requireRustup();
    const args = ["install", "--locked", "--quiet", name, "--version", version, "--root", home];
    await timed(`building ${name} ${version} from source, a minute or two`, () => run("cargo", args));
    await writeFile(join(home, "installed"), version);
  }
  return join(home, "bin");
}

/** Packages from npm, installed once per set of versions; the folder that holds their node_modules. */
export async function npmTools(...packages: string[]): Promise<string> {
  const home = join(cache, "npm", packages.join("+").replaceAll("/", "_"));
  if (existsSync(home)) return home;
  await mkdir(dirname(home), { recursive: true });
  const making = await mkdtemp(join(dirname(home), "making-"));
  await writeFile(join(making, "package.json"), '{"private":true}');
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages];
  await timed(`installing ${packages.join(", ")} from npm`, () => capture("npm", args, { cwd: making }));
  // Whole or not at all: an interrupted install is not found again.
  await rename(making, home).catch(() => rm(making, { recursive: true }));
  return home;
}

export const wasmBindgen = () => cargoTool("wasm-bindgen-cli", versions.wasmBindgen);
export const wasmPack = () => cargoTool("wasm-pack", versions.wasmPack);
export const cargoFuzz = () => cargoTool("cargo-fuzz", versions.cargoFuzz);
export const cargoDeny = () => cargoTool("cargo-deny", versions.cargoDeny);
export const cargoPublicApi = () => cargoTool("cargo-public-api", versions.cargoPublicApi);

export const binaryen = () => npmTools(`binaryen@${versions.binaryen}`);
export const workers = () => npmTools(`miniflare@${versions.miniflare}`, `esbuild@${versions.esbuild}`);
export const typedoc = () =>
  npmTools(`typedoc@${versions.typedoc}`, `typescript@${versions.typedocTypescript}`);

export async function deno(version: string): Promise<string> {
  return join(await npmTools(`deno@${version}`), "node_modules", ".bin", "deno");
}

export async function node(version: string): Promise<string> {
  return join(await npmTools(`node@${version}`), "node_modules", ".bin", "node");
}

export async function bun(version = versions.bun): Promise<string> {
  return join(await npmTools(`bun@${version}`), "node_modules", ".bin", "bun");
}

/** The environment in which wasm-pack and wasm-bindgen find each other. */
export async function rustTools(): Promise<Record<string, string>> {
  return { PATH: `${await wasmBindgen()}:${await wasmPack()}:${process.env.PATH}` };
}

/** Fails with what to do about it where there is no rustup, or no Rust that it runs. */
export async function requireRustup(): Promise<void> {
  await capture("rustup", ["--version"]).catch(() => {
    throw new Error(
      "rustup is needed, and is not in the PATH. Install it from https://rustup.rs, open a new shell, and run this again.",
    );
  });
  await capture("cargo", ["--version"]).catch((error) => {
    throw new Error(
      `rustup has no Rust that is run by default. Run \`rustup default stable\`, and this again.\n${error.message}`,
    );
  });
}

/** The two Rust toolchains: the machine's own for tests, a dated nightly for what ships. */
export async function toolchains(): Promise<void> {
  const installed = await capture("rustup", ["toolchain", "list"]);
  if (!installed.includes(versions.nightly)) {
    const args = ["toolchain", "install", versions.nightly, "--profile", "minimal", "-c", "rust-src"];
    await timed(`installing ${versions.nightly}`, () => run("rustup", args));
  }
  const components = await capture("rustup", ["component", "list", "--installed"]);
  for (const component of ["rustfmt", "clippy"]) {
    if (!components.includes(component)) await run("rustup", ["component", "add", component]);
  }
  const targets = await capture("rustup", ["target", "list", "--installed"]);
  if (!targets.includes("wasm32-unknown-unknown")) {
    await run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
  }
}

export function temporary(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `posthog-wasm-${name}-`));
}
