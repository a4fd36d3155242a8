create or replace function reprise_engine.parse_path(written text)
returns text[]
language sql immutable
set search_path = ''
as $$
  select case
    when parse_path.written is json array then array(select jsonb_array_elements_text(parse_path.written::jsonb))
    -- As task runs are shown: a[x, y].
    when parse_path.written ~ '^\[[^][{}"]+\]$' then regexp_split_to_array(btrim(btrim(parse_path.written, '[]')), '\s*,\s*')
  end;
$$;

comment on function reprise_engine.parse_path is
  'The values of the loops around a task, outermost first, from ["VALUE", …], or [VALUE, …] where none of them needs quotes; null for anything else.';
