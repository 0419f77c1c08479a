// Where default privileges open whatever is made, as on Supabase, the migrations leave nothing open.
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { postgresOutbox, postgresProfiles } from "posthog-wasm/postgres";
import { type Database, migrations, outsiders, type Sql, startSupabase } from "./database.ts";

const entry = () => ({ id: crypto.randomUUID(), target: "posthog" as const, body: '{"private":true}' });

/** What the migrations have made, so that what they make one day is tested too. */
async function made({ sql }: Database) {
  const relations = await sql<{ name: string; kind: string }[]>`
    select relname as name, relkind as kind from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v', 'm', 'p', 'f') order by relname`;
  const functions = await sql<{ name: string; args: string }[]>`
    select proname as name, pg_get_function_identity_arguments(oid) as args from pg_proc
    where pronamespace = 'public'::regnamespace order by proname`;
  const named = (kind: string) =>
    relations.filter((relation) => relation.kind === kind).map(({ name }) => name);
  return { relations, tables: named("r"), sequences: named("S"), functions };
}

function as<T>({ sql }: Database, role: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx.unsafe(`set local role ${role}`);
    return await work(tx as unknown as Sql);
  }) as Promise<T>;
}

Deno.test({
  name: "closed to everybody but the owner and the service role",
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  await using database = await startSupabase();
  await t.step("default privileges would open a table, a sequence and a function", () => opened(database));
  const { relations, tables, sequences, functions } = await made(database);
  deepStrictEqual(tables, ["posthog_outbox", "posthog_profiles"]);
  deepStrictEqual(sequences, ["posthog_outbox_seq_seq"]);
  strictEqual(relations.length, 3);
  strictEqual(functions.length, 7);

  await postgresOutbox(database.sql).put([entry()], 0);
  await postgresProfiles(database.sql).compareAndSet("k", undefined, "m");
  const before = await contents(database);

  for (const role of outsiders) {
    const statements = [
      ...tables.flatMap((table) => [
        `select * from ${table}`,
        `select count(*) from ${table}`,
        `insert into ${table} default values`,
        `update ${table} set ${table === "posthog_outbox" ? "body" : "mark"} = 'forged'`,
        `delete from ${table}`,
        `truncate ${table}`,
        `copy ${table} to stdout`,
        `lock table ${table}`,
      ]),
      ...sequences.flatMap((sequence) => [
        `select * from ${sequence}`,
        `select nextval('${sequence}')`,
        `select currval('${sequence}')`,
        `select setval('${sequence}', 1)`,
      ]),
      ...functions.map(({ name, args }) => `select * from ${name}(${args ? "'{}'" : ""})`),
    ];
    for (const statement of statements) {
      await t.step(
        `${role}: ${statement}`,
        () =>
          rejects(() => as(database, role, (tx) => tx.unsafe(statement)), {
            // Insufficient privilege, and nothing that happens later.
            code: "42501",
            message: /^permission denied for (table|sequence|function) posthog_/,
          }),
      );
    }
    await t.step(`${role}: through the package`, () => throughThePackage(database, role));
  }
  await t.step("privileges are the owner's and the service role's", () => privileges(database));
  await t.step("no function runs with its owner's rights, or looks names up", () => settings(database));
  deepStrictEqual(await contents(database), before);

  await t.step("the service role can do everything", () => service(database));
  const later = await contents(database);
  for (const role of outsiders) {
    await t.step(
      `${role}: given everything again, there is still no row to see`,
      () => regranted(database, role),
    );
  }
  deepStrictEqual(await contents(database), later);
  await t.step("what closes it, run again, closes it again", async () => {
    for (const migration of Object.values(migrations)) {
      const [block] = /^do \$\$$.*^\$\$;$/ms.exec(await readFile(migration, "utf8"))!;
      for (let times = 0; times < 2; times++) await database.sql.unsafe(block);
    }
    await privileges(database);
  });
});

async function contents({ sql }: Database) {
  return [await sql`select * from posthog_outbox`, await sql`select * from posthog_profiles`].map((
    rows,
  ) => [...rows]);
}

/** Else the rest would prove nothing. */
async function opened(database: Database) {
  await database.sql.unsafe(`
    create table probe (id bigint generated always as identity, a text);
    create function probed() returns text language sql as 'select 1::text'`);
  for (const role of outsiders) {
    await as(database, role, async (tx) => {
      await tx.unsafe("insert into probe (a) values ('a')");
      await tx.unsafe("select nextval('probe_id_seq'), probed()");
    });
  }
  await database.sql.unsafe("drop table probe; drop function probed()");
}

async function throughThePackage(database: Database, role: string) {
  const denied = { code: "42501" };
  const { id } = entry();
  const calls: ((sql: Sql) => PromiseLike<unknown>)[] = [
    (tx) => postgresOutbox(tx).put([entry()], 0),
    (tx) => postgresOutbox(tx).claim(1, 1),
    (tx) => postgresOutbox(tx).retry([{ id, afterMs: 1 }], "r"),
    (tx) => postgresOutbox(tx).deadLetter([id], "r"),
    (tx) => postgresOutbox(tx).delete([id]),
    (tx) => postgresProfiles(tx).compareAndSet("k", "m", "forged"),
  ];
  for (const call of calls) await rejects(() => as(database, role, async (tx) => await call(tx)), denied);
}

async function privileges({ sql }: Database) {
  const granted = await sql`
    select distinct grantee::regrole::text as role, privilege_type as privilege, kind
    from (
      select relkind::text as kind, relowner as owner, coalesce(relacl, acldefault(
        case relkind when 'S' then 's' else 'r' end::"char", relowner)) as acl
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S')
      union all
      select 'f', proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc where pronamespace = 'public'::regnamespace
    ) as things, aclexplode(acl)
    where grantee <> owner order by kind, privilege`;
  deepStrictEqual(granted.map(({ role, privilege }) => `${role} ${privilege}`), [
    "service_role EXECUTE",
    "service_role DELETE",
    "service_role INSERT",
    "service_role SELECT",
    "service_role UPDATE",
  ]);
}

async function settings({ sql }: Database) {
  const functions = await sql`
    select proname, prosecdef, proconfig from pg_proc where pronamespace = 'public'::regnamespace`;
  for (const { proname, prosecdef, proconfig } of functions) {
    strictEqual(prosecdef, false, proname);
    ok(proconfig.includes('search_path=""'), `${proname}: ${proconfig}`);
  }
}

async function service(database: Database) {
  const [delivered, kept, dead] = [entry(), entry(), entry()];
  await as(database, "service_role", async (tx) => {
    await tx`delete from posthog_outbox`;
    const [outbox, profiles] = [postgresOutbox(tx), postgresProfiles(tx)];
    await outbox.put([delivered, kept, dead], 0);
    strictEqual((await outbox.claim(10, 60_000)).length, 3);
    await outbox.delete([delivered.id]);
    await outbox.retry([{ id: kept.id, afterMs: 0 }], "r");
    await outbox.deadLetter([dead.id], "r");
    deepStrictEqual((await outbox.claim(10, 60_000)).map(({ id, tries }) => [id, tries]), [[kept.id, 1]]);
    strictEqual(Number((await tx`select posthog_outbox_revive() as revived`)[0].revived), 1);
    strictEqual(await profiles.compareAndSet("k", "m", "newer"), "newer");
    strictEqual(await profiles.compareAndSet("k2", undefined, "m"), "m");
    await tx`delete from posthog_profiles where key = 'k2'`;
    deepStrictEqual([...await tx`select mark from posthog_profiles`], [{ mark: "newer" }]);
  });
}

/** A habit of those who see "permission denied": row level security stays. */
async function regranted(database: Database, role: string) {
  for (const things of ["tables", "sequences", "functions"]) {
    await database.sql.unsafe(`grant all on all ${things} in schema public to ${role}`);
  }
  const rows = await as(database, role, async (tx) => [
    ...await tx`select * from posthog_outbox`,
    ...await tx`select * from posthog_profiles`,
    ...await tx`update posthog_outbox set body = 'forged' returning id`,
    ...await tx`update posthog_profiles set mark = 'forged' returning key`,
    ...await tx`delete from posthog_outbox returning id`,
    ...await tx`delete from posthog_profiles returning key`,
    ...await postgresOutbox(tx).claim(10, 60_000),
  ]);
  deepStrictEqual(rows, []);
  const forged = /row-level security/;
  await rejects(() => as(database, role, async (tx) => await postgresOutbox(tx).put([entry()], 0)), forged);
  const set = (expected?: string) =>
    as(database, role, (tx) => postgresProfiles(tx).compareAndSet("k", expected, "x"));
  strictEqual(await set("newer"), undefined);
  await rejects(() => set(), forged);
}
