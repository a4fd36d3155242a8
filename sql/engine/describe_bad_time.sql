create or replace function reprise_engine.describe_bad_time(type text, given text)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  c_date constant text[] := array['\d{4}', '-', '\d\d', '-', '\d\d'];
  v_part text;
  v_found text;
  v_index integer := 0;
  v_fields integer[];
begin
  foreach v_part in array case type
    when 'DATE' then c_date
    when 'TIME' then array['\d\d', ':', '\d\d', '(:\d\d(\.\d{0,9})?)?']
    else c_date || array['[Tt]', '\d\d', ':', '\d\d', ':', '\d\d', '(\.\d{0,9})?', '([Zz]|[+-]\d\d:\d\d)']
  end loop
    v_found := substring(substr(given, v_index + 1) from '^(' || v_part || ')');
    if v_found is null then
      return format('Text ''%s'' could not be parsed at index %s', given, v_index);
    end if;
    v_index := v_index + length(v_found);
  end loop;
  if v_index < length(given) then
    return format('Text ''%s'' could not be parsed, unparsed text found at index %s', given, v_index);
  end if;

  v_fields := array(select m[1]::integer from regexp_matches(split_part(given, '.', 1), '\d+', 'g') as m);
  if type = 'TIME' then
    return reprise_engine.describe_bad_clock(given, v_fields);
  end if;
  v_found := reprise_engine.describe_bad_day(given, v_fields[1], v_fields[2], v_fields[3]);
  if type = 'DATETIME' and (
    v_found is not null or v_fields[5] > 59
    -- The end of a day, and a second that was put in.
    or v_fields[4] > 23 and v_fields[4:6] <> array[24, 0, 0] or v_fields[6] > 59 and v_fields[4:6] <> array[23, 59, 60]
    or substring(given from '[+-](\d\d):\d\d$')::integer > 15 or substring(given from '[+-]\d\d:(\d\d)$')::integer > 59
  ) then
    return format('Text ''%s'' could not be parsed at index 0', given);
  end if;
  return v_found;
end;
$$;

comment on function reprise_engine.describe_bad_time is
  'What is wrong with the text of a DATE, TIME or DATETIME, in the words of Java; null if nothing is.';
