// Bundles a worker with esbuild, as wrangler does, and runs it on workerd.
import { createRequire } from "node:module";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Miniflare, and its options for this worker. */
export async function bundled(tools, entry, compatibilityDate) {
  const require = createRequire(join(tools, "package.json"));
  const dist = mkdtempSync(join(tmpdir(), "posthog-wasm-worker-"));
  await require("esbuild").build({
    entryPoints: [entry],
    outfile: join(dist, "worker.js"),
    bundle: true,
    // What workerd itself has.
    external: ["node:*"],
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
  });
  const modules = readdirSync(dist).map((path) =>
    path.endsWith(".wasm")
      ? { type: "CompiledWasm", path, contents: readFileSync(join(dist, path)) }
      : { type: "ESModule", path, contents: readFileSync(join(dist, path), "utf8") }
  ).sort((a) => (a.path === "worker.js" ? -1 : 1));
  rmSync(dist, { recursive: true });
  // Before 2026-03-03, workerd reports rejections as unhandled that are handled a tick later.
  const compatibilityFlags = compatibilityDate < "2026-03-03"
    ? ["unhandled_rejection_after_microtask_checkpoint"]
    : [];
  const { Miniflare } = require("miniflare");
  return { Miniflare, modules, compatibilityDate, compatibilityFlags };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [receiver, runtime, tools, entry, compatibilityDate] = process.argv.slice(2);
  const { Miniflare, ...worker } = await bundled(tools, entry, compatibilityDate);
  const miniflare = new Miniflare({ ...worker, bindings: { RECEIVER: receiver, RUNTIME: runtime } });
  try {
    console.log(await (await miniflare.dispatchFetch("http://worker/")).text());
  } finally {
    await miniflare.dispose();
  }
}
