// A process that is killed at its n-th step: before and after everything that leaves it. It says aloud what the store
// has acknowledged. Run by crash_test.ts.
import { type OutboxStore, PostHog } from "posthog-wasm/full";
import { postgresOutbox } from "posthog-wasm/postgres";
import { connect } from "./database.ts";

const [url, host, job, killAt] = Deno.args;
let steps = 0;

/** SIGKILL: no handler, no flush, no farewell. */
function step() {
  if (++steps === Number(killAt)) Deno.kill(Deno.pid, "SIGKILL");
}

function say(line: string) {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function watched(store: OutboxStore): OutboxStore {
  const watch = (name: keyof OutboxStore) => async (...given: unknown[]) => {
    step();
    const answer = await (store[name] as (...given: unknown[]) => PromiseLike<unknown>)(...given);
    step();
    if (name === "put") {
      for (const { body } of given[0] as { body: string }[]) say(`ack ${JSON.parse(body).uuid}`);
    }
    return answer;
  };
  const names = ["put", "claim", "delete", "retry", "deadLetter"] as const;
  return Object.fromEntries(names.map((name) => [name, watch(name)])) as unknown as OutboxStore;
}

async function watchedFetch(input: string, init: RequestInit) {
  step();
  const response = await fetch(input, init);
  step();
  return response;
}

const sql = connect(url);
const store = watched(postgresOutbox(sql));
const client = (write: "before_send" | "on_failure") =>
  new PostHog("phc_test", {
    host,
    outbox: { store, write },
    fetch: watchedFetch,
    maxRetries: 1,
    budgetMs: 1200,
    logger: () => {},
  });
const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    kind: "capture" as const,
    event: `E${from + at}`,
    distinctId: "u",
  }));

const jobs: Record<string, () => Promise<void>> = {
  /** Nine events in four calls. */
  async write() {
    await calls(client("before_send"));
  },
  async fail() {
    await calls(client("on_failure"));
  },
  /** Three changes, each with its event. */
  async transact() {
    const posthog = client("before_send");
    for (const [place, event] of events(0, 3).entries()) {
      await sql.begin(async (tx) => {
        step();
        await tx`insert into changes values (${event.event})`;
        step();
        const outcome = await posthog.enqueue(event, postgresOutbox(tx));
        step();
        if (!outcome.ok) throw new Error("not recorded");
        if (place === 1) throw new Error("the change is taken back");
      }).catch(() => {});
      step();
    }
  },
  async drain() {
    await client("before_send").drain(store, { budgetMs: 10_000 });
  },
  /** For as long as it lives. */
  async forever() {
    const posthog = client("before_send");
    for (let from = 0;; from += 10) {
      await Promise.all(events(from, 10).map((event) => posthog.track(event)));
    }
  },
};

async function calls(posthog: PostHog) {
  await posthog.capture({ event: "E0", distinctId: "u" });
  await posthog.track(events(1, 5));
  await Promise.all(events(6, 2).map((event) => posthog.track(event)));
  await posthog.capture({ event: "E8", distinctId: "u" });
}

await jobs[job]();
await sql.end();
say(`steps ${steps}`);
