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
    for (const version of versions.typescripts) {
      const major = parseInt(version);
      for (const [module, moduleResolution] of RESOLUTIONS) {
        if (moduleResolution === "node10" && major > 5) continue;
        const options = { module, moduleResolution };
        await compile(app, version, { ...options, lib: ["es2022"] }, ["consumer/without_dom.ts"]);
      }
      const dom = { module: "esnext", moduleResolution: "bundler", lib: ["es2023", "dom", "dom.iterable"] };
      await compile(app, version, dom, surface);
      // Before 5.8, TypeScript does not know that Node requires ES modules.
      if (Number(version.split(".", 2).join(".")) < 5.8) continue;
      const commonJs = { module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"] };
      await compile(app, version, commonJs, ["consumer/require.cts"]);
    }
    console.log(`compiled by TypeScript ${versions.typescripts.join(", ")}`);
    const home = await tools.npmTools(`typescript@${versions.typescriptService}`);
    await tools.run("node", ["consumer/editor.cjs", join(home, "node_modules", "typescript")], { cwd: app });
  } finally {
    await rm(app, { recursive: true });
  }
}

async function compile(app: string, version: string, options: object, files: string[]): Promise<void> {
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
  const project = join(app, "tsconfig.json");
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
