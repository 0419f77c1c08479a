// The budget law, in virtual time: whatever the transport and the store do, the call ends within its budget and leaves
// nothing behind. `deno test --config tests/budget/deno.json tests/budget/`, with Deno's sanitizers on.
import FakeTimers from "@sinonjs/fake-timers";
import { deepStrictEqual, ok } from "node:assert/strict";
import type { OutboxStore, Outcome } from "posthog-wasm/full";

// Before anything is loaded: the package keeps the timers and the clock that it was loaded with.
const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
const { adversaries, open, pending } = await import("./transports.ts");
const { PostHog } = await import("posthog-wasm/full");

const never = () => new Promise<never>(() => {});
const stores: Record<string, OutboxStore | undefined> = {
  "no outbox": undefined,
  "a good outbox": store(() => Promise.resolve()),
  "an outbox that hangs": store(never),
  "an outbox that throws": store(() => {
    throw new Error("down");
  }),
};

function store(answer: () => Promise<void>): OutboxStore {
  return { put: answer, delete: answer, retry: answer, deadLetter: answer, claim: async () => [] };
}

const EVENTS = [1, 2, 3].map((at) => ({ kind: "capture" as const, event: `E${at}`, distinctId: "u" }));

let cases = 0;
for (const { name, fetch } of adversaries) {
  Deno.test(name, async (t) => {
    for (const [kept, outbox] of Object.entries(stores)) {
      for (const write of outbox ? ["before_send", "on_failure"] as const : [undefined]) {
        for (const budgetMs of [1, 40, 1000, 5000, 60_000]) {
          for (const maxRetries of [0, 3, 10]) {
            const options = outbox && { outbox: { store: outbox, write: write! } };
            const posthog = new PostHog("phc_test", { ...options, fetch, budgetMs, maxRetries, logger() {} });
            const what = `${kept}, ${write}, ${budgetMs} ms, ${maxRetries} retries`;
            await holds(budgetMs, (call) => posthog.track(EVENTS, call), what);
            cases++;
          }
        }
      }
    }
    await t.step("a drain", async () => {
      for (const budgetMs of [1, 40, 5000]) {
        const lent = { id: crypto.randomUUID(), target: "posthog" as const, body: '{"event":"E"}', tries: 0 };
        for (const answer of [() => Promise.resolve(), never]) {
          let lends = 1;
          const lender = { ...store(answer), claim: async () => lends-- > 0 ? [lent] : [] };
          const posthog = new PostHog("phc_test", { fetch, budgetMs, logger() {} });
          await holds(budgetMs, (call) => posthog.drain(lender, call), `drain, ${budgetMs} ms`);
          cases++;
        }
      }
    });
  });
}

Deno.test("all of them were tried", () => ok(cases > 2000, `${cases}`));

/** A timer that is set for now fires in the next millisecond. */
const TICK_MS = 1;

type Call = { signal?: AbortSignal };

async function holds(
  budgetMs: number,
  call: (options: Call) => Promise<Pick<Outcome, "ok" | "status" | "elapsedMs">>,
  what: string,
) {
  const unhandled: unknown[] = [];
  const listen = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    const started = clock.now;
    let ended: number | undefined;
    let rejected: unknown;
    let left: number | undefined;
    const end = () => {
      ended = clock.now;
      left = clock.countTimers() - pending.size;
    };
    call({}).then(end, (reason) => rejected = reason);
    await clock.tickAsync(budgetMs + TICK_MS);
    ok(rejected === undefined, `${what}: rejected with ${rejected}`);
    ok(ended !== undefined, `${what}: has not settled`);
    ok(ended - started <= budgetMs + TICK_MS, `${what}: settled after ${ended - started} ms`);
    deepStrictEqual(left, 0, `${what}: timers of ours are left`);
    // What comes later is put away too.
    await clock.tickAsync(200_000);
    deepStrictEqual(clock.countTimers(), 0, `${what}: timers are left`);
    deepStrictEqual([...open], [], `${what}: bodies are left`);
    deepStrictEqual(unhandled, [], what);
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
    clock.reset();
    open.clear();
    pending.clear();
  }
}
