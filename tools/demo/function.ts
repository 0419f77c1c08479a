import { fileURLToPath } from "node:url";

const functions = new URL("../../examples/supabase/functions/", import.meta.url);

/** How long a function may take to start, to deliver or to end. */
const PATIENCE_MS = 20_000;

/** What a function logs about one tracking call. */
export interface Delivery {
  status: string;
  reason?: string;
  httpStatus?: number;
  attempts: number;
  errors: string[];
}

/** One of the example edge functions: a process of its own, an HTTP server. */
export class EdgeFunction implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #log: AsyncGenerator<string>;
  #url = "";

  private constructor(readonly name: string, env: Record<string, string>) {
    const path = (relative: string, base: string | URL) => fileURLToPath(new URL(relative, base));
    // It may use the network and read its settings, and needs nothing else: no file, no system call.
    const args = ["run", "--no-prompt", "--allow-net", "--allow-env"];
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
      started.#url = `http://127.0.0.1:${await started.#logged<number>("listening")}/${name}`;
      return started;
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Posts a webhook and reads the answer to its end, as its sender would. */
  async post(headers: Record<string, string>, body: string): Promise<number> {
    const response = await fetch(this.#url, { method: "POST", headers, body });
    await response.text();
    return response.status;
  }

  /** The next tracking call that ends. */
  delivery(): Promise<Delivery> {
    return this.#logged("analytics");
  }

  /** Lets it finish, and shows what it still says. */
  async [Symbol.asyncDispose]() {
    const timeout = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    await this.#child.stdin.close().catch(() => {});
    for await (const line of this.#log) this.#show(line);
    await this.#child.status;
    clearTimeout(timeout);
  }

  /** The next line that says something about this; the function's other lines are shown as they are. */
  async #logged<T>(what: string): Promise<T> {
    const timeout = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    try {
      for (let line; !(line = await this.#log.next()).done;) {
        const said = json(line.value);
        if (said && what in said) return said[what] as T;
        this.#show(line.value);
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
