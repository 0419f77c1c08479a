// Installs everything that building and testing need, and says so. A second run finds it all there.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "./chromium.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** What is installed, what it is for, and how; in this order. */
const needed: [name: string, purpose: string, install: () => Promise<unknown>][] = [
  [`Rust ${versions.nightly}`, "compiles the modules; your own Rust compiles the tests", tools.toolchains],
  [`wasm-bindgen ${versions.wasmBindgen}`, "writes the modules' JavaScript", tools.wasmBindgen],
  [`wasm-pack ${versions.wasmPack}`, "runs tests inside a module", tools.wasmPack],
  [`cargo-fuzz ${versions.cargoFuzz}`, "fuzzes what parses outside input", tools.cargoFuzz],
  [`cargo-public-api ${versions.cargoPublicApi}`, "compares the crate's public API", tools.cargoPublicApi],
  [`cargo-deny ${versions.cargoDeny}`, "looks at dependencies' licences and sources", tools.cargoDeny],
  [`binaryen ${versions.binaryen}`, "makes the modules smaller", tools.binaryen],
  ...versions.denos.map((version) => runtime("Deno", version, tools.deno)),
  ...versions.nodes.map((version) => runtime("Node", version, tools.node)),
  runtime("Bun", versions.bun, tools.bun),
  [
    `miniflare ${versions.miniflare} and esbuild ${versions.esbuild}`,
    "bundle a Worker and run it on workerd",
    tools.workers,
  ],
  ...versions.typescripts.map((version): [string, string, () => Promise<unknown>] => [
    `TypeScript ${version}`,
    "compiles the package's types",
    () => tools.npmTools(`typescript@${version}`),
  ]),
  ["publint and attw", "look at the package as others would", () => tools.npmTools(...versions.linters)],
  [
    "bundlers and runners",
    "build and test projects that use the package",
    () => tools.npmTools(...versions.stacks),
  ],
  ["Chromium", "shows the inspector's page", chromium],
  [`TypeDoc ${versions.typedoc}`, "makes the reference", tools.typedoc],
];

function runtime(
  name: string,
  version: string,
  install: (version: string) => Promise<unknown>,
): [string, string, () => Promise<unknown>] {
  return [`${name} ${version}`, "a runtime that the package is tested on", () => install(version)];
}

export async function setup(): Promise<void> {
  await tools.requireRustup();
  const first = !existsSync(join(tools.cache, "npm"));
  console.log(`Tools are in ${tools.cache}.`);
  if (first) {
    console.log(
      "They are installed now, and only this time. It takes about ten minutes on two cores, most of it for the " +
        "five tools that are built from source; a line says what is being done.",
    );
  }
  const started = performance.now();
  for (const [name, purpose, install] of needed) {
    console.log(`  ${name}: ${purpose}`);
    await install();
  }
  console.log(`All tools are there: ${tools.seconds(started)}.`);
}

if (import.meta.main) {
  try {
    await setup();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exitCode = 1;
  }
}
