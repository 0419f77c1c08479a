import { fileURLToPath } from "node:url";

const functions = new URL("../../examples/supabase/functions/", import.meta.url);

/** How long a function may take to start, to deliver or to end. */
const PATIENCE_MS = 20_000;

/** What a request had for consequences, in the end. */
export interface Done {
  /** What PostHog answered, request by request; null where it did not. */
  requests: (number | null)[];
  /** How many members of organizations were told something. */
  told: number;
}

/** One of the example edge functions: a process of its own, an HTTP server. */
export class EdgeFunction implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #log: AsyncGenerator<string>;
  #url = "";

  private constructor(readonly name: string, env: Record<string, string>) {
    const path = (relative: string, base: string | URL) => fileURLToPath(new URL(relative, base));
    // It may use the network and read its settings, and needs nothing else: no file, no system call.
    const args = ["run", "--quiet", "--no-prompt", "--allow-net", "--allow-env"];
    args.push("--config", path("deno.json", functions), "--preload", path("host.ts", import.meta.url));
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...args, path(`${name}/index.ts`, functions)],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#log = lines(this.#child.stdout);
  }

  /** Starts `functions/<name>/index.ts` and waits until it serves. */
  static async start(name: string, env: Record<string, string>): Promise<EdgeFunction> {
    const started = new EdgeFunction(name, env);
    try {
      const { listening } = await started.#logged<{ listening: number }>("listening");
      started.#url = `http://127.0.0.1:${listening}/${name}`;
      return started;
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Posts to a route and reads the answer to its end, as the sender would. */
  async post(route: string, headers: Record<string, string>, body: string) {
    const response = await fetch(`${this.#url}/${route}`, { method: "POST", headers, body });
    return { status: response.status, answer: json(await response.text()) ?? {} };
  }

  /** Waits until everything that the last request has begun is done. */
  async done(): Promise<Done> {
    const { done, told } = await this.#logged<{ done: Done["requests"]; told: number }>("done");
    return { requests: done, told };
  }

  /** Lets it finish, and shows what it still says. */
  async [Symbol.asyncDispose]() {
    const timeout = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    await this.#child.stdin.close().catch(() => {});
    for await (const line of this.#log) this.#show(line);
    await this.#child.status;
    clearTimeout(timeout);
  }

  /** The next line that says something about this, and how many were told of something up to there. */
  async #logged<T>(what: string): Promise<T & { told: number }> {
    const timeout = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    let told = 0;
    try {
      for (let line; !(line = await this.#log.next()).done;) {
        const said = json(line.value);
        if (said && what in said) return { ...said as T, told };
        if (said?.notified) told += Number(said.members);
        else if (!said?.broadcast) this.#show(line.value);
      }
    } finally {
      clearTimeout(timeout);
    }
    throw new Error(`${this.name} has ended, or said nothing about ${what} in time`);
  }

  #show(line: string) {
    console.error(`${this.name}: ${line}`);
  }
}

async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const [...whole] = (rest + chunk).split("\n");
    rest = whole.pop()!;
    yield* whole;
  }
}

function json(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
