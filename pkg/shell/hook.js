// The caller's `before_send`: it is called while the module waits, and nothing that it does reaches the module.

/** What a hook may return, without a replay's events. */
const MAX_LENGTH = 1_500_000;
/** How deep hooks may capture from within hooks. */
const MAX_HOOKS = 4;
let running = 0;

/** What is wrong with what a hook did; `host.rs` has the words. */
export const [THREW, PROMISE, NOTHING, TOO_LARGE, NESTED] = [0, 1, 2, 3, 4];

/** How a call runs the hook: an event's text in, text out; null for dropped, a number for anything else. */
export const hookOf = (hook, most) => contained((event) => edited(hook(JSON.parse(event)), most));

/** The same of `run`, which may throw. */
export function contained(run) {
  return (event, parts) => {
    // A hook that captures is hooked itself, and would be for ever.
    if (running >= MAX_HOOKS) return NESTED;
    running++;
    try {
      return run(event, parts);
    } catch {
      return THREW;
    } finally {
      running--;
    }
  };
}

/** What a hook returned, as it crosses. */
export function edited(result, most = MAX_LENGTH) {
  if (typeof result?.then === "function") {
    Promise.resolve(result).catch(() => {});
    return PROMISE;
  }
  if (result === null) return null;
  const text = JSON.stringify(result);
  if (text === undefined) return NOTHING;
  return text.length <= most ? text : TOO_LARGE;
}
