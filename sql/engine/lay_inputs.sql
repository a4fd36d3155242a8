create or replace function reprise_engine.lay_inputs(definitions json, kept json, given json, dropped text[] default '{}')
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  v_definition json;
  v_id text;
  v_path text[];
  v_laid json := given;
begin
  for v_definition in select d from json_array_elements(coalesce(definitions, '[]')) as each (d) loop
    v_id := v_definition ->> 'id';
    v_path := string_to_array(v_id, '.');
    if kept #> v_path is not null and v_id <> all (dropped) and v_laid -> v_id is null and v_laid #> v_path is null
      -- What is given in the place of a group of them is a fault of its own.
      and not exists (select from generate_series(1, cardinality(v_path) - 1) as depth (depth) where json_typeof(v_laid #> v_path[:depth]) <> 'object')
    then
      v_laid := reprise_engine.set_nested(v_laid, v_path, kept #> v_path);
    end if;
  end loop;
  return v_laid;
end;
$$;

comment on function reprise_engine.lay_inputs is
  'Given inputs with those beside them that an execution had and these definitions know, but for those that are dropped.';
