// Every bundler and runner that people have, from the tarball: tiny projects (tests/stacks) that are built, run, and send
// one event over loopback.
import { deepStrictEqual, match } from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startReceiver } from "../inspect/receiver/mod.ts";
import { packed } from "./test_package.ts";
import * as tools from "./tools.ts";
import * as versions from "./versions.ts";

/** A project at work: its folder, what it is to send to, and where its tools are. */
interface Place {
  folder: string;
  receiver: string;
  tools: string;
}

interface Stack {
  name: string;
  /** The folder under tests/stacks. */
  folder: string;
  /** Where the build goes, if there is one. */
  dist?: string;
  build?(place: Place): Promise<unknown>;
  /** Sends the event; what it prints ends with the outcome, or nothing is said where a runner has checked it. */
  run(place: Place): Promise<string | void>;
  /** For workerd, the module is a file beside the bundle; in all others it travels within. */
  wasm?: 0 | 1;
  /** What must be in what was printed, where it cannot work. */
  fails?: RegExp;
}

const bin = (place: Place, name: string, ...args: string[]) =>
  tools.capture(join(place.tools, "node_modules", ".bin", name), args, {
    cwd: place.folder,
    env: { NEXT_TELEMETRY_DISABLED: "1" },
  });

const node = (place: Place, ...args: string[]) => tools.capture("node", args, { cwd: place.folder });

/** On the workerd of miniflare. */
const workerd = (main: string, folder = "dist", ...flags: string[]) => (place: Place) =>
  node(place, "../workerd.js", place.tools, folder, main, place.receiver, ...flags);

const esbuild = (entry: string, ...args: string[]) => (place: Place) =>
  bin(place, "esbuild", entry, "--bundle", "--format=esm", "--log-level=error", "--outdir=dist", ...args);
const FOR_WORKERD = ["--conditions=workerd", "--loader:.wasm=copy"];

/** Jest takes ES modules by a flag of Node's only. */
const jest = (version: string) => async (place: Place) => {
  const cli = join(place.tools, "node_modules", "jest", "bin", "jest.js");
  const env = { RECEIVER: place.receiver, NODE_OPTIONS: "--experimental-vm-modules --no-warnings" };
  await tools.capture(await tools.node(version), [cli], { cwd: place.folder, env });
};

const [oldest, , newest] = versions.nodes as [string, string, string];

const quick: Stack[] = [
  {
    name: "esbuild, to workerd",
    folder: "esbuild",
    dist: "dist",
    build: esbuild("../worker.js", ...FOR_WORKERD),
    run: workerd("worker.js"),
    wasm: 1,
  },
  {
    name: "esbuild, to workerd without its condition",
    folder: "esbuild",
    dist: "dist",
    build: esbuild("../worker.js"),
    run: workerd("worker.js"),
    fails: /bundle with the \\?"workerd\\?" condition/,
  },
  {
    name: "esbuild, to workerd without a loader",
    folder: "esbuild",
    run: esbuild("../worker.js", "--conditions=workerd"),
    fails: /No loader is configured for ".wasm" files/,
  },
  {
    name: "Hono, to workerd",
    folder: "hono",
    dist: "dist",
    build: esbuild("worker.js", ...FOR_WORKERD),
    run: workerd("worker.js"),
    wasm: 1,
  },
  {
    name: "webpack, to workerd",
    folder: "webpack",
    dist: "dist",
    build: (place) => bin(place, "webpack"),
    run: workerd("worker.js"),
    wasm: 1,
  },
  {
    name: "Rollup, to workerd",
    folder: "rollup",
    dist: "dist",
    build: (place) => bin(place, "rollup", "--config", "--silent"),
    run: workerd("worker.js"),
    wasm: 1,
  },
  {
    name: "Vite, to workerd",
    folder: "vite",
    dist: "dist",
    build: (place) => bin(place, "vite", "build", "--logLevel", "error"),
    run: workerd("worker.js"),
    wasm: 1,
  },
  {
    name: "Nitro, cloudflare-module",
    folder: "nitro",
    dist: ".output/server",
    build: (place) => bin(place, "nitropack", "build", "--preset", "cloudflare-module"),
    run: workerd("index.mjs", ".output/server", "nodejs_compat"),
    wasm: 1,
  },
  {
    name: "Nitro, cloudflare-module without wasm",
    folder: "nitro",
    run: async (place) => {
      const config = join(place.folder, "nitro.config.js");
      const text = await readFile(config, "utf8");
      await writeFile(config, text.replace("wasm: true", "wasm: false"));
      try {
        await bin(place, "nitropack", "build", "--preset", "cloudflare-module");
      } finally {
        await writeFile(config, text);
      }
    },
    fails: /client\.wasm/,
  },
  {
    name: "Nitro, node",
    folder: "nitro",
    dist: ".output/server",
    build: (place) => bin(place, "nitropack", "build", "--preset", "node-listener"),
    run: (place) => node(place, "listen.js", ".output/server/index.mjs", place.receiver),
  },
  {
    name: "Nitro, vercel-edge",
    folder: "nitro",
    dist: ".vercel/output/functions/__fallback.func",
    build: (place) => bin(place, "nitropack", "build", "--preset", "vercel-edge"),
    // Nitro writes the module into the JavaScript. Vercel's own runtime is not to be had: Node runs it.
    run: (place) => node(place, "vercel_edge.js", place.receiver),
  },
  {
    name: "esbuild, to Node",
    folder: "node",
    dist: "dist",
    build: esbuild("main.js", "--platform=node"),
    run: (place) => node(place, "dist/main.js", place.receiver),
  },
  {
    name: `require() in Node ${oldest}`,
    folder: "node",
    run: async (place) =>
      await tools.capture(await tools.node(oldest), ["require.cjs", place.receiver], { cwd: place.folder }),
  },
  { name: `Jest, ES modules, Node ${oldest}`, folder: "jest-esm", run: jest(oldest) },
  { name: `Jest, CommonJS, Node ${newest}`, folder: "jest-cjs", run: jest(newest) },
  {
    name: `Jest, CommonJS, Node ${oldest}`,
    folder: "jest-cjs",
    run: jest(oldest),
    fails: /Use Node v24.9\+ where Jest supports require\(esm\) natively/,
  },
  {
    name: "vitest",
    folder: "vitest",
    run: async (place) => {
      const command = join(place.tools, "node_modules", ".bin", "vitest");
      await tools.capture(command, ["run"], { cwd: place.folder, env: { RECEIVER: place.receiver } });
    },
  },
];

/** Those that take longer. With webpack, Next 16.4 builds no edge route at all, not even an empty one. */
const slow: Stack[] = [
  {
    name: "Next, edge runtime, Turbopack",
    folder: "next",
    dist: ".next/server/edge",
    build: (place) => bin(place, "next", "build"),
    run: next,
    wasm: 1,
  },
];

/** Starts what `next build` has made, and asks it. */
async function next(place: Place): Promise<string> {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const command = join(place.tools, "node_modules", ".bin", "next");
  const server = new Deno.Command(command, {
    args: ["start", "--hostname", "127.0.0.1", "--port", String(port)],
    cwd: place.folder,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) {
      if (text.includes("Ready in")) break;
    }
    const headers = { "x-receiver": place.receiver };
    return await (await fetch(`http://127.0.0.1:${port}/api/event`, { headers })).text();
  } finally {
    server.kill("SIGTERM");
    await server.status;
  }
}

/** Builds and runs those whose name contains `only`. */
export const testStacks = (only = "") => test(quick, only, versions.stacks);

export const testSlowStacks = (only = "") => test(slow, only, versions.slowStacks);

async function test(stacks: Stack[], only: string, packages: string[]): Promise<void> {
  const home = await tools.npmTools(...packages);
  const receiver = await startReceiver();
  const app = await project(home, stacks === slow);
  const failures: string[] = [];
  try {
    await shown();
    for (const stack of stacks.filter(({ name }) => name.includes(only))) {
      const started = Date.now();
      const project = receiver.project(stack.name.replace(/\W+/g, "-"));
      const place = { folder: join(app, stack.folder), receiver: project.url, tools: home };
      try {
        // Git keeps no folder that holds nothing but what is built into it.
        await mkdir(place.folder, { recursive: true });
        if (stack.dist) await rm(join(place.folder, stack.dist), { recursive: true, force: true });
        await tried(stack, place, () => project.events);
        console.log(`${stack.name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
      } catch (error) {
        failures.push(`${stack.name}: ${error instanceof Error ? error.message : error}`);
        console.log(failures.at(-1));
      }
    }
  } finally {
    await receiver.close();
    await rm(app, { recursive: true });
  }
  if (failures.length > 0) throw new Error(`${failures.length} stacks failed`);
}

async function tried(stack: Stack, place: Place, events: () => { event: string }[]): Promise<void> {
  let printed: string;
  try {
    await stack.build?.(place);
    printed = await stack.run(place) ?? "";
  } catch (error) {
    if (!stack.fails) throw error;
    printed = String(error);
  }
  if (stack.fails) {
    match(printed, stack.fails);
    deepStrictEqual(events(), []);
    return;
  }
  if (printed) match(printed, /"status":\s*"accepted"/);
  deepStrictEqual(events().map(({ event }) => event), ["Stack Tried"]);
  if (stack.dist) await inspect(join(place.folder, stack.dist), stack);
}

/** What was built looks for nothing by its own URL, and has no module that it does not use. */
async function inspect(dist: string, { wasm = 0, folder }: Stack): Promise<void> {
  const files = await readdir(dist, { recursive: true });
  deepStrictEqual(files.filter((file) => file.endsWith(".wasm")).length, wasm, `modules among ${files}`);
  for (const file of files.filter((file) => /\.m?js$/.test(file))) {
    const text = await readFile(join(dist, file), "utf8");
    // The frameworks' own code may.
    if (/nitro|next/.test(folder)) continue;
    if (text.includes("import.meta")) throw new Error(`${file} looks for its own URL`);
  }
}

/** The page of settings shows the very files that are tried here. */
async function shown(): Promise<void> {
  const page = await readFile(join(tools.root, "docs", "runtimes.md"), "utf8");
  const blocks = [...page.matchAll(/^```js[^\n]*\n\/\/ (\S+)\n(.*?)^```$/gms)];
  for (const [, path, text] of blocks) {
    const file = await readFile(join(tools.root, "tests", "stacks", path!), "utf8");
    deepStrictEqual(text, file.replaceAll('"../', '"./'), `docs/runtimes.md shows another ${path}`);
  }
  deepStrictEqual(blocks.length, 5, "settings in docs/runtimes.md");
}

/**
 * The projects beside the package, which is installed as people get it, and their tools, which are linked. Turbopack follows
 * no link out of a project: for it the projects are put within the folder of its tools.
 */
async function project(home: string, within: boolean): Promise<string> {
  const app = within ? await mkdtemp(join(home, "stacks-")) : await tools.temporary("stacks");
  await cp(join(tools.root, "tests", "stacks"), app, { recursive: true });
  const modules = join(app, "node_modules");
  const ours = join(modules, "posthog-wasm");
  await mkdir(ours, { recursive: true });
  const tarball = await packed(app);
  await tools.capture("tar", ["xzf", tarball, "--strip-components=1", "-C", ours]);
  if (within) return app;
  for (const name of await readdir(join(home, "node_modules"))) {
    if (name === ".package-lock.json") continue;
    await symlink(join(home, "node_modules", name), join(modules, name));
  }
  return app;
}

if (import.meta.main) {
  const [which, only] = Deno.args[0] === "slow" ? [testSlowStacks, Deno.args[1]] : [testStacks, Deno.args[0]];
  await which(only);
}
