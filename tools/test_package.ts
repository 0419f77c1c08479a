// The package as people get it: the tarball that `npm pack` makes, installed, on every runtime.
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startReceiver } from "../inspect/receiver/mod.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

interface Report {
  runtime: string;
  passed: number;
  failures: string[];
}

/** Runs the suite everywhere, or on the runtimes whose name contains `only`. */
export async function testPackage(only = ""): Promise<void> {
  const app = await installed();
  const receiver = await startReceiver();
  const reports: Report[] = [];
  try {
    const left = (await runtimes(receiver.url)).filter(([name]) => name.includes(only));
    // Most of it is waiting, so they need not wait for each other.
    await Promise.all(Array.from({ length: 5 }, async () => {
      for (let next; (next = left.shift());) reports.push(await run(...next, app));
    }));
  } finally {
    await receiver.close();
    await rm(app, { recursive: true });
  }
  const total = (count: (report: Report) => number) =>
    reports.reduce((sum, report) => sum + count(report), 0);
  const failures = reports.flatMap(({ runtime, failures }) => failures.map((told) => `${runtime}: ${told}`));
  console.log(`package: ${total(({ passed }) => passed)} passed, ${failures.length} failed`);
  if (failures.length > 0) throw new Error(failures.join("\n"));
  if (reports.length === 0) throw new Error("there is no such runtime");
}

async function run(name: string, start: (app: string) => Promise<string>, app: string): Promise<Report> {
  const printed = await start(app).catch((error) =>
    JSON.stringify({ runtime: name, passed: 0, failures: [String(error)] })
  );
  const report: Report = JSON.parse(printed.trim().split("\n").at(-1) ?? "");
  console.log(`${report.runtime}: ${report.passed} passed, ${report.failures.length} failed`);
  return report;
}

/** How often a call may be made without a byte of memory more. */
export async function testLeaks(): Promise<void> {
  const app = await installed();
  try {
    await tools.run("node", ["leak.js"], { cwd: app });
  } finally {
    await rm(app, { recursive: true });
  }
}

/** The tarball that would be published, in this folder. */
export async function packed(folder: string): Promise<string> {
  const cwd = join(tools.root, "pkg");
  const said = await tools.capture("npm", ["pack", "--json", "--pack-destination", folder], { cwd });
  const [{ filename }] = JSON.parse(said);
  return join(folder, filename);
}

/** A project that has the packed package as its only dependency. */
export async function installed(): Promise<string> {
  const app = await tools.temporary("app");
  const tarball = await packed(app);
  await writeFile(join(app, "package.json"), '{"type":"module","private":true}');
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: app });
  await cp(join(tools.root, "tests", "package"), app, { recursive: true });
  return app;
}

type Runtime = [name: string, start: (app: string) => Promise<string>];

async function runtimes(receiver: string): Promise<Runtime[]> {
  const found: Runtime[] = [];
  for (const version of versions.denos) {
    const name = `deno-${version}`;
    const deno = await tools.deno(version);
    // Before 2.0, node_modules that somebody else installed were read only when asked.
    const byonm = version.startsWith("1.") ? ["--unstable-byonm"] : [];
    const args = ["run", ...byonm, "--allow-net=127.0.0.1", "--no-prompt", "deno.js", receiver, name];
    found.push([name, (app) => tools.capture(deno, args, { cwd: app })]);
  }
  for (const version of versions.nodes) {
    const name = `node-${version}`;
    const node = await tools.node(version);
    found.push([name, (app) => tools.capture(node, ["runner.js", receiver, name], { cwd: app })]);
  }
  const bun = await tools.bun();
  const bunName = `bun-${versions.bun}`;
  found.push([bunName, (app) => tools.capture(bun, ["runner.js", receiver, bunName], { cwd: app })]);
  const home = await tools.workers();
  for (const date of ["2025-01-01", "2026-04-01"]) {
    const name = `workerd-${date}`;
    found.push([
      name,
      (app) => tools.capture("node", ["workerd.js", receiver, name, home, "worker.js", date], { cwd: app }),
    ]);
  }
  return found;
}

if (import.meta.main) await testPackage(Deno.args[0]);
