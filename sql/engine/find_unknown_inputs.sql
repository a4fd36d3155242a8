create or replace function reprise_engine.find_unknown_inputs(definitions json, given json, prefix text)
returns jsonb[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(problem.problem order by problem.problem ->> 'path'), '{}')
  from (
    select
      case
        when exists (
          select
          from json_array_elements(find_unknown_inputs.definitions) as d (definition)
          where d.definition ->> 'id' = find_unknown_inputs.prefix || g.key
        ) then '{}'::jsonb[]
        when json_typeof(g.value) = 'object' and exists (
          select
          from json_array_elements(find_unknown_inputs.definitions) as d (definition)
          where starts_with(d.definition ->> 'id', find_unknown_inputs.prefix || g.key || '.')
        ) then reprise_engine.find_unknown_inputs(
          find_unknown_inputs.definitions, g.value, find_unknown_inputs.prefix || g.key || '.'
        )
        else array[jsonb_strip_nulls(jsonb_build_object(
          'path', find_unknown_inputs.prefix || g.key, 'code', 'unknown_input', 'message',
          format('Unknown input `%s`.', find_unknown_inputs.prefix || g.key),
          'hint', (
            select format('`%s` is a form: give %s.', find_unknown_inputs.prefix || g.key, string_agg(format('`%s`', f.id), ', ' order by f.place))
            from (
              select d.definition ->> 'id' as id, d.place
              from json_array_elements(find_unknown_inputs.definitions) with ordinality as d (definition, place)
              where starts_with(d.definition ->> 'id', find_unknown_inputs.prefix || g.key || '.')
            ) as f
            having count(*) > 0
          )
        ))]
      end as problems
    from json_each(find_unknown_inputs.given) as g
  ) as found
  cross join lateral unnest(found.problems) as problem (problem);
$$;

comment on function reprise_engine.find_unknown_inputs is 'The fault of each given input that the flow does not define; dotted ids may be given nested. Of a form it names the fields.';
