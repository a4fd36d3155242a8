create or replace function reprise_engine.hide_secrets(definitions jsonb, given jsonb)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  c_hidden constant jsonb := '{"type": "io.kestra.datatype:aes_encrypted", "value": "hidden"}';
  v_definition jsonb;
  v_path text[];
begin
  for v_definition in
    select d from jsonb_array_elements(coalesce(definitions, '[]')) as each (d) where d ->> 'type' = 'SECRET' and jsonb_typeof(given) = 'object'
  loop
    v_path := string_to_array(v_definition ->> 'id', '.');
    if jsonb_typeof(given -> (v_definition ->> 'id')) in ('string', 'number', 'boolean') then
      given := jsonb_set(given, array[v_definition ->> 'id'], c_hidden);
    elsif jsonb_typeof(given #> v_path) in ('string', 'number', 'boolean') then
      given := jsonb_set(given, v_path, c_hidden);
    end if;
  end loop;
  return given;
end;
$$;

comment on function reprise_engine.hide_secrets is
  'Given inputs with something in place of the secrets that are given in the clear, for a plan, in which nothing is encrypted and nothing stored.';
