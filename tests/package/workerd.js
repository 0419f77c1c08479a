// Bundles the worker with esbuild, as wrangler does, and runs it on workerd.
import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [receiver, runtime, tools, entry, compatibilityDate] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const esbuild = require("esbuild");
const { Miniflare } = require("miniflare");

await esbuild.build({
  entryPoints: [entry],
  outfile: "dist/worker.js",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
});
const modules = readdirSync("dist").map((path) =>
  path.endsWith(".wasm")
    ? { type: "CompiledWasm", path, contents: readFileSync(join("dist", path)) }
    : { type: "ESModule", path, contents: readFileSync(join("dist", path), "utf8") }
).sort((a) => (a.path === "worker.js" ? -1 : 1));
// Before 2026-03-03, workerd reports rejections as unhandled that are handled a tick later.
const compatibilityFlags = compatibilityDate < "2026-03-03"
  ? ["unhandled_rejection_after_microtask_checkpoint"]
  : [];
const miniflare = new Miniflare({
  modules,
  compatibilityDate,
  compatibilityFlags,
  bindings: { RECEIVER: receiver, RUNTIME: runtime },
});
try {
  console.log(await (await miniflare.dispatchFetch("http://worker/")).text());
} finally {
  await miniflare.dispose();
}
