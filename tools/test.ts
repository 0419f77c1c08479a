// Everything that must hold before a change lands. Each step is one command that can be run alone;
// all of them run, and the last line counts them.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, documents, modules } from "./build.ts";
import { buildInspect } from "./build_inspect.ts";
import { fuzz, targets } from "./fuzz.ts";
import { checkPublicApi } from "./public_api.ts";
import { reference } from "./reference.ts";
import { setup } from "./setup.ts";
import { testArchitecture } from "./test_architecture.ts";
import { testLeaks, testPackage } from "./test_package.ts";
import { testCrate, testDependencies, testJsr, testVersion } from "./test_publish.ts";
import { testContexts } from "./test_contexts.ts";
import { documentationCompiles, testDocumentation } from "./test_docs.ts";
import { testExamples } from "./test_examples.ts";
import { testSamples } from "./test_samples.ts";
import { testShim } from "./test_shim.ts";
import { testSizes } from "./test_sizes.ts";
import { testStacks } from "./test_stacks.ts";
import { lintPackage, testTypes } from "./test_types.ts";
import * as tools from "./tools.ts";

const rust = (...args: string[]) => async () =>
  await tools.run("cargo", args, { env: await tools.rustTools() });
const deno = (...args: string[]) => () => tools.run(Deno.execPath(), args, { env: { NO_COLOR: "1" } });
const WASM = "--target=wasm32-unknown-unknown";

const steps: [name: string, step: () => Promise<void>][] = [
  ["rust is formatted", rust("fmt", "--check")],
  [
    "typescript is formatted",
    deno("fmt", "--check", "--config", "deno.json", "docs", "inspect", "pkg", "tests", "examples", "tools"),
  ],
  ["typescript is linted", deno("lint", "--config", "deno.json")],
  [
    "tools and benches type-check",
    async () => {
      const server = ["inspect/receiver/", "inspect/server/", "inspect/shared.ts"];
      await deno("check", "--config", "deno.json", "tools/", ...server, ...await benches())();
      await deno("check", "--config", "inspect/page/deno.json", "inspect/page/")();
    },
  ],
  ["clippy, native", rust("clippy", "--locked", "--quiet", "--all-targets", "--", "-D", "warnings")],
  ["clippy, wasm", rust("clippy", "--locked", "--quiet", "--all-targets", WASM, "--", "-D", "warnings")],
  ["clippy, each module", eachModuleIsClean],
  ["the native build has no JavaScript", nativeIsPure],
  ["layers keep their order", layersKeepTheirOrder],
  ["names, JavaScript and the clock keep their place", testArchitecture],
  ["the public API is what api/public-api.txt says", checkPublicApi],
  ["cargo test", rust("test", "--locked", "--quiet")],
  ["the reference is made without a warning", reference],
  ["fuzz targets are formatted", rust("fmt", "--check", "--manifest-path", "fuzz/Cargo.toml")],
  ["fuzz targets, fifteen seconds each", async () => await fuzz(await targets(), 15, true)],
  [
    "wasm-pack test --node",
    async () => await tools.run("wasm-pack", ["test", "--node"], { env: await tools.rustTools() }),
  ],
  ["pkg/wasm is what the sources give", rebuildAndCompare],
  ["pkg/inspect is what the sources give", inspectorIsBuilt],
  ["no machine's paths in pkg", noPathsInside],
  ["one version everywhere", testVersion],
  ["the crate has its own files only", testCrate],
  ["JSR would take the package", testJsr],
  ["licences, sources and advisories", testDependencies],
  [
    "types compile, and what must not does not",
    deno("check", "--config", "tests/types/deno.json", "tests/types/"),
  ],
  [
    "README and CONTRIBUTING are formatted",
    deno("fmt", "--check", "--config", "deno.json", "README.md", "CONTRIBUTING.md"),
  ],
  ["the documentation is short, and its links lead somewhere", testDocumentation],
  ["the documentation's code compiles", documentationCompiles],
  [
    "what is declared is there",
    deno("test", "--quiet", "--config", "tests/types/deno.json", "--allow-read", "tests/types/"),
  ],
  ["the types in every compiler and in an editor", testTypes],
  ["publint and attw find nothing", lintPackage],
  ["the receiver is a PostHog", deno("test", "-A", "--quiet", "inspect/receiver/")],
  [
    "the budget law, in virtual time",
    deno("test", "-A", "--quiet", "--config", "tests/budget/deno.json", "tests/budget/"),
  ],
  [
    "the stand-ins against the functions they replace",
    deno("test", "-A", "--config", "tests/compat/deno.json", "tests/compat/"),
  ],
  [
    "flags against posthog-node's, flag by flag",
    deno("test", "-A", "--config", "tests/flags/deno.json", "tests/flags/"),
  ],
  [
    "conformance: what PostHog asks of SDKs, over the wire",
    async () => {
      await deno("check", "--config", "tests/conformance/deno.json", "tests/conformance/")();
      await deno("run", "-A", "--config", "tests/conformance/deno.json", "tests/conformance/main.ts")();
    },
  ],
  [
    "the inspector, its command and what it keeps",
    deno("test", "-A", "--quiet", "--config", "tests/inspect/deno.json", "tests/inspect/server_test.ts"),
  ],
  [
    "the inspector in a real browser",
    deno("test", "-A", "--quiet", "--config", "tests/inspect/deno.json", "tests/inspect/page_test.ts"),
  ],
  ["the package on every runtime", () => testPackage()],
  ["diagnosis: what a first hour goes wrong with", deno("test", "-A", "--quiet", "tests/diagnosis/")],
  ["every bundler and runner", () => testStacks()],
  [
    "a request's client in Hono, on Deno and workerd",
    deno("test", "-A", "--quiet", "--config", "tests/request/deno.json", "tests/request/"),
  ],
  ["no call leaves memory behind", testLeaks],
  ["one capture crosses seldom", deno("run", "-A", "benches/crossings.ts")],
  ["large calls leave little behind", deno("run", "-A", "benches/memory_kept.ts")],
  ["the documentation's code runs", () => testSamples()],
  ["overlapping requests on workerd", testContexts],
  ["what is shipped keeps to its budget of bytes", testSizes],
  [
    "the outbox on PostgreSQL, and the crash law",
    deno("test", "-A", "--quiet", "--config", "tests/outbox/deno.json", "tests/outbox/"),
  ],
  [
    "the whole backend, on Deno and workerd",
    deno("test", "-A", "--quiet", "--config", "examples/supabase/functions/deno.json", "tests/backend/"),
  ],
  ["the pasted shim in a host that mocks", testShim],
  ["the examples and the demo", testExamples],
];

/** Those in TypeScript: the others import what only a bench's own project has. */
async function benches(): Promise<string[]> {
  const files = await readdir(join(tools.root, "benches"));
  return files.filter((file) => file.endsWith(".ts")).map((file) => `benches/${file}`);
}

/** A module has fewer features than the tests: what it leaves out must not be missed, and nothing left over. */
async function eachModuleIsClean(): Promise<void> {
  for (const features of Object.values(modules)) {
    const only = ["--lib", "--no-default-features", `--features=${features.join()}`];
    await rust("clippy", "--locked", "--quiet", WASM, ...only, "--", "-D", "warnings")();
  }
}

async function nativeIsPure(): Promise<void> {
  const tree = await tools.capture("cargo", ["tree", "--locked", "--edges=normal", "--prefix=none"]);
  const found = tree.split("\n").filter((line) =>
    /^(js-sys|web-sys|wasm-bindgen|serde-wasm-bindgen)/.test(line)
  );
  if (found.length > 0) throw new Error(`the native build links ${found.join(", ")}`);
}

/** Who may import whom: lib.rs draws it. */
const LAYERS: Record<string, string[]> = {
  compat: ["error", "event", "json", "request"],
  delivery: ["domain", "error", "event", "flags", "json", "policy", "request"],
  domain: ["error", "event", "json"],
  error: [],
  event: ["error", "json"],
  flags: ["error", "event", "json"],
  json: ["error"],
  policy: ["error", "event", "json"],
  request: ["error", "event", "flags", "json", "policy"],
};

async function layersKeepTheirOrder(): Promise<void> {
  for (const [layer, allowed] of Object.entries(LAYERS)) {
    const folder = join(tools.root, "src", layer);
    const files = layer === "error" ? [`${folder}.rs`] : await sources(folder);
    for (const file of files) {
      for (const [, used, names] of (await readFile(file, "utf8")).matchAll(/crate::([a-z]+)(::names)?/g)) {
        // Constants only, for everybody.
        if (names && used === "request") continue;
        if (used !== layer && !allowed.includes(used)) throw new Error(`${file} must not use ${used}`);
      }
    }
  }
}

async function sources(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith(".rs")).map((file) => join(folder, file));
}

async function rebuildAndCompare(): Promise<void> {
  const committed = join(tools.root, "pkg", "wasm");
  const rebuilt = await tools.temporary("rebuilt");
  try {
    await build(rebuilt);
    const [was, is] = [await readdir(committed), await readdir(rebuilt)].map((names) => names.sort());
    if (was.join() !== is.join()) throw new Error(`pkg/wasm holds ${was}, and the build gives ${is}`);
    for (const name of is) {
      const [before, after] = await Promise.all(
        [committed, rebuilt].map((folder) => readFile(join(folder, name))),
      );
      if (!before.equals(after)) {
        throw new Error(`pkg/wasm/${name} is not what the sources give: run deno task build`);
      }
    }
  } finally {
    await rm(rebuilt, { recursive: true });
  }
  for (const [name, text] of await documents()) {
    const packed = await readFile(join(tools.root, "pkg", name), "utf8");
    if (packed !== text) throw new Error(`pkg/${name} is out of date: run deno task build`);
  }
}

async function inspectorIsBuilt(): Promise<void> {
  const committed = join(tools.root, "pkg", "inspect");
  const rebuilt = await tools.temporary("inspect");
  try {
    await buildInspect(rebuilt);
    const names = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
    const [was, is] = await Promise.all([committed, rebuilt].map(names));
    if (was.join() !== is.join()) throw new Error(`pkg/inspect holds ${was}, and the build gives ${is}`);
    for (const name of is.filter((name) => name.includes("."))) {
      const [before, after] = await Promise.all(
        [committed, rebuilt].map((folder) => readFile(join(folder, name))),
      );
      if (!before.equals(after)) {
        throw new Error(`pkg/inspect/${name} is out of date: run deno task inspect:build`);
      }
    }
  } finally {
    await rm(rebuilt, { recursive: true });
  }
}

/** In the decoded modules and in what wasm-bindgen wrote for them. */
async function noPathsInside(): Promise<void> {
  const imported: string[] = [];
  for (const name of Object.keys(modules)) {
    const wasm = await readFile(join(tools.root, "pkg", "wasm", `${name}.wasm`));
    const glue = await readFile(join(tools.root, "pkg", "wasm", `${name}.js`), "utf8");
    for (const text of [wasm.toString("latin1"), glue]) {
      const found = text.match(/\/(root|home|Users|work|tmp|rustc)\/[\w./-]*|\.cargo|\.rustup|registry\/src/);
      if (found) throw new Error(`a machine's path is in pkg/wasm/${name}: ${found[0]}`);
    }
    if (glue.includes("import.meta")) throw new Error(`pkg/wasm/${name}.js looks for its own URL`);
    const imports = WebAssembly.Module.imports(await WebAssembly.compile(new Uint8Array(wasm)));
    const names = imports.map(({ name }) => name.replace(/_[0-9a-f]{16}$/, "")).sort();
    imported.push([name, ...names.map((name) => `  ${name}`)].join("\n") + "\n");
  }
  const pinned = await readFile(join(tools.root, "tests/imports.txt"), "utf8");
  if (imported.join("") !== pinned) {
    throw new Error(`the modules import something else than tests/imports.txt says:\n${imported.join("")}`);
  }
}

if (import.meta.main) {
  const only = Deno.args[0];
  const failures: string[] = [];
  let passed = 0;
  try {
    await (only ? tools.requireRustup() : setup());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
  for (const [name, step] of steps) {
    if (only && !name.includes(only)) continue;
    console.log(`\n── ${name}`);
    const started = Date.now();
    try {
      await step();
      passed++;
      console.log(`── ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      console.log(why);
      failures.push(`failed: ${name}\n${why}`);
    }
  }
  // Once more where the log ends: what went before it may not be kept.
  for (const failure of failures) console.log(failure);
  console.log(`\nsteps: ${passed} passed, ${failures.length} failed`);
  Deno.exit(failures.length === 0 && passed > 0 ? 0 : 1);
}
