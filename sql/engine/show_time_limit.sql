create or replace function reprise_engine.show_time_limit(type text, written text)
returns text
language sql stable
set search_path = ''
as $$
  -- As Java writes them: a time of day without seconds where there are none.
  select case
    when type = 'TIME' then regexp_replace(reprise_engine.canonical_time(type, written), '^(\d\d:\d\d):00$', '\1')
    when type = 'DATETIME' and reprise_engine.describe_bad_time(type, written) is null then reprise_engine.canonical_time(type, written)
    else written
  end;
$$;

comment on function reprise_engine.show_time_limit is 'A limit of a DATE, TIME or DATETIME, as messages name it.';
