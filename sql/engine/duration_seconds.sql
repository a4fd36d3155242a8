create or replace function reprise_engine.duration_seconds(written text)
returns numeric
language plpgsql immutable
set search_path = ''
as $$
declare
  v_parts text[] := regexp_match(
    written,
    '^([-+]?)P(?:([-+]?\d{1,12})D)?(?:T(?=[-+\d])(?:([-+]?\d{1,15})H)?(?:([-+]?\d{1,15})M)?(?:([-+]?\d{1,15})(?:[.,](\d{0,9}))?S)?)?$', 'i'
  );
  v_seconds numeric;
begin
  if written ~ '^\d{1,12}(\.\d{1,9})?$' then
    return written::numeric; -- Flows may write a number of seconds.
  end if;
  if v_parts is null or (v_parts[2] is null and v_parts[3] is null and v_parts[4] is null and v_parts[5] is null) then
    return null;
  end if;
  v_seconds := coalesce(v_parts[2]::numeric, 0) * 86400 + coalesce(v_parts[3]::numeric, 0) * 3600 + coalesce(v_parts[4]::numeric, 0) * 60
    + coalesce(v_parts[5]::numeric, 0)
    + case when v_parts[5] like '-%' then -1 else 1 end * coalesce(('0.' || nullif(v_parts[6], ''))::numeric, 0);
  return case when v_parts[1] = '-' then -v_seconds else v_seconds end;
end;
$$;

comment on function reprise_engine.duration_seconds is
  'How many seconds a duration of days, hours, minutes and seconds has, as ISO 8601 writes it; null for anything else.';
