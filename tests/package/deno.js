import * as entries from "./entries.js";
import { runSuite } from "./suite/suite.js";

const uncaught = [];
for (const event of ["error", "unhandledrejection"]) {
  globalThis.addEventListener(event, (caught) => {
    caught.preventDefault();
    uncaught.push(String(caught.reason?.stack ?? caught.message));
  });
}
const [receiver, runtime] = Deno.args;
console.log(JSON.stringify(await runSuite({ ...entries, receiver, runtime, uncaught })));
Deno.exit();
