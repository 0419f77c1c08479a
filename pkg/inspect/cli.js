#!/usr/bin/env node

// server/cli.ts
import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

// explain.ts
var EXPLANATIONS = {
  group_key_too_long: {
    title: "Group key over 400 characters",
    means: "PostHog answers 200 and drops the event.",
    do: "Send the organization's id as the key, not a document about it."
  },
  invalid_event_when_process_person_profile_is_false: {
    title: "A profile event without person processing",
    means: "$identify, $create_alias and $groupidentify with $process_person_profile: false are answered 200 and dropped.",
    do: "Leave $process_person_profile out of events that write a profile."
  },
  invalid_group_set: {
    title: "$group_set is not an object",
    means: "PostHog answers 200 and drops the event.",
    do: "Send the group's properties as an object of names and values."
  },
  message_size_too_large: {
    title: "Event over 1 MB",
    means: "PostHog answers 200 and drops the event.",
    do: "Send fewer or shorter properties."
  },
  cannot_merge_with_illegal_distinct_id: {
    title: "Merge with an id that stands for nobody",
    means: "The event is stored, the two persons stay apart.",
    do: 'Find the place that sends an id such as "undefined", "null" or "anonymous".'
  },
  distinct_id_truncated: {
    title: "Distinct id over 200 characters",
    means: "PostHog cuts it; ids that begin alike become one person.",
    do: "Send a short id."
  },
  event_timestamp_in_future: {
    title: "More than 23 hours in the future",
    means: "PostHog stores the event under the time of its arrival.",
    do: "Check the clock and the unit of the timestamp."
  },
  ignored_invalid_timestamp: {
    title: "Timestamp that is no time",
    means: "PostHog stores the event under the time of its arrival.",
    do: "Send ISO 8601 in UTC, such as 2026-01-02T03:04:05.678Z."
  },
  invalid_process_person_profile: {
    title: "$process_person_profile is no boolean",
    means: "Only false without quotes switches person processing off: the event is billed as identified.",
    do: "Send the boolean."
  },
  group_incomplete: {
    title: "Group without a type or key",
    means: "The event is stored and belongs to no group.",
    do: "Find out why the key was empty, null or undefined."
  },
  group_type_limit_reached: {
    title: "A sixth group type",
    means: "A project has five group types. This one is ignored without a word.",
    do: "Send one of the five types, in the same spelling."
  },
  groups_without_person_processing: {
    title: "Groups on a personless event",
    means: "The event is stored, but PostHog does not link it to its groups.",
    do: "Leave out $process_person_profile: false where the group matters."
  },
  profile_out_of_order: {
    title: "An older fact overwrote a newer one",
    means: "PostHog keeps what arrives last, whatever the timestamps say.",
    do: "Write profiles in the order of the facts: posthog-wasm's stores and foldProfiles do."
  },
  uuid_reused: {
    title: "The same uuid for another event",
    means: "PostHog tells events apart by day, name, person and uuid: it keeps and counts both.",
    do: "Give the same fact the same name, person and timestamp each time, and another fact another uuid."
  },
  refused: {
    title: "Refused",
    means: "PostHog answers with an error, and nothing of the request is stored.",
    do: "Read the answer below; sending it again changes nothing."
  }
};
function explain(code) {
  return EXPLANATIONS[code] ?? { title: code, means: "", do: "" };
}

// server/cli.ts
import { startInspector } from "./mod.js";

// receiver/json.ts
var LARGEST_U64 = 2n ** 64n - 1n;
var SMALLEST_I64 = -(2n ** 63n);
function stringify(value) {
  let found = false;
  const text = JSON.stringify(value, (_, item) => {
    if (typeof item !== "bigint") return item;
    found = true;
    return `${BIGINT}${item}`;
  });
  return found ? text.replaceAll(QUOTED_BIGINT, "$1") : text;
}
var BIGINT = `bigint-${crypto.randomUUID()}:`;
var QUOTED_BIGINT = new RegExp(`"${BIGINT}(-?[0-9]+)"`, "g");

// server/mask.ts
var KEY = /\b(ph[a-z]_)([\w-]{4,})/g;
var NAMED = /("(?:api_key|\$?token|personal_api_key|Authorization)"\s*:\s*")((?:[^"\\]|\\.)*)(")/gi;
function maskKey(key) {
  if (key.includes("…")) return key;
  const [, prefix = "", rest = key] = /^(ph[a-z]_)(.*)$/s.exec(key) ?? [];
  return rest.length < 8 ? `${prefix}…` : `${prefix}${rest.slice(0, 2)}…${rest.slice(-2)}`;
}
function maskKeys(text) {
  return text.replace(NAMED, (_, before, key, after) => `${before}${maskKey(key)}${after}`).replace(KEY, (key) => maskKey(key));
}

// server/journal.ts
var BYTES = 512 * 1024 * 1024;

// server/lines.ts
function toLine(row) {
  const { kind, state, first, taken, copies, warnings, tries, sent, refusal, bytes } = row;
  const arrival = { kind, state, first, taken, copies, warnings, tries, sent, refusal, bytes };
  if (row.kept === null) arrival.request = row.event;
  return maskKeys(stringify({ ...row.kept, _inspector: arrival }));
}

// server/cli.ts
var HELP = `posthog-wasm inspect [options] [-- command …]

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
var options = {
  port: { type: "string", default: "8010" },
  host: { type: "string", default: "127.0.0.1" },
  keep: { type: "string", default: "100000" },
  record: { type: "string" },
  flags: { type: "string" },
  json: { type: "boolean", default: false },
  "exit-on-warning": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false }
};
async function main(args) {
  const split = args.indexOf("--");
  const own = split < 0 ? args : args.slice(0, split);
  const command = split < 0 ? [] : args.slice(split + 1);
  const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true });
  if (values.help || positionals.length !== 1 || positionals[0] !== "inspect") {
    (values.help ? process.stdout : process.stderr).write(HELP);
    return values.help ? 0 : 2;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new TypeError(`not a port: ${values.port}`);
  const inspector = await startInspector({ port, hostname: values.host, keep: Number(values.keep) });
  const watch = new Watch(values.json, values.record);
  const flags = values.flags === void 0 ? {} : JSON.parse(readFileSync(values.flags, "utf8"));
  inspector.opened = (journal) => {
    watch.follow(journal);
    const answer = () => journal.project.flags = flags;
    answer();
    journal.readers.add({ changed() {
    }, state() {
    }, reset: answer });
  };
  inspector.opened(inspector.journal());
  if (!values.json) process.stderr.write(banner(inspector, values.host));
  const stopped = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve(void 0));
    if (values["exit-on-warning"] && command.length === 0) watch.warned = () => resolve(1);
  });
  const code = command.length === 0 ? await stopped : await Promise.race([stopped, run(command, inspector.url)]);
  await inspector.close();
  await watch.end();
  return values["exit-on-warning"] && watch.warnings > 0 ? code || 1 : code ?? 0;
}
var Watch = class {
  constructor(json, record) {
    this.json = json;
    this.#file = record === void 0 ? void 0 : createWriteStream(record);
    this.#file?.once("error", fail);
  }
  json;
  warnings = 0;
  warned = () => {
  };
  #file;
  #journals = [];
  #written = /* @__PURE__ */ new WeakSet();
  follow(journal) {
    this.#journals.push(journal);
    journal.readers.add({
      changed: (row) => {
        if (row.state !== "pending" && row.state !== "failed") this.#write(row);
      },
      state() {
      },
      reset() {
      }
    });
  }
  /** What was never taken is written too. */
  async end() {
    for (const { rows } of this.#journals) for (const row of rows) this.#write(row);
    await new Promise((resolve) => this.#file === void 0 ? resolve() : this.#file.end(resolve));
  }
  #write(row) {
    if (this.#written.has(row)) return;
    this.#written.add(row);
    if (this.json || this.#file) {
      const line = `${toLine(row)}
`;
      this.#file?.write(line);
      if (this.json) process.stdout.write(line);
    }
    if (!this.json) process.stdout.write(forPeople(row));
    if (row.warnings.length > 0) {
      this.warnings++;
      this.warned();
    }
  }
};
function forPeople(row) {
  const time = new Date(row.first).toLocaleTimeString("en-GB");
  const groups = row.groups.map(([type, key]) => `${type}:${key.slice(0, 60)}`).join(" ");
  const line = [time, row.state.padEnd(8), row.event.padEnd(28), groups, row.person].join("  ");
  const warnings = row.warnings.map((code) => {
    const { title, means } = explain(code);
    return `          ! ${title}. ${means}${code === "refused" && row.refusal ? ` (${row.refusal})` : ""}`;
  });
  return [line, ...warnings].map((line2) => `${plain(line2).slice(0, 400).trimEnd()}
`).join("");
}
function plain(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}
function banner({ url }, host) {
  const open = /^(?:localhost|127\.|::1)/.test(host) ? "" : "It listens beyond this machine: whoever reaches it sees everything.\n";
  return `
PostHog inspector   ${url}

POSTHOG_API_HOST=${url}
POSTHOG_API_KEY=phc_local    (any key that begins with phc_)
${open}
`;
}
function run([command, ...args], url) {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      POSTHOG_API_HOST: url,
      POSTHOG_API_KEY: process.env.POSTHOG_API_KEY ?? "phc_local"
    };
    const child = spawn(command, args, { env, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
function fail(error) {
  const { code, message } = error;
  const port = code === "EADDRINUSE" ? "; another one may be running: --port takes another" : "";
  process.stderr.write(`posthog-wasm inspect: ${message ?? error}${port}
`);
  process.exit(2);
}
main(process.argv.slice(2)).then((code) => process.exit(code), fail);
