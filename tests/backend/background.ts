// The response goes out first, whatever PostHog is doing.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Fault, Project } from "../../inspect/receiver/mod.ts";
import { type Site, sites } from "./sites.ts";
import { Caller, type Send } from "./suite.ts";

/** What PostHog does, and whether the events arrive nevertheless. */
const weather: [name: string, faults: Fault[], arrives: boolean][] = [
  ["slow", [{ mode: "slow", delayMs: 700 }], true],
  ["flapping", [{ mode: "flap", downMs: 700 }], true],
  ["resetting at first", [{ mode: "reset", times: 3 }, { mode: "slow", delayMs: 700 }], true],
  ["down", [{ mode: "status", status: 503 }], false],
  ["hanging", [{ mode: "hang" }], false],
];

const first = (route: string) => sites.find(({ call }) => call.route === route)!;
const called: Site[] = ["on_organization_create", "on_app_create", "stripe_event", "upload_link"].map(
  first,
);

/** `settled` waits until the work that was left behind is over, which `late` says takes the whole budget. */
export async function answersFirst(
  t: Deno.TestContext,
  project: Project,
  send: Send,
  settled: (late: boolean) => Promise<void>,
): Promise<void> {
  const caller = new Caller(send);
  for (const [name, faults, arrives] of weather) {
    await t.step(`answered before PostHog answers, which is ${name}`, async () => {
      project.reset();
      project.faults(faults);
      for (const { call } of called) strictEqual((await caller.post(call)).status, call.status);
      const taken = () => project.requests.filter(({ status }) => status !== null && status < 300);
      deepStrictEqual(taken(), [], "somebody waited for PostHog");
      await settled(!arrives);
      const expected = arrives ? called.flatMap((site) => site.arrives.map(({ event }) => event)) : [];
      for (const end = Date.now() + 10_000; project.events.length < expected.length && Date.now() < end;) {
        await project.wait({ events: project.events.length + 1, ms: 500 });
      }
      const arrived = new Set(project.events.map(({ event }) => event));
      deepStrictEqual([...arrived].sort(), [...new Set(expected)].sort());
      ok(project.requests.length > 0, "nothing was tried");
    });
  }
}
