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
      const state = `${due} of ${ROWS} are due, ${analyzed ? "analyzed" : "not analyzed"}`;
      await t.step(state, () => byIndex(database, due, analyzed));
    }
  }
});

async function byIndex(database: Database, due: number, analyzed: boolean) {
  const { sql } = database;
  await sql`vacuum full posthog_outbox`;
  await sql`
    insert into posthog_outbox (id, target, body, due_at)
    select gen_random_uuid(), 'posthog', repeat('x', 500),
      clock_timestamp() + (case when n % ${ROWS / due} = 0 then '-1 minute' else '1 hour' end)::interval
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
    const ways = plans.flatMap(nodes).filter((node) =>
      node["Node Type"].includes("Scan") && (node["Relation Name"] || node["Index Name"])
    );
    return ways.map((
      node,
    ) => [node["Node Type"], node["Index Name"], node["Index Cond"]?.replace(/[$:(].*/, "")]);
  };

  const claim = store.claim(1000, 60_000);
  deepStrictEqual((await reads(claim)).sort(), [["Index Scan", "posthog_outbox_due", ""], [
    "Tid Scan",
    undefined,
    undefined,
  ]]);
  strictEqual((await claim).length, Math.min(due, 1000));

  const ids = (await sql`select id from posthog_outbox limit 1000`).map(({ id }) => id);
  const works = {
    retry: () => store.retry(ids.map((id) => ({ id, afterMs: 0 })), "r"),
    deadLetter: () => store.deadLetter(ids, "r"),
    delete: () => store.delete(ids),
  };
  for (const [name, work] of Object.entries(works)) {
    deepStrictEqual(await reads(work()), [["Index Scan", "posthog_outbox_pkey", ""]], name);
  }
  deepStrictEqual((await sql`select count(*)::integer as left from posthog_outbox`)[0].left, ROWS - 1000);
  await database.empty();
  await watched.end();
}

function nodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodes)];
}
