// Bundles a Worker as wrangler does, runs it on workerd, and says where. Ends when its input does.
// `node workerd.js <folder with miniflare and esbuild> <entry> <compatibility date> <bindings> [compatibility flags]`
import { bundled } from "../workerd.js";

const [tools, entry, compatibilityDate, bindings, ...flags] = process.argv.slice(2);
const { Miniflare, compatibilityFlags, ...worker } = await bundled(tools, entry, compatibilityDate);
const miniflare = new Miniflare({
  ...worker,
  compatibilityFlags: [...compatibilityFlags, ...flags],
  bindings: JSON.parse(bindings),
  // Or what the worker prints would go between what is said here.
  handleRuntimeStdio() {},
});
console.log(String(await miniflare.ready));
for await (const _ of process.stdin);
await miniflare.dispose();
