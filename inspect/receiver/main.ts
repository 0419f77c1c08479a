/** `deno run -A inspect/receiver/main.ts [--port N]`: prints `{"url":…}` and serves until killed. */
import { parseArgs } from "node:util";
import { startReceiver } from "./mod.ts";

const { values } = parseArgs({ options: { port: { type: "string" } } });
const { url } = await startReceiver({ port: Number(values.port ?? 0) });
console.log(JSON.stringify({ url }));
