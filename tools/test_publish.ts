// What must hold before anything is published: one version, and in each package what belongs there.
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { version } from "./build.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** The version of Cargo.toml is the one that the package, its copy for JSR and every event have. */
export async function testVersion(): Promise<void> {
  const one = await version();
  for (const name of ["package.json", "jsr.json"]) {
    const { version: found } = JSON.parse(await Deno.readTextFile(join(tools.root, "pkg", name)));
    deepStrictEqual(found, one, `pkg/${name}: run deno task build`);
  }
  const { buildCapture } = await import(`${tools.root}/pkg/builders.js`);
  const { body } = buildCapture({ apiKey: "phc_test" }, { event: "e", distinctId: "u" });
  deepStrictEqual(JSON.parse(body).batch[0].properties.$lib_version, one, "run deno task build");
  console.log(`${one} everywhere`);
}

/** What the crate may have. */
const CRATE =
  /^(src\/.*\.rs|build\.rs|Cargo\.(toml|lock)|Cargo\.toml\.orig|\.cargo_vcs_info\.json|LICENSE|README\.md|CHANGELOG\.md)$/;

export async function testCrate(): Promise<void> {
  const files = (await tools.capture("cargo", ["package", "--list", "--allow-dirty"])).trim().split("\n");
  deepStrictEqual(files.filter((file) => !CRATE.test(file)), [], "does not belong into the crate");
  for (const file of ["src/lib.rs", "build.rs", "LICENSE", "README.md"]) {
    deepStrictEqual(files.includes(file), true, `${file} is missing`);
  }
  console.log(`crate: ${files.length} files`);
}

/** JSR's own checks, all but those that its server makes. */
export async function testJsr(): Promise<void> {
  const deno = await tools.deno(versions.denos.at(-1)!);
  const pkg = join(tools.root, "pkg");
  await tools.run(deno, ["publish", "--dry-run", "--allow-dirty", "--quiet"], { cwd: pkg });
  const entries = (exports: Record<string, unknown>) =>
    // The inspector is a command of npm's, for Node.
    Object.keys(exports).filter((name) => !/\.(sql|wasm|json)$|^\.\/inspect$/.test(name)).sort();
  const [npm, jsr] = await Promise.all(
    ["package.json", "jsr.json"].map(async (name) => JSON.parse(await Deno.readTextFile(join(pkg, name)))),
  );
  deepStrictEqual(entries(jsr.exports), entries(npm.exports), "pkg/jsr.json has other entries");
  console.log(`JSR: ${entries(jsr.exports).length} entries`);
}

/** Licences, sources, and known faults of everything that the crate is built from. */
export async function testDependencies(): Promise<void> {
  const bin = await tools.cargoDeny();
  const deny = (...checks: string[]) =>
    tools.run(join(bin, "cargo-deny"), ["--locked", "--all-features", "check", ...checks]);
  await deny("bans", "licenses", "sources");
  const fetched = await new Deno.Command(join(bin, "cargo-deny"), {
    args: ["fetch", "db"],
    cwd: tools.root,
    stdout: "null",
    stderr: "null",
    // Where nothing answers, git would wait for minutes.
    signal: AbortSignal.timeout(60_000),
  }).output();
  if (!fetched.success) {
    console.log("SKIPPED: advisories. The list at github.com/rustsec/advisory-db cannot be had here.");
    return;
  }
  await deny("advisories");
}

if (import.meta.main) {
  await testVersion();
  await testCrate();
  await testJsr();
  await testDependencies();
}
