-- The last profile of each group that was sent to PostHog: what `profileStore` asks for. Webhooks come in any
-- order, several at a time, and in several isolates; this is the one place that all of them see.
create table public.analytics_profiles (
  key text primary key,
  value text not null
);

-- Only the service role, which row level security does not apply to.
alter table public.analytics_profiles enable row level security;

-- Sets `key` to `next` if it holds `expected` (null: nothing is stored yet), and returns what is stored then.
create function public.compare_and_set_profile(key text, expected text, next text) returns text
language plpgsql
set search_path = ''
as $$
declare
  stored text;
begin
  insert into public.analytics_profiles as profile (key, value)
  select compare_and_set_profile.key, next
  -- A row that is expected but not there must not come into being.
  where expected is null
    or exists (select from public.analytics_profiles as known where known.key = compare_and_set_profile.key)
  on conflict on constraint analytics_profiles_pkey
  -- Null equals nothing, so what is there already stays for who expected nothing.
  do update set value = excluded.value where profile.value = expected
  returning profile.value into stored;

  -- A statement of its own sees what others have stored meanwhile.
  if not found then
    select known.value into stored
    from public.analytics_profiles as known
    where known.key = compare_and_set_profile.key;
  end if;
  return stored;
end;
$$;
