create or replace function reprise_engine.canonical_time(type text, given text)
returns text
language plpgsql stable
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_fraction text := coalesce(substring(given from '\.(\d*)'), '');
begin
  case type
    when 'DATE' then
      return given;
    when 'TIME' then
      return to_char(split_part(given, '.', 1)::time, 'HH24:MI:SS') || coalesce('.' || nullif(rtrim(v_fraction, '0'), ''), '');
    else
      -- In thousands: no digits, or three, six, nine.
      v_fraction := rtrim(v_fraction, '0');
      v_fraction := rpad(v_fraction, (length(v_fraction) + 2) / 3 * 3, '0');
      return to_char(regexp_replace(given, '\.\d*', '')::timestamptz, 'YYYY-MM-DD"T"HH24:MI:SS')
        || coalesce('.' || nullif(v_fraction, ''), '') || 'Z';
  end case;
end;
$$;

comment on function reprise_engine.canonical_time is
  'A DATE, TIME or DATETIME as templates read it: a DATETIME in UTC, a TIME with seconds. The text is one without faults.';
