// The crash law: kill the process at any point, start again, drain: every event that the store acknowledged arrives,
// and exactly once by uuid.
import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Fault, type Project, startReceiver } from "../../inspect/receiver/mod.ts";
import { type Database, startDatabase } from "./database.ts";

const config = fileURLToPath(new URL("deno.json", import.meta.url));
const victim = fileURLToPath(new URL("victim.ts", import.meta.url));

/** What the receiver does to the victim's requests, one after the other. */
const weather: Record<string, Fault[]> = {
  fine: [],
  // The second call's events are taken, and the answer is lost; later ones are refused for a while.
  mixed: [
    { mode: "none", times: 1 },
    { mode: "reset", record: true, times: 1 },
    { mode: "status", status: 503, times: 3 },
    { mode: "status", status: 503, record: true, times: 1 },
  ],
  down: [{ mode: "status", status: 503 }],
};

interface Life {
  acknowledged: string[];
  /** How many steps it took, if it was not killed. */
  steps?: number;
}

function command(job: string, killAt: number, database: Database, project: Project): Deno.Command {
  const given = [database.url, project.url, job, String(killAt)];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, victim, ...given],
    stdout: "piped",
  });
}

async function live(job: string, killAt: number, database: Database, project: Project): Promise<Life> {
  const { stdout, stderr, signal } = await command(job, killAt, database, project).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const steps = lines.find((line) => line.startsWith("steps "));
  ok(signal === "SIGKILL" || steps, `it died by itself: ${new TextDecoder().decode(stderr)}`);
  return {
    acknowledged: lines.filter((line) => line.startsWith("ack ")).map((line) => line.slice(4)),
    steps: steps && signal === null ? Number(steps.slice(6)) : undefined,
  };
}

/** Drains, the first time only as far as its n-th step, until nothing is left. */
async function recover(database: Database, project: Project, killAt: number) {
  project.faults([]);
  for (let drain = 0; drain < 5; drain++) {
    await database.ripen();
    await live("drain", drain === 0 ? killAt : 0, database, project);
    if ((await database.rows()).length === 0) return;
  }
  throw new Error(`left behind: ${JSON.stringify(await database.rows())}`);
}

function arrived(project: Project): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { uuid, event, timestamp } of project.events) {
    found.set(uuid!, [...found.get(uuid!) ?? [], `${event} ${timestamp}`]);
  }
  return found;
}

function holds(acknowledged: string[], project: Project, what: string) {
  const found = arrived(project);
  const lost = acknowledged.filter((uuid) => !found.has(uuid));
  deepStrictEqual(lost, [], `lost, ${what}`);
  for (const copies of found.values()) {
    deepStrictEqual(new Set(copies).size, 1, `one uuid, several events, ${what}`);
  }
}

Deno.test({ name: "the crash law", sanitizeOps: false, sanitizeResources: false }, async (t) => {
  await using database = await startDatabase();
  await database.sql`create table changes (name text primary key)`;
  await using receiver = await startReceiver();
  let points = 0;

  // Most of it is waiting, so they need not wait for each other: each has a database of its own.
  const killed = async (job: string, skies: string) => {
    await using database = await startDatabase();
    for (let killAt = 1;; killAt++) {
      const project = receiver.project(`${job}-${skies}-${killAt}`);
      await database.empty();
      project.faults(weather[skies]);
      const { acknowledged, steps } = await live(job, killAt, database, project);
      // The drain is killed too, each time somewhere else.
      await recover(database, project, steps ? 0 : 1 + killAt % 8);
      holds(acknowledged, project, `killed at ${killAt}`);
      if (steps === undefined) {
        points++;
        continue;
      }
      // It lived: then everything arrived, acknowledged or not.
      const names = [...arrived(project).values()].map(([one]) => one.split(" ")[0]).sort();
      deepStrictEqual(names, ["E0", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"]);
      ok(killAt > 8, `only ${killAt} steps`);
      break;
    }
  };
  const jobs = [["write", "fine"], ["write", "mixed"], ["fail", "mixed"], ["fail", "down"]];
  const atOnce = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
  await Promise.all(
    jobs.map(([job, skies]) =>
      t.step({ name: `killed at every step: ${job}, ${skies}`, fn: () => killed(job, skies), ...atOnce })
    ),
  );

  await t.step("a transaction that is killed: its change and its event, or neither", async () => {
    for (let killAt = 1;; killAt++) {
      const project = receiver.project(`transact-${killAt}`);
      await database.empty();
      await database.sql`truncate changes`;
      const { steps } = await live("transact", killAt, database, project);
      await recover(database, project, 0);
      const changes = await database.sql`select name from changes order by name`;
      const names = project.events.map(({ event }) => event).sort();
      deepStrictEqual(names, changes.map(({ name }) => name), `killed at ${killAt}`);
      if (steps !== undefined) {
        deepStrictEqual(names, ["E0", "E2"]);
        break;
      }
      points++;
    }
  });

  await t.step("killed from outside, in the middle of everything", async () => {
    for (let round = 0; round < 6; round++) {
      const project = receiver.project(`forever-${round}`);
      await database.empty();
      project.faults([{ mode: "none", times: 7 }, { mode: "reset", times: 3 }, {
        mode: "slow",
        delayMs: 30,
      }]);
      const acknowledged = await cutDown(database, project, 20 + round * 35);
      await recover(database, project, 1 + round);
      holds(acknowledged, project, `round ${round}`);
      ok(acknowledged.length > 0);
      points++;
    }
  });
  console.log(`crash law: ${points} kill points`);
  ok(points > 100, `${points} kill points`);
});

/** Lets it live for a while after its first event was acknowledged. */
async function cutDown(database: Database, project: Project, ms: number): Promise<string[]> {
  const child = command("forever", 0, database, project).spawn();
  let text = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    timer ??= setTimeout(() => child.kill("SIGKILL"), ms);
  }
  await child.status;
  // The last line may be cut; what was said in full counts.
  return text.split("\n").slice(0, -1).map((line) => line.slice(4));
}
