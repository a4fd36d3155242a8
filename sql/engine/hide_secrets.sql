create or replace function reprise_engine.hide_secrets(definitions json, given json)
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  c_hidden constant json := '{"type": "io.kestra.datatype:aes_encrypted", "value": "hidden"}';
  v_definition json;
  v_path text[];
begin
  for v_definition in
    select d from json_array_elements(coalesce(definitions, '[]')) as each (d) where d ->> 'type' = 'SECRET' and json_typeof(given) = 'object'
  loop
    v_path := string_to_array(v_definition ->> 'id', '.');
    if json_typeof(given -> (v_definition ->> 'id')) in ('string', 'number', 'boolean') then
      given := reprise_engine.set_nested(given, array[v_definition ->> 'id'], c_hidden);
    elsif json_typeof(given #> v_path) in ('string', 'number', 'boolean') then
      given := reprise_engine.set_nested(given, v_path, c_hidden);
    end if;
  end loop;
  return given;
end;
$$;

comment on function reprise_engine.hide_secrets is
  'Given inputs with something in place of the secrets that are given in the clear, for a plan, in which nothing is encrypted and nothing stored.';
