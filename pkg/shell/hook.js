// The caller's `before_send`: it is called while the module waits, and nothing that it does reaches the module.
import { Recording } from "./recording.js";

/** What a hook may return, without a replay's events. */
const MAX_LENGTH = 1_500_000;
/** How deep hooks may capture from within hooks. */
const MAX_HOOKS = 4;
let running = 0;

/** What is wrong with what a hook did; `host.rs` has the words. */
const [THREW, PROMISE, NOTHING, TOO_LARGE, NESTED] = [0, 1, 2, 3, 4];

/** How a call runs the hook: an event's text in, text out; null for dropped, a number for anything else. */
export function hookOf(module, hook, recording, most = MAX_LENGTH) {
  return (event, parts) => {
    // A hook that captures is hooked itself, and would be for ever.
    if (running >= MAX_HOOKS) return NESTED;
    running++;
    try {
      return recording ? editReplay(module, hook, event, parts) : edited(hook(JSON.parse(event)), most);
    } catch {
      return THREW;
    } finally {
      running--;
    }
  };
}

/** What a hook returned, as it crosses. */
function edited(result, most = MAX_LENGTH) {
  if (typeof result?.then === "function") {
    Promise.resolve(result).catch(() => {});
    return PROMISE;
  }
  if (result === null) return null;
  const text = JSON.stringify(result);
  if (text === undefined) return NOTHING;
  return text.length <= most ? text : TOO_LARGE;
}

/** Where the held text belongs, in the text that Rust gives a hook. */
const PLACEHOLDER = /"\$snapshot_data":(?=[,}])/;

/** Runs a hook on an event whose events are held, as the first part. What it makes of them is held then. */
function editReplay(module, hook, event, parts) {
  const head = JSON.parse(event.replace(PLACEHOLDER, '"$snapshot_data":[]'));
  head.properties.$snapshot_data = JSON.parse(parts[0]);
  const result = hook(head);
  if (typeof result?.properties !== "object" || result.properties === null) return edited(result);
  const { $snapshot_data, ...properties } = result.properties;
  const changed = Array.isArray($snapshot_data) && new Recording(module, JSON.stringify($snapshot_data));
  if (!changed || changed.refusal) return TOO_LARGE;
  parts[0] = changed.text;
  return edited({ ...result, properties });
}
