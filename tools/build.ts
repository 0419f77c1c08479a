// Builds `pkg/wasm` from the crate: Rust → wasm-bindgen → wasm-opt → the bytes inlined as text.
// The same sources give the same bytes on every machine; `deno task check` compares them.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildInspect } from "./build_inspect.ts";
import { licenses } from "./licenses.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** The crate's name, as files have it. */
const CRATE = "posthog_wasm";

/** Where the project is to be read. */
const REPOSITORY = "https://github.com/posthog-wasm/posthog-wasm";

/** Each module, and the features whose exports it has. */
export const modules: Record<string, string[]> = {
  client: ["client"],
  outbox: ["client", "outbox"],
  full: ["full"],
  drain: ["drain"],
  stripe: ["stripe"],
  flags: ["flags"],
  lifecycle: ["lifecycle"],
  builders: ["builders", "lint"],
  compat: ["compat"],
  exceptions: ["exceptions"],
};

/** What keeps opt-level 2 smaller than "z", and as fast as it is. CONTRIBUTING.md has the figures. */
const LEAN = [
  "inline-threshold=80",
  "inline-instr-cost=40",
  "unroll-threshold=0",
  "unroll-max-count=0",
  "enable-load-pre=false",
  "max-loads-per-memcmp=0",
  "disable-lsr",
];

/** What the module uses, and every runtime has had for years. `--all-features` would use more. */
const FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

/** Builds every module into `out`, which is emptied first. */
export async function build(out: string): Promise<void> {
  await tools.toolchains();
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  // Two at a time: most of a build is one thread's work.
  const waiting = Object.keys(modules);
  const worker = async (lane: string) => {
    for (let name; (name = waiting.shift()) !== undefined;) {
      const made = await buildModule(name, lane);
      for (const file of await readdir(made)) await cp(join(made, file), join(out, file));
      await rm(made, { recursive: true });
    }
  };
  await Promise.all([worker("release"), worker("release-2")]);
}

/** Builds one module into a folder of its own. With names, to see what is in it. */
export async function buildModule(name: string, lane = "release", names = false): Promise<string> {
  const target = join(tools.cache, "target", lane);
  const [bound, made] = [await tools.temporary("bound"), await tools.temporary("build")];
  try {
    await compile(target, modules[name]);
    await bind(join(target, "wasm32-unknown-unknown", "release", `${CRATE}.wasm`), bound, names);
    const wasm = join(made, `${name}.wasm`);
    await optimise(join(bound, `${CRATE}_bg.wasm`), wasm, names);
    await glue(bound, join(made, `${name}.js`));
    await inline(wasm, join(made, `${name}.inline.js`));
  } finally {
    await rm(bound, { recursive: true });
  }
  return made;
}

async function compile(target: string, features: string[]): Promise<void> {
  const home = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const sysroot = (await tools.capture("rustc", [`+${versions.nightly}`, "--print", "sysroot"])).trim();
  // Without panics' locations and with every path remapped, no machine's folders are in the bytes.
  const flags = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    // Nothing of ours is printed for debugging.
    "-Zfmt-debug=none",
    // Of opt-level 2, all but what repeats code: most inlining (V8 does that by itself; what is rare stays apart, and V8
    // compiles it when it is needed), unrolled loops, loads that are moved before branches, comparisons of short texts in
    // line, several counters for one loop (LSR). An instruction counts 40: a function of one or two is set in line.
    ...LEAN.map((option) => `-Cllvm-args=-${option}`),
    `--remap-path-prefix=${tools.root}=/posthog-wasm`,
    `--remap-path-prefix=${home}=/cargo`,
    `--remap-path-prefix=${sysroot}=/rust`,
  ];
  await tools.run("cargo", [
    `+${versions.nightly}`,
    "build",
    "--quiet",
    "--lib",
    "--release",
    "--locked",
    "--no-default-features",
    `--features=${features.join()}`,
    "--target=wasm32-unknown-unknown",
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
    `--target-dir=${target}`,
  ], {
    env: {
      CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
      POSTHOG_WASM_BUILD: "1",
    },
  });
}

async function bind(wasm: string, out: string, names: boolean): Promise<void> {
  const bin = await tools.wasmBindgen();
  await tools.run(join(bin, "wasm-bindgen"), [
    wasm,
    "--target=web",
    "--no-typescript",
    ...(names ? [] : ["--remove-name-section"]),
    "--remove-producers-section",
    // The guard replaces a trapped instance with it.
    "--experimental-reset-state-function",
    `--out-dir=${out}`,
  ]);
}

async function optimise(from: string, to: string, names: boolean): Promise<void> {
  await wasmOpt(
    from,
    // Twice: the second time finds what the first made alike.
    "-Oz",
    "-Oz",
    // A local for what is computed twice hides from gzip that it is the same.
    "--skip-pass=local-cse",
    // Code that is not merged into its one caller repeats itself more: 3 % smaller after gzip.
    "--one-caller-inline-max-function-size=20",
    names ? "--debuginfo" : "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    `--output=${to}`,
  );
}

/**
 * What wasm-bindgen wrote, without what we do not call: its way to load a module by URL, which would put `import.meta.url`
 * into everybody's bundle.
 */
async function glue(bound: string, to: string): Promise<void> {
  const home = await tools.npmTools(`esbuild@${versions.esbuild}`);
  const entry = "entry.js";
  await writeFile(join(bound, entry), `export * from "./${CRATE}.js";\n`);
  await tools.run(join(home, "node_modules", ".bin", "esbuild"), [
    entry,
    "--bundle",
    "--format=esm",
    "--target=esnext",
    // Only a warning about old ways to call it.
    "--drop:console",
    "--log-level=warning",
    `--outfile=${to}`,
  ], { cwd: bound });
}

async function wasmOpt(input: string, ...args: string[]): Promise<void> {
  const home = await tools.binaryen();
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  await tools.run("node", [
    join(home, "node_modules/binaryen/bin/wasm-opt"),
    input,
    "--quiet",
    ...features,
    ...args,
  ]);
}

async function inline(wasm: string, out: string): Promise<void> {
  const base64 = (await readFile(wasm)).toString("base64");
  await writeFile(out, `export const base64 =\n  "${base64}";\n`);
}

/** What the package takes from the project's root, and what it owes to others; its manifests, with the crate's version. */
export async function documents(): Promise<[name: string, text: string][]> {
  const read = async (name: string): Promise<[string, string]> => [
    name,
    await readFile(join(tools.root, name), "utf8"),
  ];
  const [name, readme] = await read("README.md");
  return [
    await read("LICENSE"),
    [name, linkedToRepository(readme)],
    ["THIRD-PARTY-LICENSES.md", await licenses()],
    await versioned("package.json"),
    await versioned("jsr.json"),
  ];
}

/** The other pages and the pictures are not in the package, so their links lead to the repository. */
export function linkedToRepository(markdown: string): string {
  return markdown
    .replace(/!\[([^\]]*)\]\((?![a-z]+:|#)/g, `![$1](${REPOSITORY}/raw/main/`)
    .replace(/\]\((?![a-z]+:|#)/g, `](${REPOSITORY}/blob/main/`);
}

/** The version, which stands in Cargo.toml alone. */
export async function version(): Promise<string> {
  const manifest = await readFile(join(tools.root, "Cargo.toml"), "utf8");
  return manifest.match(/^version = "(.+)"$/m)![1];
}

async function versioned(name: string): Promise<[name: string, text: string]> {
  const text = await readFile(join(tools.root, "pkg", name), "utf8");
  return [name, text.replace(/"version": ".*"/, `"version": "${await version()}"`)];
}

if (import.meta.main) {
  await build(join(tools.root, "pkg", "wasm"));
  await buildInspect(join(tools.root, "pkg", "inspect"));
  for (const [name, text] of await documents()) await writeFile(join(tools.root, "pkg", name), text);
}
