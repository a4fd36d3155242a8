create or replace function reprise_engine.describe_form(definition jsonb, given json)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_type text := definition ->> 'type';
  v_text text := given #>> '{}';
begin
  if v_type in ('ARRAY', 'MULTISELECT') then
    if json_typeof(given) = 'string' and v_text is json array then
      given := v_text::json;
    end if;
    return case when json_typeof(given) = 'array' then (
      select min(found.hint)
      from json_array_elements(given) as each (item)
      cross join lateral reprise_engine.describe_form(jsonb_build_object('type', definition -> 'itemType'), each.item) as found (hint)
    ) end;
  end if;

  return case
    when v_type = 'SECRET' and given ->> 'type' is distinct from 'io.kestra.datatype:aes_encrypted'
      then 'Give a SECRET by GraphQL or on the command line (reprise run, reprise replay, reprise execution resume).'
    when v_type = 'DATE' and reprise_engine.describe_bad_time(v_type, v_text) is not null
      then 'A DATE is written yyyy-MM-dd, like 2024-05-31.'
    when v_type = 'TIME' and reprise_engine.describe_bad_time(v_type, v_text) is not null
      then 'A TIME is written HH:mm or HH:mm:ss, in 24 hours, like 09:30 or 18:27:49.'
    when v_type = 'DATETIME' and reprise_engine.describe_bad_time(v_type, v_text) is not null
      then 'A DATETIME is written with its seconds and its zone, like 2024-05-31T09:30:00Z or 2024-05-31T09:30:00+02:00.'
    when v_type = 'DURATION' and json_typeof(given) <> 'number' and reprise_engine.duration_seconds(v_text) is null
      then 'A DURATION is written as in ISO 8601, without weeks, months and years, like PT30S, PT5M6S, PT1H or P1DT12H.'
  end;
end;
$$;

comment on function reprise_engine.describe_form is
  'How a value of the type of an input is written, for one that is none of that type where its form is easily missed: DATE, TIME, DATETIME, '
  'DURATION, lists of them, and a SECRET that is not encrypted. Null for others, and for a value that is only beyond a limit.';
