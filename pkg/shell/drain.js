// Drains: what waits in an outbox is delivered.
import { run } from "./call.js";
import { handed, numberText, readCall, unknownText } from "./call_options.js";
import * as gzip from "./compress.js";
import { hasRoom, stackIsFull } from "./guard.js";
import { askOutbox, storeFlag } from "./outbox.js";
import { explain, undrained } from "./outcomes.js";

/** A part of a store's words that may be an address, a key or an id. A client's module knows better, but is large. */
const SECRET = /\S{1,200}@\S+|(?=[\w-]{0,99}\d)[\w-]{20,}/g;

function explainDrain(drained, attempt) {
  explain(drained, attempt);
  const { error } = drained;
  // The drain's own message is then the error's.
  if (error) drained.message = error.message = error.message.replace(SECRET, "[redacted]");
}

/** `settings` are a client's options as Rust reads them, `options` what it has besides; `names` are theirs that are none. */
export function drain(module, settings, { fetch, profileStore, report, unknown: names = [] }, store, call) {
  if (!hasRoom()) return Promise.resolve(undrained(0, stackIsFull()));
  const { signal, budgetMs, context, maxTries, unknown } = readCall(call);
  const [budget, tries] = [numberText(budgetMs), numberText(maxTries)];
  const host = { fetch, signal, gzip, profileStore, outbox: store, askOutbox, parts: [] };
  const drained = run(
    module,
    { ...host, failed: undrained, explain: explainDrain, report },
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
