create or replace function reprise_engine.open_forms(definitions json, given json, prefix text default '')
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  v_key text;
  v_value json;
begin
  for v_key, v_value in
    select g.key, g.value
    from json_each(given) as g
    where (json_typeof(g.value) = 'object' or (g.value #>> '{}') is json object)
      and exists (select from json_array_elements(definitions) as each (d) where starts_with(d ->> 'id', prefix || g.key || '.'))
      and not exists (select from json_array_elements(definitions) as each (d) where d ->> 'id' = prefix || g.key)
  loop
    if json_typeof(v_value) = 'string' then
      v_value := reprise_engine.clean_json((v_value #>> '{}')::json);
    end if;
    given := reprise_engine.lay_over(
      given, json_build_object(v_key, reprise_engine.open_forms(definitions, v_value, prefix || v_key || '.'))
    );
  end loop;
  return given;
end;
$$;

comment on function reprise_engine.open_forms is
  'Given inputs with the objects in place of texts that hold them, where ids nest: -i ''form={"city": "Paris"}'' of a command line.';
