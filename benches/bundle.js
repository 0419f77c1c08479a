// Bundles an entry to what is shipped, minified. `node bundle.js <folder with esbuild> <entry> <out> <worker | node>`
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, entry, outdir, kind] = process.argv.slice(2);
const { build } = createRequire(join(tools, "package.json"))("esbuild");
const worker = {
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
  external: ["node:*"],
};
await build({
  entryPoints: { bundle: entry },
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outExtension: { ".js": ".mjs" },
  // What a bundle of CommonJS for Node expects to be there.
  banner: kind === "node" && entry.startsWith("entries/node")
    ? { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }
    : {},
  ...(kind === "worker" ? worker : { platform: "node" }),
});
