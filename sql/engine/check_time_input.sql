create or replace function reprise_engine.check_time_input(definition jsonb, given text)
returns text
language plpgsql stable
set search_path = ''
set timezone = 'UTC'
as $$
declare
  -- Cast by an assignment: within a comparison with nothing the cast may be left out.
  v_at timestamptz;
  v_date date;
  v_time time;
  v_duration interval;
begin
  case definition ->> 'type'
    when 'DATETIME' then
      if given !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)$' then
        return 'it must be a date and time with a zone, like `2024-05-31T09:30:00Z`';
      end if;
      v_at := given;
      if v_at < (definition ->> 'after')::timestamptz then
        return format('it must be after `%s`', definition ->> 'after');
      elsif v_at > (definition ->> 'before')::timestamptz then
        return format('it must be before `%s`', definition ->> 'before');
      end if;
    when 'DATE' then
      if given !~ '^\d{4}-\d\d-\d\d$' then
        return 'it must be a date, like `2024-05-31`';
      end if;
      v_date := given;
      if v_date < (definition ->> 'after')::date then
        return format('it must be after `%s`', definition ->> 'after');
      elsif v_date > (definition ->> 'before')::date then
        return format('it must be before `%s`', definition ->> 'before');
      end if;
    when 'TIME' then
      if given !~ '^\d\d:\d\d(:\d\d(\.\d{1,9})?)?$' then
        return 'it must be a time of day, like `09:30:00`';
      end if;
      v_time := given;
      if v_time < (definition ->> 'after')::time then
        return format('it must be after `%s`', definition ->> 'after');
      elsif v_time > (definition ->> 'before')::time then
        return format('it must be before `%s`', definition ->> 'before');
      end if;
    when 'DURATION' then
      if given !~ '^[+-]?P(?=.)([+-]?\d+Y)?([+-]?\d+M)?([+-]?\d+W)?([+-]?\d+D)?(T(?=.)([+-]?\d+H)?([+-]?\d+M)?([+-]?\d+(\.\d+)?S)?)?$' then
        return 'it must be a duration, like `PT1H30M`';
      end if;
      v_duration := given;
      if v_duration < (definition ->> 'min')::interval then
        return format('it must be more than `%s`', definition ->> 'min');
      elsif v_duration > (definition ->> 'max')::interval then
        return format('it must be less than `%s`', definition ->> 'max');
      end if;
  end case;

  return null;
exception
  when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value or interval_field_overflow then
    return format('`%s` is no such %s', given, lower(definition ->> 'type'));
end;
$$;

comment on function reprise_engine.check_time_input is
  'Checks a DATETIME, DATE, TIME or DURATION input with its limits. Tells the problem, or null.';
