// What goes wrong in a first hour: the log line and the outcome of each, over real servers, are what
// docs/troubleshooting.md says. `--print` prints what there is, to write it there.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { startServers } from "./servers.ts";
import * as tools from "../../tools/tools.ts";
import * as versions from "../../tools/versions.ts";

interface Row {
  name: string;
  lines: string[];
  outcome: Record<string, unknown>;
}

const folder = join(tools.root, "tests", "diagnosis");

/** What all lines have of their own: ports and milliseconds. */
function plain(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:8000")
    .replace(/"elapsedMs":\d+/g, '"elapsedMs":400')
    // Where there is no network at all, a resolver says that it cannot know.
    .replace(/EAI_AGAIN/g, "ENOTFOUND");
}

/** What a row of the page says: the line, and of the outcome what tells it from the others. */
function shown({ name, lines, outcome }: Row): string {
  const { status, reason, httpStatus, cause, error, events } = outcome;
  const [event] = (events ?? []) as { error?: { code: string; field?: string } }[];
  const { code, field } = (error ?? event?.error ?? {}) as { code?: string; field?: string };
  const told = plain(JSON.stringify({ status, reason, httpStatus, cause, error: code, field }));
  return [`## ${name}`, "", "```text", ...lines.map(plain), `outcome ${told}`, "```"].join("\n");
}

async function run(runtime: "node" | "deno", urls: Record<string, string>): Promise<Row[]> {
  const given = ["accepts", "answers401", "answers503", "hangs", "refuses", "supabase"];
  const args = ["rows.js", ...given.map((name) => urls[name]!)];
  const granted = ["run", "--no-prompt", "--allow-net=127.0.0.1,eu.posthog.invalid"];
  const printed = runtime === "node"
    ? await tools.capture("node", args, { cwd: folder })
    : await tools.capture(Deno.execPath(), [...granted, ...args], { cwd: folder });
  return JSON.parse(printed.trim().split("\n").at(-1)!);
}

/** A Worker that was bundled for browsers: the bytes are there, and workerd compiles none in a handler. */
async function wrongCondition(host: string): Promise<Row> {
  const home = await tools.npmTools(`miniflare@${versions.miniflare}`, `esbuild@${versions.esbuild}`);
  const dist = await tools.temporary("diagnosis");
  try {
    const args = ["workerd.js", home, dist, host];
    const printed = await tools.capture("node", args, { cwd: folder });
    return JSON.parse(printed.trim().split("\n").at(-1)!);
  } finally {
    await rm(dist, { recursive: true });
  }
}

async function allRows(): Promise<[runtime: string, rows: Row[]][]> {
  const { urls, close } = await startServers();
  try {
    return [
      ["Node", await run("node", urls)],
      ["Deno", await run("deno", urls)],
      ["workerd", [await wrongCondition(urls.accepts!)]],
    ];
  } finally {
    close();
  }
}

const rows = await allRows();

if (Deno.args.includes("--print")) {
  for (const [runtime, told] of rows) console.log([`# ${runtime}`, ...told.map(shown)].join("\n\n"));
} else {
  const page = await readFile(join(tools.root, "docs", "troubleshooting.md"), "utf8");
  for (const [runtime, told] of rows) {
    for (const row of told) {
      Deno.test(`${runtime}: ${row.name}`, () => {
        const section = shown(row);
        if (!page.includes(section)) throw new Error(`docs/troubleshooting.md does not say:\n\n${section}`);
        for (const line of row.lines) {
          if (/phc_|ada@|Acme/.test(line)) throw new Error(`a key or a value is in the log: ${line}`);
        }
      });
    }
  }
  Deno.test("every row is one of Node's and Deno's", () => {
    const [node, deno] = rows.map(([, told]) => told.map(({ name }) => name));
    // A permission that was not given is Deno's alone.
    if (node!.length < 12 || deno!.length !== node!.length + 1) throw new Error(`${node}\n${deno}`);
  });
}
