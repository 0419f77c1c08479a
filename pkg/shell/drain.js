// Drains: what waits in an outbox is delivered.
import { run } from "./call.js";
import { handed, numberText, readCall, unknownText } from "./call_options.js";
import * as gzip from "./compress.js";
import { hasRoom, stackIsFull } from "./guard.js";
import { askOutbox, storeFlag } from "./outbox.js";
import { explain, undrained } from "./outcomes.js";

/** `settings` are a client's options as Rust reads them, `options` what it has besides; `names` are theirs that are none. */
export function drain(module, settings, { fetch, profileStore, report, unknown: names = [] }, store, call) {
  if (!hasRoom()) return Promise.resolve(undrained(0, stackIsFull()));
  const { signal, budgetMs, context, maxTries, unknown } = readCall(call);
  const [budget, tries] = [numberText(budgetMs), numberText(maxTries)];
  const host = { fetch, signal, gzip, profileStore, outbox: store, askOutbox, parts: [] };
  const drained = run(
    module,
    { ...host, failed: undrained, explain, report },
    (core, call, id, known, now, wall) =>
      core.drain(
        call,
        id,
        known | storeFlag(store),
        now,
        wall,
        settings,
        budget,
        tries,
        unknownText(names, unknown),
      ),
  );
  return handed(drained, context);
}
