// A Worker whose bundler was not told that it is one, on workerd.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [tools, dist, host] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
await require("esbuild").build({
  stdin: {
    contents: `
      import { buildCapture } from "../../pkg/builders.js";
      import { PostHog } from "../../pkg/mod.js";
      import { lint } from "../../pkg/lint.js";
      import { organizationCreated } from "../../pkg/lifecycle.js";
      export default {
        async fetch(_request, { HOST: host }) {
          const lines = [];
          console.log = console.warn = (...words) => lines.push(words.join(" "));
          const posthog = new PostHog("phc_secret", { host });
          const event = { event: "Org Created", distinctId: "org_1" };
          const outcome = await posthog.capture(event);
          // The second call is told the same, and the log is not.
          const again = await posthog.capture(event);
          const codes = [again.error.code, organizationCreated({ id: "org_1" })[0].code];
          for (const build of [() => buildCapture({ apiKey: "phc_k" }, event), () => lint([event])]) {
            try {
              build();
            } catch (error) {
              codes.push(error.code);
            }
          }
          const expected = Array(4).fill("wasm_unavailable").join();
          if (codes.join() !== expected) throw new Error(codes.join());
          return Response.json({ name: "A Worker is bundled for something else", lines, outcome });
        },
      };`,
    resolveDir: import.meta.dirname,
  },
  outfile: join(dist, "worker.js"),
  bundle: true,
  format: "esm",
});
const { Miniflare } = require("miniflare");
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: readFileSync(join(dist, "worker.js"), "utf8") }],
  compatibilityDate: "2026-04-01",
  bindings: { HOST: host },
});
try {
  console.log(await (await miniflare.dispatchFetch("http://worker/")).text());
} finally {
  await miniflare.dispose();
}
