// One organization's year in several orders, each with duplicates: the profile and the facts are always those of
// the year in order. Each order meets functions and a PostHog that know nothing yet.
import { deepStrictEqual, ok } from "node:assert/strict";
import { Backend, type Posted } from "../../tools/demo/backend.ts";
import * as replay from "../../tools/demo/replay.ts";
import { fernwehYear } from "../../tools/demo/year.ts";
import { startReceiver } from "../../inspect/receiver/mod.ts";

Deno.test("a year in any order ends the same", async (t) => {
  await using receiver = await startReceiver();
  const project = receiver.project("in-order");
  const posted: Posted[] = [];
  {
    await using backend = await Backend.start(["triggers"], {
      POSTHOG_API_KEY: "phc_test",
      POSTHOG_API_HOST: project.url,
    });
    for (const call of fernwehYear) {
      const before = project.events.length;
      posted.push({ ...await backend.post(call), arrived: project.events.slice(before) });
    }
  }
  for (let seed = 1; seed <= 8; seed++) {
    await t.step(`shuffled with seed ${seed}`, async () => {
      const again = await replay.tell(receiver.project(`shuffled-${seed}`), seed);
      const { differences, events, shuffled } = replay.compare(again, project, posted);
      deepStrictEqual(differences, []);
      ok(events > 0);
      deepStrictEqual(shuffled.plan_name, "Maker");
      deepStrictEqual(shuffled.canceled_at, null);
    });
  }
});
