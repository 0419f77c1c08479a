// The types as people get them: compiled from the tarball by old, current and next compilers, with every way of looking
// packages up, with and without DOM's types; linted; and asked as an editor asks.
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installed, packed } from "./test_package.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** Every compiler looks a package up in these ways; the last is gone since 6.0. */
const RESOLUTIONS = [["nodenext", "nodenext"], ["node16", "node16"], ["esnext", "bundler"], [
  "esnext",
  "node10",
]];

export async function testTypes(): Promise<void> {
  const app = await installed();
  try {
    await cp(join(tools.root, "tests", "types"), app, { recursive: true });
    const surface = (await readdir(app)).filter((name) => /^[a-z]+\.ts$/.test(name));
    const left = versions.typescripts.flatMap((version) => compilations(version, surface));
    const total = left.length;
    // Two at a time: a compiler is one thread's work, mostly.
    await Promise.all([1, 2].map(async () => {
      for (let next; (next = left.pop());) await compile(app, `tsconfig.${left.length}.json`, ...next);
    }));
    console.log(`compiled ${total} times by TypeScript ${versions.typescripts.join(", ")}`);
    const home = await tools.npmTools(`typescript@${versions.typescriptService}`);
    await tools.run("node", ["consumer/editor.cjs", join(home, "node_modules", "typescript")], { cwd: app });
  } finally {
    await rm(app, { recursive: true });
  }
}

type Compilation = [version: string, options: object, files: string[]];

function compilations(version: string, surface: string[]): Compilation[] {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const found: Compilation[] = [];
  for (const [module, moduleResolution] of RESOLUTIONS) {
    if (moduleResolution === "node10" && major > 5) continue;
    found.push([version, { module, moduleResolution, lib: ["es2022"] }, ["consumer/without_dom.ts"]]);
  }
  const bundler = { module: "esnext", moduleResolution: "bundler" };
  found.push([version, { ...bundler, lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"] }, surface]);
  // Before 5.8, TypeScript does not know that Node requires ES modules.
  const commonJs = { module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"] };
  if (major > 5 || minor >= 8) found.push([version, commonJs, ["consumer/require.cts"]]);
  return found;
}

async function compile(app: string, name: string, ...[version, options, files]: Compilation): Promise<void> {
  const home = await tools.npmTools(`typescript@${version}`);
  const compilerOptions = {
    target: "es2022",
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: false,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    ...options,
  };
  const project = join(app, name);
  await writeFile(project, JSON.stringify({ compilerOptions, files }));
  try {
    await tools.capture("node", [join(home, "node_modules", ".bin", "tsc"), "--project", project], {
      cwd: app,
    });
  } catch (error) {
    throw new Error(`TypeScript ${version}, ${JSON.stringify(options)}: ${(error as Error).message}`);
  }
}

/** publint and attw: what they know to go wrong with packages. */
export async function lintPackage(): Promise<void> {
  const folder = await tools.temporary("packed");
  try {
    const tarball = await packed(folder);
    const home = await tools.npmTools(...versions.linters);
    const bin = join(home, "node_modules", ".bin");
    await tools.run(join(bin, "publint"), ["--strict", tarball]);
    // Node requires ES modules since 20.19, which `engines` asks for; SQL has no types.
    const { exports } = JSON.parse(await readFile(join(tools.root, "pkg", "package.json"), "utf8"));
    const sql = Object.keys(exports).filter((name) => name.endsWith(".sql")).map((name) => name.slice(2));
    const known = ["--ignore-rules", "cjs-resolves-to-esm", "--exclude-entrypoints", ...sql];
    await tools.run(join(bin, "attw"), [tarball, "--format", "ascii", "--no-emoji", ...known]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (import.meta.main) {
  await testTypes();
  await lintPackage();
}
