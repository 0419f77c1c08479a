// Bundles the example's worker with esbuild, as wrangler does, runs it on workerd, and says where. Ends when its
// input does. `node workerd.js <folder with miniflare and esbuild> <entry> <compatibility date> <bindings>`
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [tools, entry, compatibilityDate, bindings] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const esbuild = require("esbuild");
const { Miniflare } = require("miniflare");

const outdir = mkdtempSync(join(tmpdir(), "posthog-wasm-worker-"));
await esbuild.build({
  entryPoints: [entry],
  outfile: join(outdir, "worker.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
});
const modules = readdirSync(outdir).map((path) =>
  path.endsWith(".wasm")
    ? { type: "CompiledWasm", path, contents: readFileSync(join(outdir, path)) }
    : { type: "ESModule", path, contents: readFileSync(join(outdir, path), "utf8") }
).sort((a) => (a.path === "worker.js" ? -1 : 1));
rmSync(outdir, { recursive: true });

const miniflare = new Miniflare({
  modules,
  compatibilityDate,
  bindings: JSON.parse(bindings),
  // Or what the worker prints would go between what is said here.
  handleRuntimeStdio() {},
});
console.log(String(await miniflare.ready));
for await (const _ of process.stdin);
await miniflare.dispose();
