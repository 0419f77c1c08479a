// The caller's `before_send` of a replay, whose events are held here and not in the module.
import { contained, edited, TOO_LARGE } from "./hook.js";
import { Recording } from "./recording.js";

export const replayHookOf = (module, hook) =>
  contained((event, parts) => editReplay(module, hook, event, parts));

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
