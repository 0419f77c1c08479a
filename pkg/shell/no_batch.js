// A batch for whoever has none.
const CALLS = ["capture", "captureAi", "groupIdentify", "identify", "alias", "captureException", "track"];

/** Each of its calls ends as `end` says, and nothing waits in it. */
export const noBatch = (end) => ({
  ...Object.fromEntries(CALLS.map((name) => [name, end])),
  flush: async () => [],
  [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]: async () => {},
});
