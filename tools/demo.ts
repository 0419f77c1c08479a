// Calls every route of the example backend with a year of four organizations, and shows what PostHog knows
// afterwards. Then one of the years is told again, out of order and partly twice.
//
// With `--inspect`, into a page that stays open, and PostHog fails in between; `--port` for another than 8010.
//
// PostHog is the tests' receiver, unless POSTHOG_API_KEY (and POSTHOG_API_HOST) name a real one: then what it
// answered is shown. `--json` prints the result as one JSON object; `--seed` shuffles differently.
import { parseArgs } from "node:util";
import { type Fault, type Project, startReceiver } from "../inspect/receiver/mod.ts";
import { startInspector } from "../pkg/inspect/mod.js";
import { Backend, type Posted } from "./demo/backend.ts";
import * as replay from "./demo/replay.ts";
import * as report from "./demo/report.ts";
import { type Chapter, year } from "./demo/year.ts";

/** How long the receiver lets everyone wait, so that one sees who does not. */
const SLOW_MS = 80;

async function demo(json: boolean, seed: number): Promise<void> {
  // What runs on this machine is not asked for through a proxy.
  Deno.env.set("NO_PROXY", ["127.0.0.1", Deno.env.get("NO_PROXY")].filter(Boolean).join());
  const apiKey = Deno.env.get("POSTHOG_API_KEY");
  if (apiKey) {
    const told = await tell(year, { POSTHOG_API_KEY: apiKey });
    const text = `A year of calls, sent to the project of POSTHOG_API_KEY.\n\n${report.chapters(told)}`;
    console.log(json ? JSON.stringify({ outcomes: outcomes(told) }, null, 2) : text);
    return check(told);
  }

  await using receiver = await startReceiver();
  const project = receiver.project("demo");
  project.faults({ mode: "slow", delayMs: SLOW_MS });
  const told = await tell(year, { POSTHOG_API_KEY: "phc_demo", POSTHOG_API_HOST: project.url }, project);
  const again = await replay.tell(receiver.project("replay"), seed);
  const compared = replay.compare(again, project, told.flatMap(({ posted }) => posted));
  console.log(json ? JSON.stringify(known(project), null, 2) : printed(told, project, compared));
  check(told, project, compared);
}

/** What PostHog does wrong in a chapter, each time once or twice; its functions try again. */
const FAILURES: readonly (readonly Fault[])[] = [
  [],
  [{ mode: "status", status: 503, headers: { "retry-after": "0" }, times: 2 }],
  [{ mode: "slow", delayMs: 400, times: 3 }],
  [{ mode: "status", status: 500, record: true, times: 1 }],
  [{ mode: "reset", times: 1 }],
  [{ mode: "status", status: 429, headers: { "retry-after": "1" }, times: 1 }],
];

/** The year on a page that people can look at, for as long as they like. */
async function inspected(port: number): Promise<void> {
  Deno.env.set("NO_PROXY", ["127.0.0.1", Deno.env.get("NO_PROXY")].filter(Boolean).join());
  const inspector = await startInspector({ port });
  // It is the same class, built; its types show less.
  const project = inspector.project() as unknown as Project;
  console.log(`A year of four organizations arrives at ${inspector.url}\nPostHog fails in between.\n`);
  const env = { POSTHOG_API_KEY: "phc_demo_inspector", POSTHOG_API_HOST: inspector.url };
  const told = await tell(year, env, project, (at) => {
    project.faults(FAILURES[at % FAILURES.length]);
    console.log(year[at].title);
  });
  project.faults([]);
  const lost = told.flatMap(({ posted }) => posted).filter(({ call, arrived }) =>
    call.events > 0 && !arrived?.length
  );
  const { length } = project.distinct();
  console.log(
    `\n${length} events, ${project.requests.length} requests, ${lost.length} calls without an event.`,
  );
  console.log("The page stays open until you press Ctrl+C.");
  await new Promise<void>((resolve) => Deno.addSignalListener("SIGINT", resolve));
  await inspector.close();
}

/** What was posted, chapter by chapter. */
export interface Told extends Pick<Chapter, "title"> {
  posted: Posted[];
}

/** One call after the other, each delivered before the next, so that one sees what each of them takes. */
async function tell(
  chapters: readonly Chapter[],
  env: Record<string, string>,
  project?: Project,
  begins?: (chapter: number) => void,
): Promise<Told[]> {
  await using backend = await Backend.start(["triggers", "private", "build"], env);
  const told: Told[] = [];
  for (const [at, { title, calls }] of chapters.entries()) {
    begins?.(at);
    const posted: Posted[] = [];
    for (const call of calls) {
      const before = project?.events.length ?? 0;
      posted.push({ ...await backend.post(call), arrived: project?.events.slice(before) });
    }
    told.push({ title, posted });
  }
  return told;
}

function printed(told: readonly Told[], project: Project, compared: replay.Compared): string {
  const { groups, events: arrivals } = project;
  const events = project.distinct();
  const updates = events.filter(({ event }) => event === "$groupidentify").length;
  return `\
A backend of three edge functions, a year of calls, and a PostHog on this machine that takes ${SLOW_MS} ms for
each answer. Whoever calls is answered at once, and the delivery goes on behind that. Calls of one kind are one
line, with the longest of their times; a function's first call is slower, because it loads what it needs.
"told" are the members of organizations who would get an e-mail.

${report.chapters(told)}

What PostHog knows now: ${events.length} events, ${updates} of them updates of a profile. ${arrivals.length} have arrived: what came
twice came with the same id, and counts once.

Funnel, by organization: when it came so far
${report.funnel(events, groups)}

Funnel, by plan: how many organizations came so far
${report.funnelByPlan(events, groups)}

Profiles, by organization
${report.profiles(groups)}

Profiles, by plan
${report.byPlan(events, groups)}

${report.replayed(compared)}`;
}

function known(project: Project) {
  const events = project.distinct().map(({ event, distinct_id, properties, timestamp, uuid }) => {
    return { event, distinct_id, properties, timestamp, uuid };
  });
  return { events, groups: project.groups };
}

function outcomes(told: readonly Told[]) {
  return told.flatMap(({ posted }) => posted).map(({ call, status, requests }) => {
    return { call: call.what, route: `${call.to}/${call.route}`, status, requests };
  });
}

/** Throws unless everything went as a year should. */
function check(told: readonly Told[], project?: Project, compared?: replay.Compared) {
  const wrong: string[] = [...compared?.differences ?? []];
  const posted = told.flatMap(({ posted }) => posted);
  const facts = new Map<string, number>();
  for (const { call, status, requests, arrived } of posted) {
    const name = `${call.what} (${call.to}/${call.route})`;
    if (status !== call.status) wrong.push(`${name}: answered ${status}, not ${call.status}`);
    else if (call.events > 0 && !requests.includes(200)) wrong.push(`${name}: not delivered`);
    else if (arrived && arrived.length !== call.events) {
      wrong.push(`${name}: ${arrived.length} events, not ${call.events}`);
    }
    if (call.events > 0) facts.set(`${call.route} ${call.body({})}`, call.fresh ?? call.events);
  }
  if (project) {
    const expected = [...facts.values()].reduce((sum, events) => sum + events, 0);
    const distinct = project.distinct().length;
    if (distinct !== expected) wrong.push(`${distinct} events, not ${expected}`);
    for (const { code, event } of project.warnings) wrong.push(`PostHog warns of ${event}: ${code}`);
    // A replay belongs to a person, and says to whom.
    if (project.requests.some(({ path, body }) => path !== "/s/" && /cus_|\w@\w/.test(body))) {
      wrong.push("an address or a customer id was sent");
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: "boolean", default: false },
        seed: { type: "string", default: "2025" },
        inspect: { type: "boolean", default: false },
        port: { type: "string", default: "8010" },
      },
    });
    await (values.inspect ? inspected(Number(values.port)) : demo(values.json, Number(values.seed)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exitCode = 1;
  }
}
