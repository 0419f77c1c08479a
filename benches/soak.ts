// A hundred thousand events through a PostHog that fails a third of the time, from many calls at once. What went in
// must have come out, and nothing may be left in memory. `deno task soak [events]`
//
// The work is done by a Node of its own (soak_client.js), so that its heap is nobody else's. It optimises nothing:
// the code that V8 makes as it learns is larger than what is looked for.
import { benched } from "./benched.ts";
import * as tools from "../tools/tools.ts";

await benched((app) =>
  tools.run(
    "node",
    ["--expose-gc", "--no-opt", "--no-sparkplug", "soak_client.js", Deno.args[0] ?? "100000"],
    { cwd: app },
  )
);
