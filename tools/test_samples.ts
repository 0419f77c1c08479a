// The documentation's code that is marked `run` (```ts run) runs, with the packed package and the tests' receiver as
// PostHog. The events that it names, and no others, have to arrive, and PostHog has nothing to say against them.
//
// `run` is a script for Deno, `run=alone` one that sends nothing to PostHog. `run=supabase`, `run=workers`, … are run as their readers would: see `hosts`.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Project, startReceiver } from "../inspect/receiver/mod.ts";
import { type Block, blocks, pages, place } from "./docs/pages.ts";
import { installed } from "./test_package.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** One way to run a sample: in a folder where the package is installed, with PostHog's settings in `env`. */
interface Host {
  name: string;
  /** The file's name, whose ending says how it is read. */
  file: string;
  run(
    sample: string,
    options: { cwd: string; env: Record<string, string> },
    project: Project,
  ): Promise<unknown>;
}

const ROW = JSON.stringify({
  type: "INSERT",
  table: "orgs",
  record: {
    id: "org_1",
    name: "Acme",
    created_by: "user_1",
    created_at: "2026-01-02T03:04:05Z",
  },
});
const REQUEST = JSON.stringify({ user: "user_1", org: "org_1" });
const NETWORK_AND_SETTINGS = ["--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env"];

const [oldNode, node] = versions.nodes;

/** A script that may say on stderr what `quiet` allows; assertions that do not hold and the client's lines are there. */
function script(quiet: (said: string) => boolean): Host {
  return {
    name: "Deno",
    file: "sample.ts",
    run: async (sample, options) => {
      const args = ["run", ...NETWORK_AND_SETTINGS, sample];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, ...options }).output();
      const said = new TextDecoder().decode(stderr);
      if (code !== 0 || !quiet(said)) throw new Error(`ended with ${code}\n${said}`);
    },
  };
}

/** What a mark names. Supabase's own runtime is not to be had; these Denos stand in for it. */
const hosts: Record<string, Host[]> = {
  "": [script((said) => said === "")],
  // Its transport may fail on purpose.
  alone: [script((said) => !said.includes("Assertion failed"))],
  supabase: versions.denos.map(edgeFunction),
  webhook: versions.denos.map(edgeFunction),
  workers: [{
    name: "workerd",
    file: "sample.ts",
    run: async (sample, options, project) => {
      const home = await tools.workers();
      const wait = `${project.url.replace("/p/", "/_control/")}/wait?events=2`;
      return await tools.capture("node", ["work.js", sample, home, REQUEST, wait], options);
    },
  }],
  node: [{
    name: `Node ${oldNode}`,
    file: "sample.mjs",
    run: async (sample, options) => await tools.capture(await tools.node(oldNode), [sample], options),
  }],
  next: [handler("POST")],
  hono: [handler("default")],
};

function edgeFunction(version: string): Host {
  return {
    name: `Deno ${version}`,
    file: "sample.ts",
    run: async (sample, options) => {
      // Before 2.0, node_modules that somebody else installed were read only when asked.
      const byonm = version.startsWith("1.") ? ["--unstable-byonm"] : [];
      const args = ["run", ...byonm, ...NETWORK_AND_SETTINGS, "--allow-read", "serve.js", sample, ROW];
      return await tools.capture(await tools.deno(version), args, options);
    },
  };
}

function handler(exported: string): Host {
  return {
    name: `Node ${node}`,
    file: "sample.ts",
    run: async (sample, options) =>
      await tools.capture(await tools.node(node), ["handle.js", sample, exported, REQUEST], options),
  };
}

export async function testSamples(only = ""): Promise<void> {
  const samples = (await pages()).flatMap(blocks).flatMap((block) => {
    const marks = block.marks.filter((mark) => /^run(=|$)/.test(mark)).map((mark) => mark.slice(4));
    return marks.map((mark) => ({ block, mark }));
  }).filter(({ block }) => place(block).includes(only));
  const app = await installed();
  await using receiver = await startReceiver();
  const failures: string[] = [];
  let runs = 0;
  try {
    await cp(join(tools.root, "tests", "docs"), app, { recursive: true });
    await framework(app);
    for (const { block, mark } of samples) {
      const found = hosts[mark] ?? [];
      if (found.length === 0) failures.push(`${place(block)}: nobody runs "${mark}"`);
      for (const host of found) {
        const project = receiver.project(`run-${++runs}`);
        const wrong = await run(block, mark === "alone" ? new Set() : named(block.code), host, app, project);
        if (wrong) failures.push(`${place(block)}, ${host.name}: ${wrong}`);
        else console.log(`${place(block)}, ${host.name}: ${project.distinct().length} events`);
      }
    }
  } finally {
    await rm(app, { recursive: true });
  }
  if (runs === 0) failures.push("there is no such sample");
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

/** Hono, and what stands for Next outside of Next. */
async function framework(app: string): Promise<void> {
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", `hono@${versions.hono}`], { cwd: app });
  const next = join(app, "node_modules", "next");
  await mkdir(next, { recursive: true });
  await writeFile(join(next, "package.json"), '{"type":"module","exports":{"./server":"./server.js"}}');
  await writeFile(join(next, "server.js"), "export const after = (task) => void task;\n");
}

/** What is wrong, if anything is. */
async function run(
  block: Block,
  events: Set<string>,
  host: Host,
  app: string,
  project: Project,
): Promise<string | undefined> {
  const folder = join(app, project.name);
  await mkdir(folder);
  const sample = join(folder, host.file);
  await writeFile(sample, block.code);
  const env = {
    POSTHOG_API_KEY: "phc_docs",
    POSTHOG_API_HOST: project.url,
    WEBHOOK_SECRET: "secret",
    NO_PROXY: "127.0.0.1",
    NO_COLOR: "1",
  };
  const failed = await host.run(sample, { cwd: app, env }, project).then(() => undefined, String);
  if (failed) return failed;
  const arrived = [...new Set(project.distinct().map(({ event }) => event))].sort();
  const expected = [...events].sort();
  if (arrived.join() !== expected.join()) return `it names ${expected}, and what arrived is ${arrived}`;
  const [warning] = project.warnings;
  if (warning) return `PostHog warns of ${warning.event}: ${warning.code}`;
  if (project.requests.some(({ status }) => status !== 200)) return "a request was refused";
  const grouped = project.events.some(({ properties }) => "$groups" in properties);
  if (expected.length > 0 && /\bgroups: \[/.test(block.code) && !grouped) return "no event has a group";
  const groups = Object.values(project.groups).flatMap((keys) => Object.keys(keys));
  if (expected.includes("$groupidentify") && groups.length === 0) return "no group has a profile";
}

/** The events that a sample says it sends. */
function named(code: string): Set<string> {
  const names = new Set([...code.matchAll(/\bevent: "([^"]+)"/g)].map(([, name]) => name));
  if (/\.groupIdentify\(|"group_identify"/.test(code)) names.add("$groupidentify");
  if (/\.captureException\(/.test(code)) names.add("$exception");
  if (/\.identify\(/.test(code)) names.add("$identify");
  if (/\.alias\(/.test(code)) names.add("$create_alias");
  if (/\borganizationCreated\(/.test(code)) names.add("Org Created").add("$groupidentify");
  return names;
}

if (import.meta.main) await testSamples(Deno.args[0]);
