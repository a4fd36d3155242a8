create or replace function reprise_engine.check_time_input(definition jsonb, given text, out value json, out problem text)
language plpgsql stable
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_type text := definition ->> 'type';
  v_text text;
  v_place numeric;
begin
  problem := reprise_engine.describe_bad_time(v_type, given);
  if problem is not null then
    return;
  end if;
  v_text := reprise_engine.canonical_time(v_type, given);
  value := to_json(v_text);
  v_place := reprise_engine.place_in_time(v_type, v_text);
  if v_place < reprise_engine.place_in_time(v_type, definition ->> 'after') then
    problem := format('it must be after `%s`', reprise_engine.show_time_limit(v_type, definition ->> 'after'));
  elsif v_place > reprise_engine.place_in_time(v_type, definition ->> 'before') then
    problem := format('it must be before `%s`', reprise_engine.show_time_limit(v_type, definition ->> 'before'));
  end if;
end;
$$;

comment on function reprise_engine.check_time_input is
  'Checks a DATETIME, DATE or TIME input with its limits, which may be reached. A DATETIME is kept in UTC, a TIME with its seconds.';
