create or replace function reprise_engine.check_inputs(definitions json, given json, noun text default 'input')
returns json
language plpgsql stable
set search_path = ''
as $$
declare
  v_definition jsonb;
  v_defaults json;
  v_path text[];
  v_value json;
  v_checked record;
  v_inputs json := '{}';
  v_problems jsonb := '[]';
begin
  if json_typeof(given) is distinct from 'object' then
    raise exception 'Inputs are a JSON object, not %.', coalesce(json_typeof(given), 'null')
      using errcode = 'RP400', detail = 'malformed_inputs', hint = 'Give them as {"ID": VALUE, …}.';
  end if;

  if given::text <> '{}' then
    v_problems := to_jsonb(reprise_engine.find_unknown_inputs(definitions, given, ''));
  end if;

  for v_definition, v_defaults in
    select case when noun = 'output' then d::jsonb || '{"isOutput": true}' else d::jsonb end as looked_at, d -> 'defaults' as defaults
    from json_array_elements(coalesce(definitions, '[]')) as each (d)
  loop
    v_path := string_to_array(v_definition ->> 'id', '.');
    v_value := reprise_engine.unless_null(coalesce(given -> (v_definition ->> 'id'), given #> v_path));

    if v_value is null and ((v_definition ->> 'isTemplated')::boolean or (v_definition ->> 'isDeferred')::boolean) then
      continue; -- A worker renders the default, or finds out whether there is to be a value.
    elsif (v_definition ->> 'isDeferred')::boolean then
      v_inputs := reprise_engine.set_nested(v_inputs, v_path, v_value);
      continue; -- As it is: only a worker knows what it may be.
    end if;
    v_value := coalesce(v_value, reprise_engine.unless_null(v_defaults));

    if v_value is not null then
      select * into v_checked from reprise_engine.check_input(v_definition, v_value);
      v_value := v_checked.value;
      if v_checked.problem is not null then
        v_problems := v_problems || jsonb_build_object(
          'path', v_definition -> 'id', 'code', 'invalid_' || noun, 'message',
          format('Invalid value for %s `%s`. Cause: %s', noun, v_definition ->> 'id', v_checked.problem)
        );
        continue;
      end if;
    elsif coalesce((v_definition ->> 'required')::boolean, true) then
      v_problems := v_problems || jsonb_build_object(
        'path', v_definition -> 'id', 'code', 'missing_' || noun, 'message', format('Missing required %s:%s', noun, v_definition ->> 'id')
      );
      continue;
    end if;

    v_inputs := reprise_engine.set_nested(v_inputs, v_path, coalesce(v_value, 'null'));
  end loop;

  if v_problems <> '[]' then
    perform reprise_engine.refuse_inputs(v_problems, noun);
  end if;
  return v_inputs;
end;
$$;

comment on function reprise_engine.check_inputs is
  'Checks given inputs against their definitions and returns them complete: texts converted to their types, constant defaults filled '
  'in. Inputs whose default needs a template stay out until a worker has rendered them, and those that depend on others stay as they are given. '
  'Raises RP422 naming every fault at once. Outputs are checked alike: noun is what they are called then.';
