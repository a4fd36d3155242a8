create or replace function reprise_engine.parse_path(written text)
returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  if written is json array then
    return array(select jsonb_array_elements_text(written::jsonb));
  elsif written ~ '^\[\s*''[^'']*''(\s*,\s*''[^'']*'')*\s*\]$' then
    -- As templates write them: a['x'].
    return array(select v.parts[1] from regexp_matches(written, '''([^'']*)''', 'g') with ordinality as v (parts, place) order by v.place);
  elsif written ~ '^\[[^][{}"'']+\]$' then
    -- As task runs are shown: a[x, y].
    return regexp_split_to_array(btrim(btrim(written, '[]')), '\s*,\s*');
  end if;
  return null;
end;
$$;

comment on function reprise_engine.parse_path is
  'The values of the loops around a task, outermost first, from ["VALUE", …], [''VALUE'', …], or [VALUE, …] where none of them needs quotes; null for anything else.';
