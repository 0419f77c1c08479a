// The methods of posthog-node's client that ours does not have, and those that only the full client has. Whoever calls one
// is told what to do instead, in the log and in the outcome, and not by a TypeError in a handler.

const NAMES =
  "captureImmediate identifyImmediate groupIdentifyImmediate aliasImmediate captureExceptionImmediate " +
  "flush shutdown isFeatureEnabled getFeatureFlag getFeatureFlagPayload getAllFlags";

const OF_FULL = ["captureAi", "captureSnapshot"];

/** An object with all of them. `explain` tells a client's caller of a mistake, and gives its outcome. */
export function methodsOf(explain) {
  const methods = {};
  for (const name of NAMES.split(" ")) {
    const [, awaited] = /(.+)Immediate/.exec(name) ?? [];
    const isFlags = /Flag|Feature/.test(name);
    const instead = awaited
      ? `await ${awaited}()`
      : isFlags
      ? "there are no flags here"
      : "there is no queue, await each call";
    const mistake = { code: "unknown_method", field: name, message: `is posthog-node's: ${instead}` };
    methods[name] = async function () {
      const outcome = explain(this, mistake);
      // What theirs resolves to when nobody can be asked: nothing is on.
      return isFlags ? (name === "getAllFlags" ? {} : undefined) : outcome;
    };
  }
  for (const name of OF_FULL) {
    const message = "is for the PostHog of posthog-wasm/full: import that one";
    methods[name] = async function () {
      return explain(this, { code: "unknown_method", field: name, message });
    };
  }
  return methods;
}
