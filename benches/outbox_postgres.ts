// The outbox with a million rows waiting: what PostgreSQL needs to claim, delete and retry a thousand of them, and
// how fast claim and delete alone empty the table, and how fast `drain` delivers it. `deno task outbox [rows] [drain]`; `drain` measures only that.
import { readFile } from "node:fs/promises";
import postgres from "npm:postgres@3.4.7";
import { type ClaimedEntry, type OutboxStore, PostHog, trusted } from "../pkg/full.js";
import { postgresOutbox } from "../pkg/postgres.js";
import { startPostgres } from "../tools/postgres.ts";
import { table } from "./table.ts";

const LIMIT = 1000;
const LEASE_MS = 60_000;

export type Prepared = Awaited<ReturnType<typeof prepare>>;

/**
 * A database whose outbox has `due` entries that are due, and `waiting` that are not for an hour. They are mixed: what
 * waits was tried, and put back. Each body is an event as the package writes it, with a uuid of its own.
 */
export async function prepare(due: number, waiting = 0) {
  const server = await startPostgres();
  const sql = postgres(server.url, { max: 8, onnotice() {} });
  await sql.unsafe(await readFile(new URL("../pkg/postgres.sql", import.meta.url), "utf8"));
  const body = await written();
  const { uuid } = JSON.parse(body);
  const every = Math.max(1, Math.round((due + waiting) / Math.max(1, due)));
  await sql`
    insert into posthog_outbox (id, target, body, due_at)
    select gen_random_uuid(), 'posthog', replace(${body}, ${uuid}, gen_random_uuid()::text),
      clock_timestamp() + (case when ${waiting} > 0 and n % ${every} <> 0 then '1 hour' else '-1 minute' end)::interval
    from generate_series(1, ${due + waiting}::integer) as n`;
  return {
    url: server.url,
    sql,
    store: postgresOutbox(sql),
    /** Bytes of one body. */
    bytes: body.length,
    async left(): Promise<number> {
      const [{ count }] = await sql`select count(*) from posthog_outbox`;
      return Number(count);
    },
    async [Symbol.asyncDispose]() {
      await sql.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** One event, as it is written to an outbox. */
async function written(): Promise<string> {
  let body = "";
  const store = {
    async put(entries: readonly { body: string }[]) {
      body = entries[0].body;
    },
  } as unknown as OutboxStore;
  for (const method of ["claim", "delete", "retry", "deadLetter"] as const) store[method] = async () => [];
  await new PostHog("phc_bench", { logger() {} }).enqueue({
    kind: "capture",
    event: "Build Succeeded",
    distinctId: "9a7c2e51-0b8d-4f63-8e1a-4c5d6e7f8a9b",
    groups: [trusted("organization", "71e9a4d2-5c3b-4f08-b6a7-92c4e8d01f35", "a bench")],
    properties: {
      app_id: "com.kestrel.notes",
      platform: "android",
      build_mode: "release",
      duration_s: 184.2,
      version: "1.1.0+4711",
      runner: "macos-15",
      queue_s: 12.8,
    },
  }, store);
  return body;
}

/** The middle of several. */
function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function timed<T>(times: number[], work: () => PromiseLike<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  times.push(performance.now() - start);
  return result;
}

const ids = (entries: readonly ClaimedEntry[]) => entries.map(({ id }) => id);

/** What one call takes, of `rounds`. */
async function calls({ store, sql }: Prepared, rounds: number): Promise<string[]> {
  const [claim, retry, remove]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const claimed = await timed(claim, () => store.claim(LIMIT, LEASE_MS));
    if (claimed.length !== LIMIT) throw new Error(`${claimed.length} were claimed`);
    const again = claimed.map(({ id }) => ({ id, afterMs: 3_600_000 }));
    await timed(retry, () => store.retry(again, "HTTP 503"));
    await timed(remove, () => store.delete(ids(claimed)));
  }
  // Without the driver and its parsing.
  const inside = await sql.begin(async (tx) => {
    const explained = await tx`explain (analyze, timing off)
      select * from posthog_outbox_claim(${{ limit: LIMIT, lease_ms: LEASE_MS } as never}::jsonb)`;
    await tx`rollback and chain`;
    return explained.map((row) => row["QUERY PLAN"]).find((line) => line.startsWith("Execution"));
  });
  const ms = (times: number[]) => median(times).toFixed(1);
  return [ms(claim), inside.match(/[\d.]+/)[0], ms(retry), ms(remove)];
}

/** Empties the table, `inFlight` at a time. Returns rows a second, and the first and last hundred claims' medians. */
async function empty({ store }: Prepared, inFlight: number) {
  const claims: number[] = [];
  let rows = 0;
  const start = performance.now();
  const worker = async () => {
    for (;;) {
      const claimed = await timed(claims, () => store.claim(LIMIT, LEASE_MS));
      if (claimed.length === 0) return;
      await store.delete(ids(claimed));
      rows += claimed.length;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - start) / 1000;
  return [
    rows,
    seconds.toFixed(1),
    Math.round(rows / seconds),
    median(claims.slice(0, 100)).toFixed(1),
    median(claims.slice(-100 - inFlight, -inFlight)).toFixed(1),
    Math.max(...claims).toFixed(0),
  ].map(String);
}

/** A PostHog that takes everything, on a thread of its own. */
async function startSink() {
  const worker = new Worker(new URL("sink_worker.ts", import.meta.url), { type: "module" });
  const url = await new Promise<string>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  return { url, [Symbol.dispose]: () => worker.terminate() };
}

const DRAIN_ROWS = 200_000;
const DRAIN_MS = 30_000;

/** Drains until enough is delivered, or for long enough; `inFlight` at a time. */
async function drained({ store, left }: Prepared, url: string, inFlight: number): Promise<string[]> {
  const posthog = new PostHog("phc_bench", { host: url, allowHttp: true, logger() {} });
  const took: Record<string, number[]> = { claim: [], delete: [] };
  const watched = {
    ...store,
    claim: (limit: number, leaseMs: number) => timed(took.claim, () => store.claim(limit, leaseMs)),
    delete: (ids: string[]) => timed(took.delete, () => store.delete(ids)),
  };
  const before = await left();
  let [accepted, retried, attempts, drains, calls] = [0, 0, 0, 0, 0];
  const start = performance.now();
  const worker = async () => {
    while (accepted < DRAIN_ROWS && performance.now() - start < DRAIN_MS) {
      const drain = await posthog.drain(watched, { budgetMs: 10_000 });
      // The budget ends first: far more waits than one drain delivers.
      if (!drain.ok && drain.status !== "timed_out") throw new Error(JSON.stringify(drain));
      accepted += drain.accepted;
      retried += drain.retried;
      attempts += drain.attempts;
      drains++;
      calls += drain.elapsedMs;
      if (!drain.more) return;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const ms = performance.now() - start;
  const gone = before - await left();
  // A deletion that the budget did not wait for may have happened all the same.
  if (gone < accepted) throw new Error(`${accepted} were said to be delivered, ${gone} are gone`);
  const share = (times: number[]) =>
    `${(100 * times.reduce((sum, one) => sum + one, 0) / calls).toFixed(0)} %`;
  const rate = Math.round(accepted / ms * 1000);
  return [inFlight, drains, accepted, retried, (ms / 1000).toFixed(1), rate, attempts]
    .map(String).concat(share(took.claim), share(took.delete));
}

if (import.meta.main) {
  const rows = Number(Deno.args[0] ?? 1_000_000);
  const few = Math.max(rows / 100, 10 * LIMIT);
  const one: string[][] = [];
  const all: string[][] = [];
  const delivered: string[][] = [];
  if (Deno.args[1] !== "drain") {
    for (
      const [name, due, waiting] of [["all are due", rows, 0], ["1 % is due", few, rows - few]] as const
    ) {
      await using database = await prepare(due, waiting);
      for (const analyzed of [false, true]) {
        if (analyzed) await database.sql`vacuum analyze posthog_outbox`;
        one.push([`${name}${analyzed ? ", analyzed" : ""}`, ...await calls(database, 3)]);
      }
      if (waiting > 0) continue;
      console.log(`${rows} entries of ${database.bytes} bytes`);
      all.push(["1", ...await empty(database, 1)]);
    }
    {
      await using database = await prepare(rows);
      all.push(["4", ...await empty(database, 4)]);
    }
    console.log(`\nOne call of ${LIMIT}, in ms:\n`);
    console.log(table(["of a million", "claim", "claim, in the database", "retry", "delete"], one));
    console.log(`\nClaim and delete until nothing is left:\n`);
    console.log(
      table(["in flight", "rows", "s", "rows/s", "first claims, ms", "last claims, ms", "longest, ms"], all),
    );
  }
  {
    await using database = await prepare(rows);
    using sink = await startSink();
    for (const inFlight of [1, 4]) delivered.push(await drained(database, sink.url, inFlight));
  }
  console.log(`\n\`drain\`, with a budget of ten seconds, to a PostHog on loopback that takes everything:\n`);
  console.log(
    table(
      [
        "at once",
        "drains",
        "events",
        "put back",
        "s",
        "events/s",
        "requests",
        "of it waiting for claim",
        "for delete",
      ],
      delivered,
    ),
  );
}
