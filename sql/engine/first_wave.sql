create or replace function reprise_engine.first_wave()
returns integer
language sql stable
set search_path = ''
as $$
  select coalesce(nullif(current_setting('reprise.first_wave', true), '')::integer, 200);
$$;

comment on function reprise_engine.first_wave is
  'How many lanes of a block without a limit begin at once: more than most blocks have, and enough for a worker. Tests make it '
  'small with: set reprise.first_wave = 2.';
