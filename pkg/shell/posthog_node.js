// The methods of posthog-node's client that ours does not have, and those that only the full client has. Whoever calls one
// is told what to do instead, in the log and in the outcome, and not by a TypeError in a handler.
import { noBatch } from "./no_batch.js";

const IMMEDIATE = ["capture", "identify", "groupIdentify", "alias", "captureException"];
const OF_QUEUES = ["flush", "shutdown"];
const OF_FLAGS = ["isFeatureEnabled", "getFeatureFlag", "getFeatureFlagPayload", "getAllFlags"];
const OF_FULL = ["captureAi", "captureSnapshot"];

/** An object with all of them. `explain` tells a client's caller of a mistake, and gives its outcome. */
export function methodsOf(explain) {
  const methods = {};
  const add = (field, message, resultOf = (outcome) => outcome) => {
    methods[field] = async function () {
      return resultOf(explain(this, { code: "unknown_method", field, message }));
    };
  };
  for (const name of IMMEDIATE) add(`${name}Immediate`, `is posthog-node's: await ${name}()`);
  for (const name of OF_QUEUES) add(name, "is posthog-node's: there is no queue, await each call");
  for (const name of OF_FLAGS) {
    // What theirs resolves to when nobody can be asked: nothing is on.
    const off = () => name === "getAllFlags" ? {} : undefined;
    add(name, "is posthog-node's: evaluateFlags() of posthog-wasm/flags", off);
  }
  const message = "is for the PostHog of posthog-wasm/full: import that one";
  for (const name of OF_FULL) add(name, message);
  methods.batch = function () {
    return noBatch(async () => explain(this, { code: "unknown_method", field: "batch", message }));
  };
  return methods;
}
