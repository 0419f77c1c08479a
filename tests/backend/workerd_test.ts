// The same source and the same expectations on workerd, from the packed package.
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { installed } from "../../tools/test_package.ts";
import * as tools from "../../tools/tools.ts";
import * as versions from "../../tools/versions.ts";
import { type Project, startReceiver } from "../../inspect/receiver/mod.ts";
import { answersFirst } from "./background.ts";
import { everyCallSite, settings } from "./suite.ts";

Deno.test("every call site, on workerd", async (t) => {
  await using receiver = await startReceiver();
  const project = receiver.project("workerd");
  await using worker = await Worker.start(project);
  await everyCallSite(t, project, worker.send);

  // Nobody outside sees when a Worker's background work ends; its budget is five seconds.
  const settled = (late: boolean) => new Promise<void>((done) => setTimeout(done, late ? 5500 : 0));
  await answersFirst(t, project, worker.send, settled);
});

class Worker implements AsyncDisposable {
  private constructor(
    private readonly app: string,
    private readonly child: Deno.ChildProcess,
    private readonly url: string,
  ) {}

  static async start(project: Project): Promise<Worker> {
    const home = await tools.workers();
    const app = await installed();
    await tools.capture("npm", ["install", "--no-audit", "--no-fund", `hono@${versions.hono}`], { cwd: app });
    await cp(join(tools.root, "examples", "supabase"), app, { recursive: true });
    const runner = join(tools.root, "tests", "backend", "workerd.js");
    const child = new Deno.Command("node", {
      args: [runner, home, join(app, "worker.ts"), "2026-04-01", JSON.stringify(settings(project))],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const { value = "" } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
    if (!value.startsWith("http")) throw new Error(`workerd has not started: ${value}`);
    return new Worker(app, child, value.trim());
  }

  readonly send = (path: string, init: RequestInit) => fetch(new URL(path, this.url), init);

  async [Symbol.asyncDispose]() {
    await this.child.stdin.close();
    await this.child.status;
    await rm(this.app, { recursive: true });
  }
}
