/** `deno task adapter [--port N] [--hostname H] [--protocol v0|v1]`: prints `{"url":…}` and serves until killed. */
import { parseArgs } from "node:util";
import { startAdapter } from "./mod.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    hostname: { type: "string", default: "127.0.0.1" },
    protocol: { type: "string", default: "v0" },
  },
});
const { port, hostname, protocol } = values;
if (protocol !== "v0" && protocol !== "v1") throw new TypeError(`--protocol is v0 or v1, not ${protocol}`);
console.log(JSON.stringify({ url: startAdapter({ port: Number(port), hostname, protocol }).url }));
