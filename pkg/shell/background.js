// Handing work over to the runtime, so that the response need not wait for it.

import { ignoreErrors } from "./ignore_errors.js";

/** The runtime's way to keep a request's work alive, if this context or runtime has one. */
export function waitUntilOf(context) {
  // Hono's getters throw where there is no execution context.
  for (const find of [(c) => c, (c) => c.executionCtx, (c) => c.ctx]) {
    try {
      const owner = find(context);
      if (typeof owner?.waitUntil === "function") {
        return (task) => owner.waitUntil(task);
      }
    } catch {
      // Not this one.
    }
  }
  const runtime = globalThis.EdgeRuntime;
  if (typeof runtime?.waitUntil === "function") {
    return (task) => runtime.waitUntil(task);
  }
  return undefined;
}

/** Resolves at once where the runtime takes the work over, else when it is done. Never rejects. */
export async function background(task, context) {
  // A native promise that cannot reject: Supabase takes nothing else, and catches nothing.
  const done = Promise.resolve(task).then(() => {}, () => {});
  const waitUntil = waitUntilOf(context);
  let taken = false;
  ignoreErrors(() => {
    const result = waitUntil?.(done);
    taken = waitUntil !== undefined;
    return result;
  });
  // A runtime that would not take it: then the caller waits.
  if (taken) return;
  await done;
}
