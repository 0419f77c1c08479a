// Errors with the stacks of V8, of others, and of nobody.
import type { Random } from "./random.ts";
import { text } from "./values.ts";

const frames = [
  "    at handler (file:///src/functions/private/events.ts:398:11)",
  "    at async handler (file:///src/functions/private/events.ts:398:11)",
  "    at new Database (file:///src/utils/pg.ts:12:3)",
  "    at Object.run (https://deno.land/x/hono@v4/mod.ts:1:22)",
  "    at Array.map (<anonymous>)",
  "    at <anonymous>",
  "    at async Promise.all (index 0)",
  "    at JSON.parse (native)",
  "    at file:///src/index.ts:7:1",
  "    at async file:///src/index.ts:7:1",
  "    at eval (eval at run (file:///src/a.ts:1:2), <anonymous>:3:4)",
  "    at Object.<anonymous> (C:\\app\\src\\index.js:10:20)",
  "    at processTicksAndRejections (node:internal/process/task_queues:95:5)",
  "    at Module.load [as _load] (node:internal/modules/cjs/loader:1024:12)",
  "    at worker.js:1:123456",
  "handler@https://example.com/worker.js:5:6",
];

const oddLines = [
  "",
  "   ",
  "params: ada@example.com,42",
  "  detail: at the end (of: all: things)",
  "    at  (file:///src/a.ts:1:2)",
  "    at",
  "at ",
  "    at name (file:///src/a.ts:x:y)",
  "    at name (file:///src/a.ts:1:)",
  "    at name (::)",
  "    at name (:1:2)",
  "    at name (a:12abc:0x10)",
  "    at name (a:-1:+2)",
  "    at name (a:1.9: 7)",
  "    at name (file:///src/a.ts:99999999999999999999:1e3)",
  "    at name (file:///src/a.ts:1234567890123456789012345:2)",
  "    at name (file:///src/a b (1).ts:1:2)",
  "    at name (file:///src/a.ts:1:2) tail",
  "    at a (b) (c:1:2)",
  "\tat tabbed (file:///t.ts:1:2)\r",
  "\ufeffat bom (file:///b.ts:1:2)",
  "\u0085at nel (file:///b.ts:1:2)",
  "\u00a0at nbsp (file:///b.ts:1:2)\u3000",
  "    at  two (file:///src/a.ts:1:2)",
  "    at\ttab (file:///src/a.ts:1:2)",
  "at at at (x:1:2)",
  "    at 名前 (file:///源.ts:1:2)",
  "    at \ud800 (file:///\udc00.ts:1:2)",
  "12:34:56",
  "2026-07-24T10:11:12.345Z",
  " (a:1:2)",
  "(a:1:2)",
  "name ()",
  '    at quote"d (file:///q"\\.ts:1:2)',
];

const messages = [
  "boom",
  "",
  'relation "apps" does not exist',
  "Failed query: select * from users where email = $1\nparams: ada@example.com",
  "several\nlines: of: text\n\nand a blank one",
  "Ünïcödé 🚀",
  "half \ud83d",
];

export function thrown(random: Random): unknown {
  if (random.chance(0.1)) {
    return random.pick<unknown>(["a text", 42, null, undefined, { code: "23505" }, [1], true, {
      message: "no error",
    }, ""]);
  }
  const message = random.chance(0.03) ? "long ".repeat(2400) : random.pick(messages);
  const cause = random.chance(0.15)
    ? { cause: random.pick<unknown>(["why", { code: 1 }, null, 0]) }
    : undefined;
  const error = new Error(message, cause);
  error.name = random.pick(["Error", "TypeError", "DrizzleQueryError", "HTTPException", "", "Fehler: ü"]);
  if (random.chance(0.02)) error.name = "N".repeat(300);
  const stack = stackOf(random, `${error.name}: ${message}`);
  Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}

function stackOf(random: Random, head: string): string | undefined {
  if (random.chance(0.05)) return random.pick([undefined, "", head, `${head}\n`, "\n", "only one line"]);
  const odd = random.chance(0.5) ? 0 : 0.4;
  const count = random.chance(0.03) ? 60 + random.below(30) : 1 + random.below(8);
  const lines = Array.from({ length: count }, () => random.mostly(odd, frames, oddLines));
  return [head, ...lines].join("\n");
}

/** What `fetch` rejects with, or a helper throws. */
export function failure(random: Random): unknown {
  if (random.chance(0.1)) return random.pick<unknown>(["a text", undefined, { code: "ECONNRESET" }, 0]);
  const error = new TypeError(random.pick(["fetch failed", "error sending request", text(random)]), {
    ...(random.chance(0.5) &&
      { cause: random.pick<unknown>([new Error("connect ECONNREFUSED"), "a cause", { code: "EAI_AGAIN" }]) }),
  });
  error.stack = `TypeError: ${error.message}\n    at fetch (ext:fetch:1:2)`;
  if (error.cause instanceof Error) error.cause.stack = undefined;
  if (random.chance(0.3)) error.name = random.pick(["AbortError", "TimeoutError", "Error"]);
  return error;
}
