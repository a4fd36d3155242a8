create or replace function reprise_engine.parse_path(written text)
returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  if written is json array then
    return array(select jsonb_array_elements_text(written::jsonb));
  elsif written ~ '^\[[^][{}"]+\]$' then
    -- As task runs are shown: a[x, y].
    return regexp_split_to_array(btrim(btrim(written, '[]')), '\s*,\s*');
  end if;
  return null;
end;
$$;

comment on function reprise_engine.parse_path is
  'The values of the loops around a task, outermost first, from ["VALUE", …], or [VALUE, …] where none of them needs quotes; null for anything else.';
