// What one warm capture sets going: calls out of and into the module, closures, promises. `node crossings.js`, in a
// project that has the package; see crossings.ts. The bar: 30 calls out, 2 promises, 4 closures.
import { createHook, executionAsyncId } from "node:async_hooks";

const OURS = /node_modules\/posthog-wasm\//;
const out = {};
const into = {};
let closures = 0;
let watching = false;

/** The same functions, counted. */
function counted(functions, counts, isClosure = () => false) {
  return Object.fromEntries(
    Object.entries(functions).map(([name, original]) => {
      if (typeof original !== "function") return [name, original];
      const makesClosure = isClosure(original);
      return [name, (...given) => {
        if (watching) {
          counts[name] = (counts[name] ?? 0) + 1;
          if (makesClosure) closures++;
        }
        return original(...given);
      }];
    }),
  );
}

const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  // wasm-bindgen's casts make closures of functions, but also strings: the glue says which.
  const makesClosure = (original) => /make(Mut)?Closure/.test(String(original));
  const wrapped = Object.entries(imports).map(([from, functions]) => [
    from,
    counted(functions, out, makesClosure),
  ]);
  const { exports } = new Instance(module, Object.fromEntries(wrapped));
  return { exports: counted(exports, into) };
};

const promises = { own: 0, awaits: 0, runtime: 0 };
const where = {};
Error.stackTraceLimit = 50;
const hook = createHook({
  init(_id, type, trigger) {
    if (type !== "PROMISE") return;
    const frames = new Error().stack.split("\n").slice(2)
      .filter((frame) => !/AsyncHook|promiseInit|async_hooks/.test(frame));
    // Frames of the engine's own functions, such as `new Promise`, have no file.
    const first = frames.find((frame) => /:\d+:\d+\)?$/.test(frame)) ?? "";
    const asked = frames.find((frame) => /:\d+:\d+\)?$/.test(frame) && !/node:/.test(frame)) ?? "";
    if (!OURS.test(asked)) return;
    const builtin = /Promise\.|new Promise/.test(frames[0]);
    // An await makes no promise but while it is watched: then its parent is what is waited for.
    const kind = !OURS.test(first)
      ? "runtime"
      : !builtin && trigger !== executionAsyncId()
      ? "awaits"
      : "own";
    promises[kind]++;
    const place = `${kind}: ${asked.trim().replace(/.*posthog-wasm\//, "")}${
      builtin ? ` ${frames[0].trim()}` : ""
    }`;
    where[place] = (where[place] ?? 0) + 1;
  },
});

const { PostHog, trusted } = await import("posthog-wasm");
const organization = trusted("organization", "org_1", "bench");
const input = {
  event: "E",
  distinctId: "u",
  properties: {
    plan: "Maker",
    seats: 12,
    trial: false,
    version: "7.4.2",
    app_id: "com.acme.app",
    channel: "production",
  },
  groups: [organization],
};
const standIn = { ok: true, status: 200, text: async () => '{"status":"Ok"}' };
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
const list = (counts) => Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(", ");

for (
  const [name, answer] of [
    ["a stand-in without a body", () => standIn],
    ["a real Response", () => new Response('{"status":"Ok"}', { status: 200 })],
  ]
) {
  const client = new PostHog("phc_test", { fetch: async () => answer(), logger: () => {} });
  for (let at = 0; at < 1000; at++) await client.capture(input);
  for (const counts of [out, into, where]) {
    for (const key in counts) delete counts[key];
  }
  Object.assign(promises, { own: 0, awaits: 0, runtime: 0 });
  closures = 0;
  watching = true;
  hook.enable();
  await client.capture(input);
  hook.disable();
  watching = false;
  const entries = Object.entries(into).filter(([name]) => !name.startsWith("__"));
  const own = Object.fromEntries(entries);
  console.log(
    `${name}: ${sum(out)} calls from wasm to JavaScript, ${sum(own)} from JavaScript to wasm ` +
      `(and ${sum(into) - sum(own)} for memory), ${promises.own} promises of the package's ` +
      `(its ${promises.awaits} awaits make none unless watched; ${promises.runtime} the runtime's own, at its asking), ` +
      `${closures} closures`,
  );
  if (sum(out) > 30 || promises.own > 2 || closures > 4) {
    console.error("that is over the bar");
    process.exitCode = 1;
  }
  if (process.argv.includes("--list")) {
    console.log(`  out: ${list(out)}\n  in: ${list(into)}\n  promises: ${list(where)}`);
  }
}
