import * as compat from "posthog-wasm/compat";
import * as testing from "posthog-wasm/testing";
import * as posthog from "posthog-wasm";
import { runSuite } from "./suite/suite.js";

const uncaught = [];
for (const event of ["error", "unhandledrejection"]) {
  globalThis.addEventListener(event, (caught) => {
    caught.preventDefault();
    uncaught.push(String(caught.reason?.stack ?? caught.message));
  });
}
const [receiver, runtime] = Deno.args;
console.log(JSON.stringify(await runSuite({ posthog, compat, testing, receiver, runtime, uncaught })));
Deno.exit();
