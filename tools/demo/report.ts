// What the demo prints for people.
import type { AcceptedEvent, Groups, Properties } from "../../tests/receiver/mod.ts";
import type { Delivery } from "./function.ts";
import type { Webhook } from "./year.ts";

/** A webhook that was posted, and what came of it. */
export interface Posted {
  webhook: Webhook;
  status: number;
  answeredMs: number;
  deliveredMs?: number;
  delivery?: Delivery;
}

/** Each webhook: the answer its sender waited for, beside the delivery it did not wait for. */
export function webhooks(posted: readonly Posted[]): string {
  const ms = (time: number | undefined) => time === undefined ? "" : `${Math.round(time)} ms`;
  return table(
    ["webhook", "edge function", "answer", "after", "delivery", "after"],
    posted.map(({ webhook, status, answeredMs, delivery, deliveredMs }) => [
      webhook.what,
      webhook.to,
      String(status),
      ms(answeredMs),
      delivery ? describe(delivery) : "nothing sent",
      ms(deliveredMs),
    ]),
    [3, 5],
  );
}

/** Each organization: its events by their own time, and its profile. */
export function organizations(
  events: readonly AcceptedEvent[],
  groups: Groups,
  arrivals: readonly AcceptedEvent[],
) {
  return Object.entries(groups.organization ?? {}).map(([key, profile]) => {
    const rows = eventsOf(key, events).map((event) => {
      const { plan_name, plan_type } = event.properties;
      const times = arrivals.filter(({ uuid }) => uuid === event.uuid).length;
      return [
        event.timestamp!.slice(0, 16).replace("T", " "),
        event.event,
        [plan_name, plan_type].filter(Boolean).join(", "),
        times > 1 ? `arrived ${times} times, counts once` : "",
      ];
    });
    const known = Object.entries(profile).filter(([, value]) => value !== null);
    return [
      `${profile.name} (${key})`,
      indent(table(undefined, rows)),
      "  profile",
      indent(indent(table(undefined, known.map(([name, value]) => [name, String(value)])))),
    ].join("\n");
  }).join("\n\n");
}

/** Each plan: who has it, and what they did. */
export function byPlan(events: readonly AcceptedEvent[], groups: Groups): string {
  const profiles = Object.entries(groups.organization ?? {});
  const names = [...new Set(profiles.map(([, { plan_name }]) => String(plan_name ?? "none")))].sort();
  return table(
    ["plan", "organizations", "still subscribed", "monthly", "yearly", "events"],
    names.map((name) => {
      const having = profiles.filter(([, { plan_name }]) => String(plan_name ?? "none") === name);
      const count = (test: (profile: Properties) => boolean) =>
        String(having.filter(([, profile]) => test(profile)).length);
      const active = ({ plan_status }: Properties) => plan_status !== "canceled";
      return [
        name,
        String(having.length),
        count(active),
        count((profile) => active(profile) && profile.plan_type === "monthly"),
        count((profile) => active(profile) && profile.plan_type === "yearly"),
        String(having.reduce((sum, [key]) => sum + eventsOf(key, events).length, 0)),
      ];
    }),
    [1, 2, 3, 4, 5],
  );
}

/** An organization's events; what wrote its profile is not one of them. */
function eventsOf(key: string, events: readonly AcceptedEvent[]): AcceptedEvent[] {
  return events
    .filter(({ event, properties }) =>
      event !== "$groupidentify" && (properties.$groups as Properties | undefined)?.organization === key
    )
    .sort((one, other) => one.stored_timestamp < other.stored_timestamp ? -1 : 1);
}

function describe({ status, reason, httpStatus, attempts, errors }: Delivery): string {
  const details = [reason, httpStatus, attempts > 1 ? `${attempts} attempts` : undefined, ...errors];
  return [status, ...details.filter((detail) => detail !== undefined)].join(" ");
}

/** Columns as wide as what is in them; numbers, named by their place, stand at the right. */
function table(head: string[] | undefined, rows: string[][], right: number[] = []): string {
  const all = head ? [head, ...rows] : rows;
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const lines = all.map((row) =>
    row.map((cell, column) =>
      right.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    )
      .join("  ").trimEnd()
  );
  if (head) lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return lines.join("\n");
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
