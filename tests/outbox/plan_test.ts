// How the functions find their rows: by an index, whatever the planner knows of the table.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { postgresOutbox } from "posthog-wasm/postgres";
import { connect, type Database, startDatabase } from "./database.ts";

const ROWS = 20_000;

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  "TID Cond"?: string;
  Plans?: Node[];
}

Deno.test({
  name: "the outbox finds what it needs by an index",
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  await using database = await startDatabase();
  // The planner knows nothing of the table until it is analyzed.
  await database.sql`alter table posthog_outbox set (autovacuum_enabled = false)`;
  for (const due of [10, ROWS]) {
    for (const analyzed of [false, true]) {
      // As wide as events are, and as narrow as what is stored elsewhere: replays.
      for (const width of [500, 2]) {
        const state = `${due} of ${ROWS} are due, ${width} bytes, ${analyzed ? "" : "not "}analyzed`;
        await t.step(state, () => byIndex(database, due, analyzed, width));
      }
    }
  }
});

async function byIndex(database: Database, due: number, analyzed: boolean, width: number) {
  const { sql } = database;
  await sql`vacuum full posthog_outbox`;
  // In no order, as what was put back with jitter.
  await sql`
    insert into posthog_outbox (id, target, body, due_at)
    select gen_random_uuid(), 'posthog', repeat('x', ${width}::integer),
      clock_timestamp() + (case when n % ${ROWS / due} = 0 then '-2 minutes' else '1 hour' end)::interval
        + random() * interval '1 minute'
    from generate_series(1, ${ROWS}::integer) as n`;
  if (analyzed) await sql`analyze posthog_outbox`;
  const plans: Node[] = [];
  const watched = connect(database.url, {
    max: 1,
    onnotice: ({ message }) => {
      if (message.includes("plan:")) plans.push(JSON.parse(message.slice(message.indexOf("{"))).Plan);
    },
  });
  await watched.unsafe(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json; set client_min_messages = log`);
  const store = postgresOutbox(watched);
  /** How the table was read. */
  const reads = async (work: PromiseLike<unknown>) => {
    plans.length = 0;
    await work;
    // What is logged comes before the commit, and the answer with it.
    await watched`select 1`;
    const scans = plans.flatMap(nodes).filter((node) => /Scan/.test(node["Node Type"]));
    return scans.filter((node) => node["Relation Name"] || node["Index Name"]).map(told).sort();
  };

  const claim = store.claim(1000, 60_000);
  deepStrictEqual(await reads(claim), [
    "Index Scan, posthog_outbox_due: due_at",
    "Tid Scan, posthog_outbox: ctid",
  ]);
  strictEqual((await claim).length, Math.min(due, 1000));

  if (width < 500) {
    // Twenty thousand such rows are read faster than a hundred are looked up, and a hundred is what the planner expects.
    await database.empty();
    return await watched.end();
  }
  const ids = (await sql`select id from posthog_outbox limit 1000`).map(({ id }) => id);
  const works = {
    retry: () => store.retry(ids.map((id) => ({ id, afterMs: 0 })), "r"),
    deadLetter: () => store.deadLetter(ids, "r"),
    delete: () => store.delete(ids),
  };
  for (const [name, work] of Object.entries(works)) {
    deepStrictEqual(await reads(work()), ["Index Scan, posthog_outbox_pkey: id"], name);
  }
  deepStrictEqual((await sql`select count(*)::integer as left from posthog_outbox`)[0].left, ROWS - 1000);
  await database.empty();
  await watched.end();
}

function nodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodes)];
}

/** The node, what it reads, and the column by which it finds rows there. */
function told(node: Node): string {
  const column = /\w+/.exec(node["Index Cond"] ?? node["TID Cond"] ?? "nothing");
  return `${node["Node Type"]}, ${node["Index Name"] ?? node["Relation Name"]}: ${column}`;
}
