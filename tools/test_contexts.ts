// Workers' request contexts: calls of overlapping requests, whose clients may leave, on real workerd.
import { deepStrictEqual, ok } from "node:assert/strict";
import { rm } from "node:fs/promises";
import { startReceiver } from "../inspect/receiver/mod.ts";
import { installed } from "./test_package.ts";
import * as tools from "./tools.ts";

export async function testContexts(): Promise<void> {
  const app = await installed();
  const home = await tools.workers();
  await using receiver = await startReceiver();
  try {
    for (const date of ["2025-01-01", "2026-04-01"]) {
      const project = receiver.project(`contexts-${date}`);
      // Some calls are on their way when their client leaves, others wait to try again.
      project.faults([
        { mode: "slow", delayMs: 400, times: 8 },
        { mode: "status", status: 503, times: 3 },
        { mode: "slow", delayMs: 400 },
      ]);
      const printed = await tools.capture("node", ["contexts_host.js", home, project.url, date], {
        cwd: app,
      });
      const { answers, later, ended, uncaught } = JSON.parse(printed);
      deepStrictEqual(uncaught, [], "reached the host's uncaught handlers");
      const names = [0, 1, 2, 3, 4].flatMap((at) => [`handed-${at}`, `awaited-${at}`, `handed-left-${at}`]);
      names.push("later-0", "later-1");
      deepStrictEqual(names.map((name) => [name, ended[name]]), names.map((name) => [name, "accepted"]));
      // Four of a round: whose client leaves, who need not wait, who waits, who need not and leaves.
      const left = answers.filter((_: string, at: number) => at % 4 === 0);
      deepStrictEqual(left, left.map(() => "left"));
      deepStrictEqual(later, ["later-0", "later-1"]);
      const arrived = new Set(project.events.map(({ event }) => event));
      ok(names.every((name) => arrived.has(name)), "not all have arrived");
      const outlived = Object.keys(ended).filter((name) => name.startsWith("left-")).length;
      console.log(`workerd ${date}: ${names.length} calls settled; of 5 whose client left, ${outlived} did`);
    }
  } finally {
    await rm(app, { recursive: true });
  }
}

if (import.meta.main) await testContexts();
