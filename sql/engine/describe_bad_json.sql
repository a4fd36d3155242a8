create or replace function reprise_engine.describe_bad_json(given text)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_detail text;
begin
  if btrim(given, E' \t\n\r') = '' then
    return 'No content to map due to end-of-input';
  end if;
  perform given::jsonb;
  return null;
exception
  when others then
    get stacked diagnostics v_detail = pg_exception_detail;
    return format('it must be valid JSON: %s', coalesce(nullif(v_detail, ''), sqlerrm));
end;
$$;

comment on function reprise_engine.describe_bad_json is 'What is wrong with a text that should be JSON; null if nothing is.';
