// Runs what a bundler wrote for workerd: `node workerd.js <tools> <folder> <main file> <receiver> [compatibility flags]`.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [tools, folder, main, receiver, ...compatibilityFlags] = process.argv.slice(2);
const { Miniflare } = createRequire(join(tools, "package.json"))("miniflare");

const modules = readdirSync(folder, { recursive: true })
  .filter((path) => /\.(m?js|wasm)$/.test(path))
  .map((path) =>
    path.endsWith(".wasm")
      ? { type: "CompiledWasm", path, contents: readFileSync(join(folder, path)) }
      : { type: "ESModule", path, contents: readFileSync(join(folder, path), "utf8") }
  )
  .sort((a) => (a.path === main ? -1 : 1));

const miniflare = new Miniflare({
  modules,
  modulesRoot: "/",
  compatibilityDate: "2026-04-01",
  compatibilityFlags,
  bindings: { RECEIVER: receiver, POSTHOG_API_KEY: "phc_test", POSTHOG_API_HOST: receiver },
});
try {
  const headers = { "x-receiver": receiver };
  console.log(await (await miniflare.dispatchFetch("http://worker/", { headers })).text());
} finally {
  await miniflare.dispose();
}
