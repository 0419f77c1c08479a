// Runs the suite on Node and Bun; `deno.ts` and `workerd.js` beside it do the same for the others.
import * as entries from "./entries.js";
import { runSuite } from "./suite/suite.js";

const uncaught = [];
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (reason) => uncaught.push(String(reason?.stack ?? reason)));
}
const [receiver, runtime] = process.argv.slice(2);
console.log(JSON.stringify(await runSuite({ ...entries, receiver, runtime, uncaught })));
process.exit();
