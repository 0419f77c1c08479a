-- The profile store of posthog-wasm: what it knows of the newest profile of each group, so that none goes backwards.
-- Run it once, as a migration.
--
-- Nobody but the owner, and on Supabase the service role, may read or write it.

create table public.posthog_profiles (
  key text primary key check (char_length(key) <= 1000),
  mark text not null check (char_length(mark) <= 200000),
  updated_at timestamptz not null default clock_timestamp()
);

-- No policy: row level security alone closes it, should its privileges be given away again.
alter table public.posthog_profiles enable row level security;

-- Writes `mark` under `key` if `expected` is what is stored (null or absent: nothing is). Returns what is stored then.
create function public.posthog_profiles_compare_and_set(given jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  stored text;
begin
  -- Each statement waits for who came first, and sees what they have stored. Of several, one writes.
  if given->>'expected' is null then
    insert into public.posthog_profiles as profile (key, mark)
    values (given->>'key', given->>'mark')
    on conflict on constraint posthog_profiles_pkey do nothing
    returning profile.mark into stored;
  else
    update public.posthog_profiles as profile
    set mark = given->>'mark', updated_at = clock_timestamp()
    where profile.key = given->>'key' and profile.mark = given->>'expected'
      -- Who expects what they write only asks.
      and profile.mark <> given->>'mark'
    returning profile.mark into stored;
  end if;
  if not found then
    select profile.mark into stored
    from public.posthog_profiles as profile
    where profile.key = given->>'key';
  end if;
  return stored;
end;
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
      where oid = 'public.posthog_profiles'::regclass
      union all
      select 'function ' || oid::regprocedure, proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc
      where oid = 'public.posthog_profiles_compare_and_set(jsonb)'::regprocedure
    ) as made, aclexplode(made.acl) as given
    where given.grantee <> made.owner
  loop
    execute 'revoke all on ' || thing || ' from ' || role || ' cascade';
  end loop;
  if exists (select from pg_roles where rolname = 'service_role') then
    grant select, insert, update, delete on table public.posthog_profiles to service_role;
    grant execute on function public.posthog_profiles_compare_and_set(jsonb) to service_role;
  end if;
end;
$$;
