create or replace function reprise_engine.print_given(definitions json, given json, prefix text default '')
returns json
language sql immutable
set search_path = ''
as $$
  select reprise_engine.build_object(
    array_agg(g.key order by g.place),
    array_agg(
      case
        when d.wants_text and json_typeof(g.value) in ('array', 'object') and not reprise_engine.holds_sealed(g.value) then to_json(g.value::text)
        when d.wants_text is null and json_typeof(g.value) = 'object' and exists (
          select
          from json_array_elements(print_given.definitions) as inner_d (definition)
          where starts_with(inner_d.definition ->> 'id', print_given.prefix || g.key || '.')
        ) then reprise_engine.print_given(print_given.definitions, g.value, print_given.prefix || g.key || '.')
        else g.value
      end
      order by g.place
    )
  )
  from json_each(print_given.given) with ordinality as g (key, value, place)
  left join lateral (
    select each.definition ->> 'type' in ('STRING', 'SELECT', 'ENUM') as wants_text
    from json_array_elements(print_given.definitions) as each (definition)
    where each.definition ->> 'id' = print_given.prefix || g.key
    limit 1
  ) as d on true;
$$;

comment on function reprise_engine.print_given is
  'What a task gives to the inputs of another flow, with the JSON of a list or a map where a text is wanted, as in any text that a template '
  'makes; dotted ids may be given nested. What a secret stands in is left as it is.';
