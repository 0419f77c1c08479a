-- The flag definitions of posthog-wasm: what a cron job fetched, for handlers to read.
-- Run it once, as a migration.
--
-- Nobody but the owner, and on Supabase the service role, may read or write it.

create table public.posthog_flag_definitions (
  key text primary key check (char_length(key) <= 200),
  definitions text not null check (octet_length(definitions) <= 8000000),
  etag text check (char_length(etag) <= 1000),
  fetched_at text check (char_length(fetched_at) <= 100)
);

-- No policy: row level security alone closes it, should its privileges be given away again.
alter table public.posthog_flag_definitions enable row level security;

-- What is stored under `key`, as JSON text; null: nothing is.
create function public.posthog_flags_read(given jsonb) returns text
language sql stable set search_path = '' as $$
  select jsonb_build_object('text', stored.definitions, 'etag', stored.etag, 'fetchedAt', stored.fetched_at)::text
  from public.posthog_flag_definitions as stored
  where stored.key = given->>'key';
$$;

-- Stores `text`, `etag` and `fetchedAt` under `key`. Returns the key.
create function public.posthog_flags_write(given jsonb) returns text
language sql set search_path = '' as $$
  insert into public.posthog_flag_definitions as stored (key, definitions, etag, fetched_at)
  values (given->>'key', given->>'text', given->>'etag', given->>'fetchedAt')
  on conflict on constraint posthog_flag_definitions_pkey do update
  set definitions = excluded.definitions, etag = excluded.etag, fetched_at = excluded.fetched_at
  returning stored.key;
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
      select 'table ' || oid::regclass as thing, relowner as owner, relacl as acl
      from pg_class
      where oid = 'public.posthog_flag_definitions'::regclass
      union all
      select 'function ' || oid::regprocedure, proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc
      where oid in (
        'public.posthog_flags_read(jsonb)'::regprocedure,
        'public.posthog_flags_write(jsonb)'::regprocedure
      )
    ) as made, aclexplode(made.acl) as given
    where given.grantee <> made.owner
  loop
    execute 'revoke all on ' || thing || ' from ' || role || ' cascade';
  end loop;
  if exists (select from pg_roles where rolname = 'service_role') then
    grant select, insert, update, delete on table public.posthog_flag_definitions to service_role;
    grant execute on function
      public.posthog_flags_read(jsonb),
      public.posthog_flags_write(jsonb)
    to service_role;
  end if;
end;
$$;
