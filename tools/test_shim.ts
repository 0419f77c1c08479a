// The files of docs/replacing-your-own-tracking.md, pasted into a host that tests as their owner does: compiled, run
// under vitest beside partial mocks, and once more over the host's own helpers on Node, Deno and workerd.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { cp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expected } from "../tests/shim/host/expected.ts";
import { installed } from "./test_package.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

const PAGE = "docs/replacing-your-own-tracking.md";

export async function testShim(): Promise<void> {
  const page = await readFile(join(tools.root, PAGE), "utf8");
  await namesEveryFlag(page);
  const app = await installed();
  try {
    const host = join(app, "host");
    await cp(join(tools.root, "tests", "shim", "host"), host, { recursive: true });
    await paste(page, host);
    await install(app);
    const bin = join(app, "node_modules", ".bin");
    await tools.run(join(bin, "tsc"), ["--project", host]);
    await tools.run(join(bin, "vitest"), ["run", "--root", host]);
    await scenario(app, host);
  } finally {
    await rm(app, { recursive: true });
  }
}

/** The list of fixes is complete, and there is no other. */
async function namesEveryFlag(page: string): Promise<void> {
  const types = await readFile(join(tools.root, "pkg", "compat.d.ts"), "utf8");
  const declared = [...types.matchAll(/^ {2}(keep[A-Z]\w*)\?:/gm)].map(([, flag]) => flag).sort();
  const listed = [...page.matchAll(/^\| \[`(keep\w+)`\]/gm)].map(([, flag]) => flag).sort();
  deepStrictEqual(listed, declared, `${PAGE} lists other flags than pkg/compat.d.ts has`);
}

/** Writes the page's files where their first lines say, and what the tests compare them with. */
async function paste(page: string, host: string): Promise<void> {
  const files = new Map<string, string>();
  for (const [, text] of page.matchAll(/^```ts ignore\n(.*?)^```$/gms)) {
    const [, path] = text.match(/^\/\/ (\S+)\n/) ?? [];
    if (!path) throw new Error(`${PAGE}: a block does not say which file it is`);
    files.set(path, text);
  }
  const [logsnag, fix] = [...page.matchAll(/^```diff\n(.*?)^```$/gms)].map(([, diff]) => diff);
  const [posthog, tracking] = ["utils/posthog.ts", "utils/tracking.ts"].map((path) => files.get(path) ?? "");
  files.set("utils/tracking.own_logsnag.ts", patched(tracking, logsnag));
  files.set("utils/posthog.fixed.ts", patched(posthog, fix));
  const byName = posthog.replace(/\((.*)\) => (\w+)\(\1\)/g, "$2");
  if (byName === posthog) throw new Error(`${PAGE}: utils/posthog.ts has no closures`);
  files.set("utils/posthog.by_name.ts", byName);
  for (const [path, text] of files) await writeFile(join(host, path), text);
  const [manifest, map] = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json]) => JSON.parse(json));
  Object.assign(manifest.dependencies, { "@logsnag/node": versions.logsnag, hono: versions.hono });
  for (const name of ["@logsnag/node", "hono"]) {
    map.imports[name] = `npm:${name}@${manifest.dependencies[name]}`;
  }
  map.imports["hono/adapter"] = `${map.imports.hono}/adapter`;
  await writeFile(join(host, "package.json"), JSON.stringify({ type: "module", ...manifest }));
  await writeFile(join(host, "deno.json"), JSON.stringify(map));
}

/** The text after a diff whose hunks begin with `@@`. Each must fit in one place. */
function patched(text: string, diff: string): string {
  for (const hunk of diff.split(/^@@.*\n/m).filter((hunk) => hunk !== "")) {
    const side = (sign: string) =>
      hunk.split("\n").filter((line) => line.startsWith(sign) || line.startsWith(" "))
        .map((line) => `${line.slice(1)}\n`).join("");
    strictEqual(text.split(side("-")).length, 2, `${PAGE}: does not fit its file:\n${hunk}`);
    text = text.replace(side("-"), () => side("+"));
  }
  return text;
}

/** Links what the host has beside the package, which is installed once. */
async function install(app: string): Promise<void> {
  const { hono, logsnag, typescript, vitest } = versions;
  const home = await tools.npmTools(
    `hono@${hono}`,
    `@logsnag/node@${logsnag}`,
    `typescript@${typescript}`,
    `vitest@${vitest}`,
  );
  for (const name of await readdir(join(home, "node_modules"))) {
    if (name === ".package-lock.json") continue;
    // The package's own command.
    if (name === ".bin") await rm(join(app, "node_modules", name), { recursive: true, force: true });
    await symlink(join(home, "node_modules", name), join(app, "node_modules", name));
  }
}

/** The same calls on Deno and workerd; on Node, vitest makes them. */
async function scenario(app: string, host: string): Promise<void> {
  const config = ["--config", join(host, "deno.json")];
  // npm's packages as npm has installed them, under the names by which Supabase's functions would fetch them.
  const ours = "--node-modules-dir=manual";
  const checked = ["scenario.deno.ts", "call_sites.ts"];
  await tools.run(Deno.execPath(), ["check", ours, ...config, ...checked], { cwd: host });
  for (const version of versions.denos) {
    const flag = version.startsWith("1.") ? "--unstable-byonm" : ours;
    const args = ["run", flag, "--no-prompt", "--allow-env", ...config, "scenario.deno.ts"];
    said(`deno ${version}`, await tools.capture(await tools.deno(version), args, { cwd: host }));
  }
  const home = await tools.workers();
  const args = ["workerd.js", "", "workerd", home, join(host, "scenario.workerd.ts"), "2026-04-01"];
  said("workerd", await tools.capture("node", args, { cwd: app }));
}

function said(runtime: string, printed: string): void {
  deepStrictEqual(JSON.parse(printed), expected, runtime);
  console.log(`${runtime}: ${expected.requests.length} requests as expected`);
}

if (import.meta.main) await testShim();
