// Calls the product as a host would, and writes down what can be seen of it.
import { createTracking } from "posthog-wasm/compat";
import { type Answer, type Call, now, type Observed, type Request, serializeError } from "./world.ts";

/** Options of `createTracking`: which differences are kept. */
export type Keep = Record<string, unknown>;

/** Delivers a request: to nobody, or over a socket. It answers what the call's world says. */
export interface Transport {
  deliver(url: string, init: RequestInit, answer: Answer): Promise<Response>;
  /** What has arrived, where that is seen better at the other end. */
  arrived?(): Request[];
}

// deno-lint-ignore no-explicit-any
type Functions = Record<string, (...args: any[]) => Promise<unknown>>;

const functionsOf = new Map<string, Functions>();
// The call that the helpers work for: calls run one after another.
let running: Run;

interface Run {
  call: Call;
  context: object;
  observed: Omit<Observed, "result" | "tasks">;
  tasks: Promise<unknown>[];
}

/** The same functions serve every call: nothing of one may be left in the next. */
function functions(keep: Keep, withClient: boolean): Functions {
  const key = JSON.stringify([keep, withClient]);
  let made = functionsOf.get(key);
  if (!made) {
    functionsOf.set(key, made = createTracking({ ...host(withClient), ...keep }) as never as Functions);
  }
  return made;
}

// deno-lint-ignore no-explicit-any
function host(withClient: boolean): any {
  const own = (context: unknown) => {
    if (context !== running.context) throw new Error("not the call's own context");
    return running;
  };
  return {
    getEnv: (context: unknown, key: string) => own(context).call.env[key] ?? "",
    log: (record: Record<string, unknown>) => running.observed.logs.push({ how: "log", record }),
    logError: (record: Record<string, unknown>) => running.observed.logs.push({ how: "error", record }),
    serializeError,
    async backgroundTask(context: unknown, task: Promise<unknown>) {
      const { call, observed, tasks } = own(context);
      if (!(task instanceof Promise)) throw new TypeError("backgroundTask takes a promise");
      observed.background.push("called");
      tasks.push(task);
      if (call.world.background === "promise") await task;
      else for (let i = 0; i < 3; i++) await null;
      observed.background.push("done");
      return null;
    },
    async notifyMembers(context: unknown, notification: unknown, organizationId: unknown) {
      const { call: { world: { notify } }, observed } = own(context);
      observed.notified.push({ notification, organizationId });
      if ("throws" in notify) throw notify.throws;
      return notify.gives;
    },
    ...(withClient && { logsnag: client }),
  };
}

/** A LogSnag client of the host's own. */
function client() {
  return {
    async track(payload: unknown) {
      const { call: { world }, observed } = running;
      observed.tracked.push(payload);
      if ("throws" in world.client!) throw world.client.throws;
      return world.client!.gives;
    },
  };
}

export async function observe(call: Call, keep: Keep, transport: Transport = inProcess): Promise<Observed> {
  const { requestId, method, url, headers = {} } = call.context;
  const context = {
    get: (key: string) => key === "requestId" ? requestId : undefined,
    req: { method, url, header: (name: string) => headers[name.toLowerCase()] },
  };
  const observed = { requests: [], tracked: [], logs: [], background: [], notified: [] };
  const run: Run = running = { call, context, observed, tasks: [] };
  const from = Date.now();
  const fetch = globalThis.fetch;
  // deno-lint-ignore no-explicit-any
  globalThis.fetch = ((url: any, init: any) => {
    run.observed.requests.push(requestOf(url, init));
    return transport.deliver(url, init, isLogsnag(url) ? call.world.logsnag : call.world.posthog);
  }) as typeof globalThis.fetch;
  try {
    const { payload, options } = call;
    const result = await functions(keep, Boolean(call.world.client))[call.function](context, payload, options)
      .then((returned) => ({ returned }), (error) => ({ rejected: String(error?.message ?? error) }));
    if (run.tasks.length > 0) run.observed.background.push("settled");
    const tasks = (await Promise.allSettled(run.tasks)).map(({ status }) =>
      status === "rejected" ? "rejects" as const : "resolves" as const
    );
    const sent = transport.arrived?.() ?? run.observed.requests;
    const requests = sent.map((r) => ({ ...r, body: withNow(r.body, from, Date.now()) }));
    return { ...run.observed, requests, tasks, result };
  } finally {
    globalThis.fetch = fetch;
  }
}

function isLogsnag(url: unknown): boolean {
  return String(url).startsWith("https://api.logsnag.com/");
}

// deno-lint-ignore no-explicit-any
function requestOf(url: any, init: any): Request {
  if (typeof url !== "string") throw new TypeError("fetch was not called with a text");
  const headers = Object.fromEntries(new Headers(init.headers));
  delete headers["user-agent"];
  // A redirect is followed where nothing else is asked for.
  const { redirect = "follow" } = init;
  if (redirect !== "follow") headers["(redirect)"] = redirect;
  return { method: init.method, url, headers, body: String(init.body) };
}

/** Writes `@now` for the times of this call. */
function withNow(body: string, from: number, to: number): string {
  return body.replace(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/g, (found, time) => {
    const at = Date.parse(time);
    return at >= from && at <= to ? JSON.stringify(now) : found;
  });
}

/** The least that `fetch` may resolve to. */
const inProcess: Transport = {
  async deliver(_url, _init, answer) {
    if ("throws" in answer) throw answer.throws;
    const { status, body } = answer;
    return { ok: status >= 200 && status < 300, status, text: async () => body } as Response;
  },
};
