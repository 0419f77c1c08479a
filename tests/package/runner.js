// Runs the suite on Node and Bun; `deno.ts` and `workerd.js` beside it do the same for the others.
import * as compat from "posthog-wasm/compat";
import * as testing from "posthog-wasm/testing";
import * as posthog from "posthog-wasm";
import { runSuite } from "./suite/suite.js";

const uncaught = [];
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (reason) => uncaught.push(String(reason?.stack ?? reason)));
}
const [receiver, runtime] = process.argv.slice(2);
console.log(JSON.stringify(await runSuite({ posthog, compat, testing, receiver, runtime, uncaught })));
process.exit();
