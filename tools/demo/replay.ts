// One organization's whole year once more: out of order, partly twice, and several calls at a time.
import type { Project } from "../../inspect/receiver/mod.ts";
import type { Properties } from "../../inspect/receiver/mod.ts";
import { Backend, type Posted } from "./backend.ts";
import { fernweh } from "./fernweh.ts";
import type { Call } from "./senders.ts";
import { fernwehYear } from "./year.ts";

/** How many calls come twice, and how many come at a time. */
const DUPLICATES = 6;
const AT_A_TIME = 3;

export interface Replay {
  project: Project;
  seed: number;
  calls: readonly Call[];
}

export interface Compared extends Replay {
  inOrder: Properties;
  shuffled: Properties;
  /** Events that are no update of a profile. */
  events: number;
  differences: string[];
}

/** Tells the year to a function that has forgotten all, and to another PostHog. */
export async function tell(project: Project, seed: number): Promise<Replay> {
  const random = mulberry32(seed);
  const twice = shuffled(fernwehYear, random).slice(0, DUPLICATES);
  const calls = shuffled([...fernwehYear, ...twice], random);
  // Some answers take longer than others, so that what was sent first need not arrive first.
  project.faults(calls.map(() => ({ mode: "slow", delayMs: Math.floor(random() * 30) })));
  await using backend = await Backend.start(["triggers"], {
    POSTHOG_API_KEY: "phc_demo",
    POSTHOG_API_HOST: project.url,
  });
  for (let at = 0; at < calls.length; at += AT_A_TIME) {
    await Promise.all(calls.slice(at, at + AT_A_TIME).map((call) => backend.post(call)));
  }
  return { project, seed, calls };
}

/** Compares what PostHog knows with what it knows when the same year came in order. */
export function compare(replay: Replay, project: Project, posted: readonly Posted[]): Compared {
  const year = new Set(fernwehYear);
  const facts = (events: { event: string; uuid: string }[]) =>
    [...new Set(events.filter(({ event }) => event !== "$groupidentify").map(({ uuid }) => uuid))].sort();
  const first = facts(posted.flatMap(({ call, arrived = [] }) => year.has(call) ? arrived : []));
  const again = facts(replay.project.events);
  const [inOrder, shuffled] = [project, replay.project].map(({ groups }) =>
    groups.organization?.[fernweh.id] ?? {}
  );
  const differences: string[] = [];
  if (first.join() !== again.join()) {
    differences.push(`replay: ${again.length} events, and not the ${first.length} of the year in order`);
  }
  for (const name of new Set([...Object.keys(inOrder), ...Object.keys(shuffled)])) {
    const [one, other] = [inOrder, shuffled].map((profile) => JSON.stringify(profile[name] ?? null));
    if (one !== other) differences.push(`replay: ${name} is ${other}, and in order ${one}`);
  }
  return { ...replay, inOrder, shuffled, events: again.length, differences };
}

function shuffled<T>(things: readonly T[], random: () => number): T[] {
  const all = [...things];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other], all[last]];
  }
  return all;
}

/** Numbers from 0 to 1 that depend on the seed alone. */
function mulberry32(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, 1 | seed);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
