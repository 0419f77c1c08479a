import type { AcceptedEvent } from "../../inspect/receiver/mod.ts";
import * as database from "./database.ts";
import { type Done, EdgeFunction } from "./function.ts";
import type { Answer, Call } from "./senders.ts";
import * as stripe from "./stripe.ts";

/** A call that was made, and what came of it. */
export interface Posted extends Done {
  call: Call;
  status: number;
  answeredMs: number;
  doneMs: number;
  /** What PostHog got of it, if it is one that tells. */
  arrived?: AcceptedEvent[] | undefined;
}

type Name = Call["to"];

/** The edge functions, running. */
export class Backend implements AsyncDisposable {
  #lastBuild: Answer = {};

  private constructor(readonly functions: ReadonlyMap<Name, EdgeFunction>) {}

  static async start(names: readonly Name[], env: Record<string, string>): Promise<Backend> {
    const settings = {
      ...env,
      // What is made up here is nobody's news.
      LOGSNAG_TOKEN: "",
      ENV_NAME: "demo",
      DATABASE_WEBHOOK_SECRET: database.secret,
      STRIPE_WEBHOOK_SECRET: stripe.secret,
    };
    const started = names.map(async (name) => [name, await EdgeFunction.start(name, settings)] as const);
    return new Backend(new Map(await Promise.all(started)));
  }

  /** Calls a route, and waits until all that it has begun is done. */
  async post(call: Call): Promise<Posted> {
    const to = this.functions.get(call.to)!;
    const begun = performance.now();
    const { status, answer } = await to.post(call.route, call.headers(), call.body(this.#lastBuild));
    const answeredMs = performance.now() - begun;
    if (call.route === "request" && status === 200) this.#lastBuild = answer;
    const done = await to.done();
    return { call, status, answeredMs, doneMs: performance.now() - begun, ...done };
  }

  async [Symbol.asyncDispose]() {
    await Promise.all([...this.functions.values()].map((running) => running[Symbol.asyncDispose]()));
  }
}
