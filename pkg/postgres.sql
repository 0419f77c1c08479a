-- The outbox of posthog-wasm: events that wait for PostHog to take them. Run it once, as a migration.
--
-- Nobody but the owner, and on Supabase the service role, may read or write it. It holds events as they will
-- be sent, and no key.

create table public.posthog_outbox (
  id uuid primary key,
  -- Who came first is sent first, of those that are due since the same moment.
  seq bigint generated always as identity,
  target text not null,
  -- JSON text, and not jsonb: what was written is sent, byte for byte.
  body text not null,
  tries integer not null default 0,
  -- Until then it is leased: to the call that wrote it, or to the drain that claimed it.
  due_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  -- A dead letter: nobody sends it until `posthog_outbox_revive` is called.
  dead_at timestamptz,
  reason text
);

-- What is due is one range of it, in the order in which it is claimed.
create index posthog_outbox_due on public.posthog_outbox (due_at, seq) where dead_at is null;

-- No policy: row level security alone closes it, should its privileges be given away again.
alter table public.posthog_outbox enable row level security;

create function public.posthog_outbox_put(given jsonb) returns void
language sql set search_path = '' as $$
  insert into public.posthog_outbox (id, target, body, due_at)
  select entry.id, entry.target, entry.body,
    clock_timestamp() + (given->>'after_ms')::double precision * interval '1 millisecond'
  from rows from (
    jsonb_to_recordset(given->'entries') as (id uuid, target text, body text)
  ) with ordinality as entry (id, target, body, place)
  order by entry.place;
$$;

-- Leases the oldest that are due: up to the limit, or to four megabytes and one more. Drains that run at the same
-- time step over each other's.
create function public.posthog_outbox_claim(given jsonb)
returns table (id uuid, target text, body text, tries integer)
language sql set search_path = ''
-- It reads the index in its order, and stops at the limit. The planner does not know the limit: left to choose, it may
-- read the whole table.
set enable_seqscan = off set enable_bitmapscan = off as $$
  with due as (
    -- They are locked, so that their places stay theirs.
    select entry.ctid as place, entry.due_at, entry.seq, octet_length(entry.body) as bytes
    from public.posthog_outbox as entry
    -- The query makes it one value: what changes from row to row cannot be looked up in an index.
    where entry.dead_at is null and entry.due_at <= (select clock_timestamp())
    order by entry.due_at, entry.seq
    limit (given->>'limit')::integer
    for update skip locked
  ), measured as (
    select due.*, sum(due.bytes) over (order by due.due_at, due.seq) - due.bytes as before
    from due
  ), claimed as (
    update public.posthog_outbox as entry
    set due_at = clock_timestamp() + (given->>'lease_ms')::double precision * interval '1 millisecond'
    from measured
    where entry.ctid = measured.place and measured.before < 4000000
    returning measured.due_at, measured.seq, entry.id, entry.target, entry.body, entry.tries
  )
  select claimed.id, claimed.target, claimed.body, claimed.tries
  from claimed
  order by claimed.due_at, claimed.seq;
$$;

create function public.posthog_outbox_delete(given jsonb) returns void
language sql set search_path = '' as $$
  delete from public.posthog_outbox as entry
  using jsonb_array_elements_text(given->'ids') as gone
  where entry.id = gone::uuid;
$$;

create function public.posthog_outbox_retry(given jsonb) returns void
language sql set search_path = '' as $$
  update public.posthog_outbox as entry
  set tries = entry.tries + 1,
    reason = given->>'reason',
    due_at = clock_timestamp() + again."afterMs" * interval '1 millisecond'
  from jsonb_to_recordset(given->'entries') as again (id uuid, "afterMs" double precision)
  where entry.id = again.id;
$$;

create function public.posthog_outbox_dead_letter(given jsonb) returns void
language sql set search_path = '' as $$
  update public.posthog_outbox as entry
  set tries = entry.tries + 1, reason = given->>'reason', dead_at = clock_timestamp()
  from jsonb_array_elements_text(given->'ids') as dead
  where entry.id = dead::uuid;
$$;

-- For people: gives every dead letter another chance, once its reason is gone. Returns how many there were.
create function public.posthog_outbox_revive() returns bigint
language sql set search_path = '' as $$
  with revived as (
    update public.posthog_outbox
    set dead_at = null, tries = 0, due_at = clock_timestamp()
    where dead_at is not null
    returning 1
  )
  select count(*) from revived;
$$;

-- What is in `public` can be called by everybody, on Supabase even from a browser, and default privileges may have
-- opened it to any role besides. Whoever has something loses it: row level security keeps nobody from `truncate`.
-- This block may be run again at any time.
do $$
declare
  thing text;
  role text;
begin
  for thing, role in
    select distinct made.thing, case given.grantee when 0 then 'public' else given.grantee::regrole::text end
    from (
      select case relkind when 'S' then 'sequence ' else 'table ' end || oid::regclass as thing,
        relowner as owner, relacl as acl
      from pg_class
      where oid in ('public.posthog_outbox'::regclass, 'public.posthog_outbox_seq_seq'::regclass)
      union all
      select 'function ' || oid::regprocedure, proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc
      where oid in (
        'public.posthog_outbox_put(jsonb)'::regprocedure,
        'public.posthog_outbox_claim(jsonb)'::regprocedure,
        'public.posthog_outbox_delete(jsonb)'::regprocedure,
        'public.posthog_outbox_retry(jsonb)'::regprocedure,
        'public.posthog_outbox_dead_letter(jsonb)'::regprocedure,
        'public.posthog_outbox_revive()'::regprocedure
      )
    ) as made, aclexplode(made.acl) as given
    where given.grantee <> made.owner
  loop
    execute 'revoke all on ' || thing || ' from ' || role || ' cascade';
  end loop;
  if exists (select from pg_roles where rolname = 'service_role') then
    grant select, insert, update, delete on table public.posthog_outbox to service_role;
    grant execute on function
      public.posthog_outbox_put(jsonb),
      public.posthog_outbox_claim(jsonb),
      public.posthog_outbox_delete(jsonb),
      public.posthog_outbox_retry(jsonb),
      public.posthog_outbox_dead_letter(jsonb),
      public.posthog_outbox_revive()
    to service_role;
  end if;
end;
$$;
