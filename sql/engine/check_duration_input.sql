create or replace function reprise_engine.check_duration_input(definition jsonb, given json, out value json, out problem text)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_seconds numeric := case
    -- What was checked once is a number already.
    when json_typeof(given) = 'number' then (given #>> '{}')::numeric
    else reprise_engine.duration_seconds(given #>> '{}')
  end;
begin
  if v_seconds is null then
    problem := 'Text cannot be parsed to a Duration';
    return;
  end if;
  value := (case when trim_scale(v_seconds)::text ~ '\.' then trim_scale(v_seconds)::text else trunc(v_seconds)::text || '.0' end)::json;
  if v_seconds < coalesce(reprise_engine.duration_seconds(definition ->> 'min'), v_seconds) then
    problem := format('It must be more than `%s`', definition ->> 'min');
  elsif v_seconds > coalesce(reprise_engine.duration_seconds(definition ->> 'max'), v_seconds) then
    problem := format('It must be less than `%s`', definition ->> 'max');
  end if;
end;
$$;

comment on function reprise_engine.check_duration_input is
  'Checks a DURATION with its limits, which may be reached. It is kept as a number of seconds with a fraction, as templates read it.';
