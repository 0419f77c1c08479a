// What the demo prints for people.
import type { AcceptedEvent, Groups, Properties } from "../../inspect/receiver/mod.ts";
import type { Told } from "../demo.ts";
import type { Posted } from "./backend.ts";
import type { Compared } from "./replay.ts";

/** Each call: the answer its sender waited for, beside the delivery it did not wait for. */
export function chapters(told: readonly Told[]): string {
  const head = ["", "route", "answer", "after", "PostHog", "after", "told"];
  const rows = told.flatMap(({ title, posted }) => [
    [title],
    ...lines(posted).map(line),
  ]);
  return table(head, rows, [3, 5, 6]);
}

/** Calls of one name go together, where they first came. */
function lines(posted: readonly Posted[]): Posted[][] {
  return [...Map.groupBy(posted, ({ call }) => `${call.what} ${call.route}`).values()];
}

function line(posted: readonly Posted[]): string[] {
  const [{ call, status }] = posted;
  const longest = (time: (one: Posted) => number) => `${Math.round(Math.max(...posted.map(time)))} ms`;
  const sum = (count: (one: Posted) => number) => posted.reduce((sum, one) => sum + count(one), 0);
  const requests = posted.flatMap(({ requests }) => requests);
  const answers = [...new Set(requests)].map((status) => status ?? "no answer").join();
  const events = sum(({ arrived }) => arrived?.length ?? 0);
  const told = sum(({ told }) => told);
  return [
    `  ${call.what}${posted.length > 1 ? ` (${posted.length})` : ""}`,
    `${call.to}/${call.route}`,
    String(status),
    longest(({ answeredMs }) => answeredMs),
    requests.length === 0
      ? "nothing sent"
      : events === 0
      ? answers
      : `${answers}: ${plural(events, "event")}`,
    requests.length === 0 ? "" : longest(({ doneMs }) => doneMs),
    told === 0 ? "" : String(told),
  ];
}

/** How far an organization may come, each step after the one before it. */
const STEPS: [name: string, events: string[]][] = [
  ["created", ["Org Created"]],
  ["app", ["App Created", "Onboarding App Created"]],
  ["bundle", ["Bundle Created"]],
  ["deployed", ["Bundle Deployed"]],
  ["subscribed", ["User subscribe"]],
  ["another plan", ["User Upgraded", "User Plan Changed"]],
  ["canceled", ["User cancel"]],
  ["subscribed again", ["User subscribe"]],
];

/** When an organization took each of the steps, in milliseconds, as far as it came. */
function steps(key: string, events: readonly AcceptedEvent[]): number[] {
  const own = eventsOf(key, events).map(({ event, timestamp }) => ({ event, at: Date.parse(timestamp!) }));
  const taken: number[] = [];
  for (const [, names] of STEPS) {
    const last = taken.at(-1) ?? -Infinity;
    const step = own.find(({ event, at }) => names.includes(event) && at > last);
    if (!step) break;
    taken.push(step.at);
  }
  return taken;
}

export function funnel(events: readonly AcceptedEvent[], groups: Groups): string {
  const rows = organizations(groups).map(([key, { name }]) => {
    const taken = steps(key, events);
    return [
      String(name),
      ...STEPS.map((_, step) => {
        if (step >= taken.length) return "";
        if (step === 0) return new Date(taken[0]).toISOString().slice(0, 10);
        return `+${Math.round((taken[step] - taken[0]) / 86_400_000)} d`;
      }),
    ];
  });
  return table(["organization", ...STEPS.map(([name]) => name)], rows, STEPS.map((_, step) => step + 1));
}

export function funnelByPlan(events: readonly AcceptedEvent[], groups: Groups): string {
  const rows = plans(groups).map(([plan, having]) => {
    const far = having.map(([key]) => steps(key, events).length);
    return [plan, ...STEPS.map((_, step) => String(far.filter((steps) => steps > step).length))];
  });
  return table(["plan", ...STEPS.map(([name]) => name)], rows, STEPS.map((_, step) => step + 1));
}

/** What is known of each organization. */
export function profiles(groups: Groups): string {
  const all = organizations(groups);
  const names = [...new Set(all.flatMap(([, profile]) => Object.keys(profile)))].sort();
  return table(
    ["", ...all.map(([, { name }]) => String(name))],
    names.filter((name) => name !== "name").map((name) => {
      return [name, ...all.map(([, profile]) => shorten(profile[name]))];
    }),
  );
}

/** Each plan: who has it, and what they did. */
export function byPlan(events: readonly AcceptedEvent[], groups: Groups): string {
  const rows = plans(groups).map(([plan, having]) => {
    const count = (test: (profile: Properties) => boolean) =>
      String(having.filter(([, profile]) => test(profile)).length);
    const active = ({ subscription_status }: Properties) => subscription_status === "active";
    return [
      plan,
      String(having.length),
      count(active),
      count((profile) => active(profile) && profile.plan_type === "monthly"),
      count((profile) => active(profile) && profile.plan_type === "yearly"),
      String(having.reduce((sum, [key]) => sum + eventsOf(key, events).length, 0)),
    ];
  });
  const head = ["plan", "organizations", "subscribed", "monthly", "yearly", "events"];
  return table(head, rows, [1, 2, 3, 4, 5]);
}

/** The year that was told again, and whether it came out the same. */
export function replayed({ calls, seed, inOrder, shuffled, events, differences, project }: Compared): string {
  const seen = new Set<string>();
  const order = calls.map(({ what, body }) => {
    const text = body({});
    const again = seen.has(text) ? " (again)" : "";
    seen.add(text);
    return what.replace(/^an? /, "") + again;
  });
  const names = Object.keys(inOrder).sort();
  return `\
The year of Fernweh Bikes once more, for another PostHog: ${calls.length} calls, ${
    calls.length - seen.size
  } of them duplicates, three at
a time, shuffled with seed ${seed}:
${wrap(order.join(", "))}

${project.events.length} events arrived, ${events} of them facts. ${
    differences.length === 0 ? "The facts and the profile are those of the year in order." : "NOT THE SAME:"
  }
${
    table(
      ["", "in order", "shuffled"],
      names.map((name) => [name, shorten(inOrder[name]), shorten(shuffled[name])]),
    )
  }`;
}

/** Organizations by name. */
function organizations(groups: Groups): [key: string, profile: Properties][] {
  const all = Object.entries(groups.organization ?? {});
  return all.sort(([, one], [, other]) => String(one.name) < String(other.name) ? -1 : 1);
}

function plans(groups: Groups): [plan: string, having: [key: string, profile: Properties][]][] {
  const all = Map.groupBy(organizations(groups), ([, { plan_name }]) => String(plan_name ?? "none"));
  return [...all].sort(([one], [other]) => one < other ? -1 : 1);
}

/** An organization's events by their own time; what wrote its profile is not one of them. */
function eventsOf(key: string, events: readonly AcceptedEvent[]): AcceptedEvent[] {
  return events
    .filter(({ event, properties }) =>
      event !== "$groupidentify" && (properties.$groups as Properties | undefined)?.organization === key
    )
    .sort((one, other) => one.stored_timestamp < other.stored_timestamp ? -1 : 1);
}

/** Days are enough of a time. Null is what was known once, or could have been. */
function shorten(value: unknown): string {
  if (value === undefined) return "";
  if (value === null) return "-";
  return String(value).replace(/^(\d{4}-\d\d-\d\d)T[\d:.]+.*$/, "$1");
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Columns as wide as what is in them; numbers, named by their place, stand at the right. */
function table(head: string[], rows: string[][], right: number[] = []): string {
  const all = [head, ...rows];
  // A row with one cell is a heading, which makes no column wider.
  const widths = head.map((_, column) =>
    Math.max(...all.filter((row) => row.length > 1).map((row) => row[column].length))
  );
  const lines = all.map((row) =>
    row.map((cell, column) =>
      right.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    ).join("  ").trimEnd()
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return lines.join("\n");
}

function wrap(text: string, width = 108): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines[lines.length - 1].length + word.length >= width) lines.push("");
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.map((line) => ` ${line}`).join("\n");
}
