create or replace function reprise_engine.clock()
returns timestamptz
language sql volatile
set search_path = ''
as $$
  select coalesce(nullif(current_setting('reprise.now', true), '')::timestamptz, clock_timestamp());
$$;

comment on function reprise_engine.clock is
  'The time by which everything happens. Tests travel with: set reprise.now = ''2026-01-01 00:00Z''.';
