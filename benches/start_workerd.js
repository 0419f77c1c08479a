// Fresh starts of workerd, up to the first payload. `node start_workerd.js <folder with miniflare> <bundle folder>`
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, dist] = process.argv.slice(2);
const { Miniflare } = createRequire(join(tools, "package.json"))("miniflare");
const modules = readdirSync(dist).map((path) =>
  path.endsWith(".wasm")
    ? { type: "CompiledWasm", path, contents: readFileSync(join(dist, path)) }
    : { type: "ESModule", path, contents: readFileSync(join(dist, path), "utf8") }
).sort((a) => (a.path === "bundle.mjs" ? -1 : 1));
const started = performance.now();
const miniflare = new Miniflare({
  modules,
  compatibilityDate: "2026-04-01",
  compatibilityFlags: ["nodejs_compat"],
});
const answer = await (await miniflare.dispatchFetch("http://worker/")).text();
console.log(JSON.stringify({ payload: performance.now() - started }));
await miniflare.dispose();
if (!answer.startsWith("{")) throw new Error(answer);
