// Loaded before an edge function: gives it what Supabase's runtime would, and it serves on a free port.
import { isPromise } from "node:util/types";

// As Supabase's: takes native promises only, keeps them, and looks at none of them. One that rejects is an
// unhandled rejection.
const work = new Set<Promise<unknown>>();
Object.defineProperty(globalThis, "EdgeRuntime", {
  value: {
    waitUntil(task: unknown) {
      if (!isPromise(task)) throw new TypeError("waitUntil takes a promise");
      work.add(task);
    },
  },
});

const serve = Deno.serve;
Object.defineProperty(Deno, "serve", {
  value: (...given: (Deno.ServeHandler | { handler: Deno.ServeHandler })[]) => {
    const last = given[given.length - 1];
    const handler = typeof last === "function" ? last : last.handler;
    endWithTheDemo();
    const onListen = ({ port }: Deno.NetAddr) => console.log(JSON.stringify({ listening: port }));
    return serve({ hostname: "127.0.0.1", port: 0, onListen }, handler);
  },
});

/** The pipe ends with the demo, however that ends; then this process must not stay behind. */
async function endWithTheDemo() {
  for await (const _ of Deno.stdin.readable);
  // As the real runtime, which lets background work finish.
  await Promise.allSettled(work);
  Deno.exit();
}
