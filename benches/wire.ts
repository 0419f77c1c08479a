// Requests as they arrive from each runtime: every header, and the bytes over the wire, packed and not.
// `deno run -A benches/wire.ts [part of a runtime's name]`
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { startReceiver } from "../inspect/receiver/mod.ts";
import { installed } from "../tools/test_package.ts";
import * as tools from "../tools/tools.ts";
import * as versions from "../tools/versions.ts";

const only = Deno.args[0] ?? "";
const app = await installed();
await cp(join(tools.root, "benches"), app, { recursive: true });
const home = await tools.npmTools(`miniflare@${versions.miniflare}`, `esbuild@${versions.esbuild}`);
const run = (command: string, ...args: string[]) => tools.capture(command, args, { cwd: app });

const runtimes: [name: string, start: (receiver: string) => Promise<string>][] = [];
for (const version of versions.nodes) {
  runtimes.push([
    `node-${version}`,
    async (url) => await run(await tools.node(version), "wire_client.js", url),
  ]);
}
for (const version of versions.denos) {
  const byonm = version.startsWith("1.") ? ["--unstable-byonm"] : [];
  const args = ["run", ...byonm, "--allow-net=127.0.0.1", "--allow-env", "--no-prompt", "wire_client.js"];
  runtimes.push([`deno-${version}`, async (url) => await run(await tools.deno(version), ...args, url)]);
}
runtimes.push([`bun-${versions.bun}`, async (url) => await run(await tools.bun(), "wire_client.js", url)]);
runtimes.push([
  "workerd",
  (url) => run("node", "workerd.js", url, "workerd", home, "wire_worker.js", "2026-04-01"),
]);

try {
  for (const [name, start] of runtimes.filter(([name]) => name.includes(only))) {
    const receiver = await startReceiver();
    try {
      console.log(`\n== ${name}: ${(await start(receiver.url)).trim()}`);
      const requests = (project: string) => receiver.project(project).requests;
      for (const project of ["v0", "v1", "ai"]) {
        for (const { method, path, query, headers, bytes } of requests(project)) {
          console.log(`${method} ${path}${query} (${bytes} bytes)`);
          for (const [header, value] of Object.entries(headers)) console.log(`  ${header}: ${value}`);
        }
      }
      for (const size of [1, 10, 100, 1000]) {
        const bytes = (compress: string) =>
          requests(`${compress}-${size}`).reduce((sum, request) => sum + request.bytes, 0);
        console.log(
          `${size} events: ${["off", "gzip", "auto"].map((how) => `${how} ${bytes(how)}`).join(", ")}`,
        );
      }
    } finally {
      await receiver.close();
    }
  }
} finally {
  await rm(app, { recursive: true });
}
