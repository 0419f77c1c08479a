// What a caller lives through when PostHog misbehaves: this package beside posthog-node and a bare fetch, one call each,
// on the same receiver. `deno task faults [--json]`, about two minutes: some of them take one each.
import * as versions from "../tools/versions.ts";
import { type Fault, startReceiver } from "../inspect/receiver/mod.ts";
import * as tools from "../tools/tools.ts";
import { benched } from "./benched.ts";
import { table } from "./table.ts";

const weather: Record<string, Fault | Fault[]> = {
  "fine": { mode: "none" },
  "hangs": { mode: "hang" },
  "503 for one second": { mode: "flap", downMs: 1000 },
  "503 for ever": { mode: "status", status: 503 },
  "429, Retry-After 1": [{ mode: "status", status: 429, headers: { "retry-after": "1" }, times: 1 }, {
    mode: "none",
  }],
  "200, then drips": { mode: "drip", record: true },
  "200, then silence": { mode: "stall", record: true },
  "resets, twice": [{ mode: "reset", times: 2 }, { mode: "none" }],
  "resets for ever": { mode: "reset" },
  "answer lost, once": [{ mode: "reset", record: true, times: 1 }, { mode: "none" }],
};

const clients = ["posthog-wasm", "with its outbox", "posthog-node", "a bare fetch"];

interface Lived {
  client: string;
  fault: string;
  settledMs: number | null;
  told: string;
  arrived: number;
  duplicates: number;
}

await benched(async (app) => {
  await tools.capture("npm", ["install", "--no-audit", "--no-fund", `posthog-node@${versions.posthogNode}`], { cwd: app });
  await using receiver = await startReceiver();
  const live = async (client: string, fault: string): Promise<Lived> => {
    const project = receiver.project(`${client}-${fault}`.replaceAll(/[^a-z0-9]+/gi, "-"));
    project.faults(weather[fault]);
    const printed = await tools.capture("node", ["faults_client.js", client, project.url], { cwd: app });
    const arrived = project.events.length;
    const distinct = project.distinct().length;
    return { client, fault, ...JSON.parse(printed), arrived: distinct, duplicates: arrived - distinct };
  };
  const left = Object.keys(weather).flatMap((fault) => clients.map((client) => [client, fault]));
  const lived: Lived[] = [];
  // Not all at once, or they would measure each other's start.
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let next; (next = left.shift());) lived.push(await live(next[0], next[1]));
  }));
  if (Deno.args.includes("--json")) return console.log(JSON.stringify(lived, null, 2));
  const shown = ({ settledMs, told, arrived, duplicates }: Lived) =>
    `${settledMs === null ? "never (60 s)" : `${(settledMs / 1000).toFixed(1)} s`}, ${told}, ${
      arrived ? "arrived" : "lost"
    }${duplicates ? ` ${duplicates + 1} times, one uuid` : ""}`;
  console.log(table(["PostHog", ...clients], [
    ...Object.keys(weather).map((fault) => [
      fault,
      ...clients.map((client) => shown(lived.find((one) => one.fault === fault && one.client === client)!)),
    ]),
  ]));
});
