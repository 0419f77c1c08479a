// The methods of posthog-node's client that ours does not have. Whoever calls one is told what to do instead, in the
// log and where the method had no result of its own in an outcome, and not by a TypeError in a handler.

const AWAITED = /^(\w+)Immediate$/;
const QUEUE = "there is no queue: await the calls, or hand them to background()";
const FLAGS = "this client evaluates no flags, and none is on";

/** What each resolves to; without that, to an outcome. */
const RESULTS = {
  captureImmediate: undefined,
  identifyImmediate: undefined,
  groupIdentifyImmediate: undefined,
  aliasImmediate: undefined,
  captureExceptionImmediate: undefined,
  flush: undefined,
  shutdown: undefined,
  isFeatureEnabled: () => undefined,
  getFeatureFlag: () => undefined,
  getFeatureFlagPayload: () => undefined,
  getAllFlags: () => ({}),
};

/** An object with all of them. `explain` reports a mistake of a client's caller, and gives its outcome. */
export function methodsOf(explain) {
  const methods = {};
  for (const [name, result] of Object.entries(RESULTS)) {
    const [, awaited] = AWAITED.exec(name) ?? [];
    const instead = awaited ? `call ${awaited}(), and await it` : result ? FLAGS : QUEUE;
    const mistake = { code: "unknown_method", field: name, message: `is posthog-node's: ${instead}` };
    methods[name] = async function () {
      const outcome = explain(this, mistake);
      return result ? result() : outcome;
    };
  }
  return methods;
}
