#!/usr/bin/env node
// `npx posthog-wasm inspect`
import { spawn } from "node:child_process";
import { createWriteStream, readFileSync, type WriteStream } from "node:fs";
import { parseArgs } from "node:util";
import { explain } from "../explain.ts";
import { type Inspector, startInspector } from "./inspector.ts";
import type { Flags } from "../receiver/flags.ts";
import type { Journal, Row } from "./journal.ts";
import { toLine } from "./lines.ts";

const HELP = `\
posthog-wasm inspect [options] [-- command …]

A PostHog on this machine, with a page that shows what it gets. Point your functions at it:
POSTHOG_API_HOST=http://127.0.0.1:8010

  --port 8010         the port
  --host 127.0.0.1    the address to listen on; only this machine reaches the default one
  --keep 100000       how many events to keep; older ones go
  --record file       write each event to a file, as a line of JSON, once it is known what becomes of it
  --flags file        answer /flags/ and /flags/definitions from a JSON file: {"answer": …, "definitions": …}
  --json              print these lines, and nothing else
  --exit-on-warning   end with 1 when PostHog would drop, change or refuse an event
  -- command …        run a command with POSTHOG_API_HOST set, and end with it
`;

const options = {
  port: { type: "string", default: "8010" },
  host: { type: "string", default: "127.0.0.1" },
  keep: { type: "string", default: "100000" },
  record: { type: "string" },
  flags: { type: "string" },
  json: { type: "boolean", default: false },
  "exit-on-warning": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

async function main(args: string[]): Promise<number | undefined> {
  const split = args.indexOf("--");
  const own = split < 0 ? args : args.slice(0, split);
  const command = split < 0 ? [] : args.slice(split + 1);
  const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true });
  if (values.help || positionals.length !== 1 || positionals[0] !== "inspect") {
    (values.help ? process.stdout : process.stderr).write(HELP);
    return values.help ? 0 : 2;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`not a port: ${values.port}`);
  const inspector = await startInspector({ port, hostname: values.host, keep: Number(values.keep) });
  const watch = new Watch(values.json, values.record);
  const flags: Flags = values.flags === undefined ? {} : JSON.parse(readFileSync(values.flags, "utf8"));
  inspector.opened = (journal) => {
    watch.follow(journal);
    const answer = () => journal.project.flags = flags;
    answer();
    // Who clears the page has the same flags as before.
    journal.readers.add({ changed() {}, state() {}, reset: answer });
  };
  inspector.opened(inspector.journal());
  if (!values.json) process.stderr.write(banner(inspector, values.host));

  const stopped = new Promise<number | undefined>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(undefined));
    if (values["exit-on-warning"] && command.length === 0) watch.warned = () => resolve(1);
  });
  const code = command.length === 0
    ? await stopped
    : await Promise.race([stopped, run(command, inspector.url)]);
  await inspector.close();
  await watch.end();
  return values["exit-on-warning"] && watch.warnings > 0 ? code || 1 : code ?? 0;
}

/** Prints and records events, each once: as soon as it is known what becomes of it. */
class Watch {
  warnings = 0;
  warned = () => {};
  readonly #file: WriteStream | undefined;
  readonly #journals: Journal[] = [];
  #written = new WeakSet<Row>();

  constructor(readonly json: boolean, record: string | undefined) {
    this.#file = record === undefined ? undefined : createWriteStream(record);
    this.#file?.once("error", fail);
  }

  follow(journal: Journal) {
    this.#journals.push(journal);
    journal.readers.add({
      changed: (row) => {
        if (row.state !== "pending" && row.state !== "failed") this.#write(row);
      },
      state() {},
      reset() {},
    });
  }

  /** What was never taken is written too. */
  async end() {
    for (const { rows } of this.#journals) for (const row of rows) this.#write(row);
    await new Promise<void>((resolve) => this.#file === undefined ? resolve() : this.#file.end(resolve));
  }

  #write(row: Row) {
    if (this.#written.has(row)) return;
    this.#written.add(row);
    if (this.json || this.#file) {
      const line = `${toLine(row)}\n`;
      this.#file?.write(line);
      if (this.json) process.stdout.write(line);
    }
    if (!this.json) process.stdout.write(forPeople(row));
    if (row.warnings.length > 0) {
      this.warnings++;
      this.warned();
    }
  }
}

/** One line, and one more for each warning. What a client sent must not speak to the terminal. */
function forPeople(row: Row): string {
  const time = new Date(row.first).toLocaleTimeString("en-GB");
  const groups = row.groups.map(([type, key]) => `${type}:${key.slice(0, 60)}`).join(" ");
  const line = [time, row.state.padEnd(8), row.event.padEnd(28), groups, row.person].join("  ");
  const warnings = row.warnings.map((code) => {
    const { title, means } = explain(code);
    return `          ! ${title}. ${means}${code === "refused" && row.refusal ? ` (${row.refusal})` : ""}`;
  });
  return [line, ...warnings].map((line) => `${plain(line).slice(0, 400).trimEnd()}\n`).join("");
}

function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

function banner({ url }: Inspector, host: string): string {
  const open = /^(?:localhost|127\.|::1)/.test(host)
    ? ""
    : "It listens beyond this machine: whoever reaches it sees everything.\n";
  return `\nPostHog inspector   ${url}\n\nPOSTHOG_API_HOST=${url}\nPOSTHOG_API_KEY=phc_local    (any key that begins with phc_)\n${open}\n`;
}

function run([command, ...args]: string[], url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      POSTHOG_API_HOST: url,
      POSTHOG_API_KEY: process.env.POSTHOG_API_KEY ?? "phc_local",
    };
    const child = spawn(command, args, { env, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function fail(error: unknown) {
  const { code, message } = error as NodeJS.ErrnoException;
  const port = code === "EADDRINUSE" ? "; another one may be running: --port takes another" : "";
  process.stderr.write(`posthog-wasm inspect: ${message ?? error}${port}\n`);
  process.exit(2);
}

main(process.argv.slice(2)).then((code) => process.exit(code), fail);
