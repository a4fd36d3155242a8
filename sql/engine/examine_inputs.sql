create or replace function reprise_engine.examine_inputs(
  definitions json,
  given json,
  noun text default 'input',
  may_be_sealed boolean default true,
  out inputs json,
  out problems jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_definition jsonb;
  v_defaults json;
  v_path text[];
  v_value json;
  v_given json;
  v_checked record;
begin
  if json_typeof(given) is distinct from 'object' then
    raise exception 'Inputs are a JSON object, not %.', coalesce(json_typeof(given), 'null')
      using errcode = 'RP400', detail = 'malformed_inputs', hint = 'Give them as {"ID": VALUE, …}.';
  end if;

  inputs := '{}';
  problems := '[]';
  if given::text <> '{}' then
    given := reprise_engine.open_forms(definitions, given);
    problems := to_jsonb(reprise_engine.find_unknown_inputs(definitions, given, ''));
    if not may_be_sealed then
      problems := problems || reprise_engine.find_forged_inputs(definitions, given);
    end if;
  end if;

  for v_definition, v_defaults in
    select case when noun = 'output' then d::jsonb || '{"isOutput": true}' else d::jsonb end as looked_at, d -> 'defaults' as defaults
    from json_array_elements(coalesce(definitions, '[]')) as each (d)
  loop
    v_path := string_to_array(v_definition ->> 'id', '.');
    v_value := reprise_engine.unless_null(coalesce(given -> (v_definition ->> 'id'), given #> v_path));

    if v_value is null and ((v_definition ->> 'isTemplated')::boolean or (v_definition ->> 'isDeferred')::boolean) then
      continue; -- A worker renders the default, or finds out whether there is to be a value.
    -- A secret is looked at whatever it depends on: nothing that is to be one is stored unless it is encrypted.
    elsif (v_definition ->> 'isDeferred')::boolean and v_definition ->> 'type' is distinct from 'SECRET' then
      inputs := reprise_engine.set_nested(inputs, v_path, v_value);
      continue; -- As it is: only a worker knows what it may be.
    end if;
    v_value := coalesce(v_value, reprise_engine.unless_null(v_defaults));

    if v_value is not null then
      v_given := v_value;
      select * into v_checked from reprise_engine.check_input(v_definition, v_given);
      v_value := v_checked.value;
      if v_checked.problem is not null then
        problems := problems || jsonb_strip_nulls(jsonb_build_object(
          'path', v_definition -> 'id', 'code', 'invalid_' || noun, 'message',
          format('Invalid value for %s `%s`. Cause: %s', noun, v_definition ->> 'id', v_checked.problem),
          'hint', reprise_engine.describe_form(v_definition, v_given)
        ));
        continue;
      end if;
    elsif coalesce((v_definition ->> 'required')::boolean, true) then
      problems := problems || jsonb_build_object(
        'path', v_definition -> 'id', 'code', 'missing_' || noun, 'message', format('Missing required %s:%s', noun, v_definition ->> 'id')
      );
      continue;
    end if;

    inputs := reprise_engine.set_nested(inputs, v_path, coalesce(v_value, 'null'));
  end loop;
end;
$$;

comment on function reprise_engine.examine_inputs is
  'Checks given inputs against their definitions: gives those that are right, texts converted to their types and constant defaults filled '
  'in, and what is wrong with the others: [{"path", "code", "message", "hint"}]. Inputs whose default needs a template stay out until a worker has '
  'rendered them, and those that depend on others stay as they are given. may_be_sealed: whether more may be encrypted than SECRETs, as is so '
  'of what comes from another execution. Outputs are checked alike: noun is what they are called then.';
