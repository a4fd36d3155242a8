create or replace function reprise_engine.replay_inputs(
  original reprise.executions,
  definition json,
  given json,
  out inputs json,
  out problems reprise.replay_problem[],
  out right_inputs json,
  out wrong_ids text[]
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_definitions json := coalesce(definition -> 'inputs', '[]');
  v_given json := coalesce(given, '{}');
  v_found record;
  v_changed text[];
  v_variables text[] := '{}';
  v_stale text[] := '{}';
  v_nothing text[];
begin
  if json_typeof(v_given) <> 'object' then
    raise exception 'Inputs are a JSON object, not %.', json_typeof(v_given)
      using errcode = 'RP400', detail = 'malformed_inputs', hint = 'Give them as {"ID": VALUE, …}.';
  end if;

  select * into v_found
  from reprise_engine.examine_inputs(v_definitions, reprise_engine.lay_inputs(v_definitions, original.inputs, v_given));

  if original.defaulted_inputs <> '{}' then
    select coalesce(array_agg(i.input ->> 'id'), '{}') into v_changed
    from json_array_elements(v_definitions) as i (input)
    cross join lateral (select string_to_array(i.input ->> 'id', '.') as path) as of
    where (v_found.inputs #> of.path)::jsonb is distinct from (original.inputs #> of.path)::jsonb;
    select coalesce(array_agg(coalesce(new.key, old.key)), '{}') into v_variables
    from json_each(definition -> 'variables') as new
    full join (
      select v.*
      from reprise.flow_revisions as r
      cross join json_each(r.definition -> 'variables') as v
      where r.namespace = original.namespace and r.flow_id = original.flow_id and r.revision = original.flow_revision
    ) as old on old.key = new.key
    where new.value::jsonb is distinct from old.value::jsonb;
    v_stale := reprise_engine.find_stale_inputs(
      v_definitions, array(select d.id from unnest(original.defaulted_inputs) as d (id) where d.id <> all (v_changed)), v_changed, v_variables
    );
    if v_stale <> '{}' then
      select * into v_found
      from reprise_engine.examine_inputs(v_definitions, reprise_engine.lay_inputs(v_definitions, original.inputs, v_given, v_stale));
    end if;
  end if;

  -- What a worker found to have no value has none, and is not asked for again.
  for v_nothing in
    select of.path
    from json_array_elements(v_definitions) as i (input)
    cross join lateral (select string_to_array(i.input ->> 'id', '.') as path) as of
    where ((i.input ->> 'isTemplated')::boolean or (i.input ->> 'isDeferred')::boolean)
      and json_typeof(original.inputs #> of.path) = 'null' and v_found.inputs #> of.path is null
      and v_given -> (i.input ->> 'id') is null and v_given #> of.path is null
  loop
    v_found.inputs := reprise_engine.set_nested(v_found.inputs, v_nothing, 'null');
  end loop;

  v_found.problems := v_found.problems || reprise_engine.find_forged_inputs(v_definitions, v_given);
  right_inputs := v_found.inputs;
  wrong_ids := array(select p.problem ->> 'path' from jsonb_array_elements(v_found.problems) as p (problem));
  select
    case when coalesce(bool_and(p.problem ->> 'code' = 'missing_input'), true) then v_found.inputs end,
    coalesce(array_agg(
      case p.problem ->> 'code'
        when 'missing_input' then row(
          'missing_input', format('The target revision requires input `%s`, and it has no value: give one.', p.problem ->> 'path'), null, true
        )::reprise.replay_problem
        -- A problem of a plan has no hint of its own.
        else row('invalid_inputs', coalesce(rtrim(p.problem ->> 'message', '.') || '. ' || (p.problem ->> 'hint'), p.problem ->> 'message'), null, true)::reprise.replay_problem
      end
      order by p.place
    ), '{}')
  into inputs, problems
  from jsonb_array_elements(v_found.problems) with ordinality as p (problem, place);

  problems := problems || array(
    select row('defaults_rendered_anew', format('The default of `%s` is rendered anew, since what it reads has changed.', s.id), null, false)::reprise.replay_problem
    from unnest(v_stale) as s (id)
  );
end;
$$;

comment on function reprise_engine.replay_inputs is
  'The inputs of a replay: those of the original as far as the target revision defines them, with the given ones laid over, checked. Of those '
  'that were not given, and whose defaults read what has changed, there are none: a worker renders them. What is missing or wrong comes as blocking problems; '
  'right_inputs has the others then.';
