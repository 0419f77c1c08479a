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

/** A tool from crates.io, built once per version. */
export async function cargoTool(name: string, version: string): Promise<string> {
  const home = join(cache, `${name}-${version}`);
  if (!existsSync(join(home, "installed"))) {
    await run("cargo", ["install", "--locked", "--quiet", name, "--version", version, "--root", home]);
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
  await capture("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages], {
    cwd: making,
  });
  // Whole or not at all: an interrupted install is not found again.
  await rename(making, home).catch(() => rm(making, { recursive: true }));
  return home;
}

export async function deno(version: string): Promise<string> {
  return join(await npmTools(`deno@${version}`), "node_modules", ".bin", "deno");
}

export async function node(version: string): Promise<string> {
  return join(await npmTools(`node@${version}`), "node_modules", ".bin", "node");
}

export async function bun(): Promise<string> {
  return join(await npmTools(`bun@${versions.bun}`), "node_modules", ".bin", "bun");
}

/** The environment in which wasm-pack and wasm-bindgen find each other. */
export async function rustTools(): Promise<Record<string, string>> {
  const bindgen = await cargoTool("wasm-bindgen-cli", versions.wasmBindgen);
  const pack = await cargoTool("wasm-pack", versions.wasmPack);
  return { PATH: `${bindgen}:${pack}:${process.env.PATH}` };
}

/** The two Rust toolchains: the machine's own for tests, a dated nightly for what ships. */
export async function toolchains(): Promise<void> {
  const installed = await capture("rustup", ["toolchain", "list"]);
  if (!installed.includes(versions.nightly)) {
    await run("rustup", ["toolchain", "install", versions.nightly, "--profile", "minimal", "-c", "rust-src"]);
  }
  const targets = await capture("rustup", ["target", "list", "--installed"]);
  if (!targets.includes("wasm32-unknown-unknown")) {
    await run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
  }
}

export function temporary(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `posthog-wasm-${name}-`));
}
