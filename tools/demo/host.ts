// Loaded before an edge function: gives it what Supabase's runtime would, and it serves on a free port. After
// each request it says what PostHog answered, once the work that was left behind is done.
import { isPromise } from "node:util/types";

// As Supabase's: takes native promises only.
const work = new Set<Promise<unknown>>();
Object.defineProperty(globalThis, "EdgeRuntime", {
  value: {
    waitUntil(task: unknown) {
      if (!isPromise(task)) throw new TypeError("waitUntil takes a promise");
      work.add(task);
    },
  },
});

let requests: (number | null)[] = [];
const send = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const at = requests.push(null) - 1;
  const response = await send(...given);
  requests[at] = response.status;
  return response;
};

const serve = Deno.serve;
Object.defineProperty(Deno, "serve", {
  value: (handler: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>) => {
    endWithTheDemo();
    const onListen = ({ port }: Deno.NetAddr) => console.log(JSON.stringify({ listening: port }));
    return serve({ hostname: "127.0.0.1", port: 0, onListen }, async (request, info) => {
      const response = await handler(request, info);
      settled().then(() => {
        console.log(JSON.stringify({ done: requests }));
        requests = [];
      });
      return response;
    });
  },
});

/** All the work that was left behind. A task that rejects ends the process, as nobody would handle it. */
async function settled() {
  while (work.size > 0) {
    const tasks = [...work];
    for (const result of await Promise.allSettled(tasks)) {
      if (result.status === "rejected") throw result.reason;
    }
    for (const task of tasks) work.delete(task);
  }
}

/** The pipe ends with the demo, however that ends; then this process must not stay behind. */
async function endWithTheDemo() {
  for await (const _ of Deno.stdin.readable);
  // As the real runtime, which lets background work finish.
  await settled();
  Deno.exit();
}
