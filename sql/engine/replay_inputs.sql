create or replace function reprise_engine.replay_inputs(
  definitions json,
  kept json,
  given json,
  out inputs json,
  out problems reprise.replay_problem[]
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_definition json;
  v_id text;
  v_path text[];
  v_value json;
  v_checkable json[] := '{}';
  v_merged json := coalesce(given, '{}');
begin
  problems := '{}';
  if json_typeof(v_merged) <> 'object' then
    raise exception 'Inputs are a JSON object, not %.', json_typeof(v_merged)
      using errcode = 'RP400', detail = 'malformed_inputs', hint = 'Give them as {"ID": VALUE, …}.';
  end if;

  for v_definition in select d from json_array_elements(coalesce(definitions, '[]')) as each (d) loop
    v_id := v_definition ->> 'id';
    v_path := string_to_array(v_id, '.');
    v_value := coalesce(v_merged -> v_id, v_merged #> v_path, kept #> v_path);

    if reprise_engine.unless_null(v_value) is null and coalesce((v_definition ->> 'required')::boolean, true)
      and not coalesce((v_definition ->> 'isTemplated')::boolean, false)
      and not coalesce((v_definition ->> 'isDeferred')::boolean, false)
      and reprise_engine.unless_null(v_definition -> 'defaults') is null
    then
      problems := problems || row(
        'missing_input', format('The target revision requires input `%s`, and it has no value: give one.', v_id), null, true
      )::reprise.replay_problem;
      v_checkable := array_append(v_checkable, reprise_engine.lay_over(v_definition, '{"required": false}'));
    else
      v_checkable := array_append(v_checkable, v_definition);
      if v_value is not null and v_merged -> v_id is null and v_merged #> v_path is null then
        v_merged := reprise_engine.set_nested(v_merged, v_path, v_value);
      end if;
    end if;
  end loop;

  inputs := reprise_engine.check_inputs(array_to_json(v_checkable), v_merged);
exception
  when sqlstate 'RP422' then
    problems := problems || row('invalid_inputs', sqlerrm, null, true)::reprise.replay_problem;
end;
$$;

comment on function reprise_engine.replay_inputs is
  'The inputs of a replay: those of the original as far as the target revision defines them, with the given ones laid over, checked. What is '
  'missing or wrong comes as blocking problems.';
