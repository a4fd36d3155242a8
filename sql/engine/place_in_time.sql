create or replace function reprise_engine.place_in_time(type text, written text)
returns numeric
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select case
    when written is null then null
    when type = 'TIME' then extract(epoch from split_part(written, '.', 1)::time) + fraction.part
    else extract(epoch from regexp_replace(written, '\.\d*', '')::timestamptz) + fraction.part
  end
  from (select coalesce(('0.' || nullif(substring(written from '\.(\d*)'), ''))::numeric, 0) as part) as fraction;
$$;

comment on function reprise_engine.place_in_time is 'Where on a line a date or a time lies, for comparing, to the nanosecond.';
