// What JSON cannot carry harms neither the caller nor the next call, whatever is kept.
import { deepStrictEqual, ok } from "node:assert/strict";
import { generate } from "./generate/mod.ts";
import { seed } from "./generate/random.ts";
import { observe } from "./product.ts";
import { type Call, type FunctionName, functions } from "./world.ts";

const cycle: Record<string, unknown> = {};
cycle.itself = cycle;

const values: [name: string, value: unknown][] = [
  ["a BigInt", 1n],
  ["a cycle", cycle],
  ["a toJSON that throws", {
    toJSON() {
      throw new Error("from toJSON");
    },
  }],
  ["a getter that throws", {
    get text() {
      throw new Error("from a getter");
    },
  }],
  ["a revoked proxy", revoked()],
];

const carriers: Record<FunctionName, (value: unknown) => unknown> = {
  trackPosthogEvent: (value) => ({ event: "E", user_id: "u", tags: { value } }),
  groupIdentifyPosthog: (value) => ({ groupType: "organization", groupKey: "o", properties: { value } }),
  capturePosthogException: (value) => ({
    error: "boom",
    functionName: "fn",
    kind: "unhandled_error",
    status: value,
  }),
  capturePosthogReplaySnapshot: (value) => ({ distinctId: "d", sessionId: "s", events: [value] }),
  sendEventToTracking: (value) => ({ event: "E", channel: "c", user_id: "u", tags: { value } }),
};

for (const name of functions) {
  for (const keep of [{}, { keep: "all" }]) {
    Deno.test(`${name} with ${JSON.stringify(keep)}, and what JSON cannot carry`, async (t) => {
      for (const [what, value] of values) {
        await t.step(what, async () => {
          const seen = await observe(usual(name, carriers[name](value)), keep);
          ok("returned" in seen.result, Deno.inspect(seen.result));
          ok(seen.requests.length === 0, Deno.inspect(seen.requests));
          ok(seen.logs.some(({ how }) => how === "error"), Deno.inspect(seen.logs));
        });
      }
      await t.step("the next call", async () => {
        const seen = await observe(usual(name, carriers[name]("text")), keep);
        deepStrictEqual(seen.requests.length, name === "sendEventToTracking" ? 2 : 1);
      });
    });
  }
}

/** A call of which nothing but the payload is odd. */
function usual(name: FunctionName, payload: unknown): Call {
  const world = { ...generate(seed, name, 0).world, client: undefined, posthog: { status: 200, body: "" } };
  const env = { POSTHOG_API_KEY: "phc_test", LOGSNAG_TOKEN: "token", LOGSNAG_PROJECT: "p" };
  const context = { requestId: "r", method: "POST", url: "https://api.example.com/" };
  return { function: name, env, context, payload, world: { ...world, logsnag: { status: 200, body: "" } } };
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
