create or replace function reprise_engine.print_given(definitions json, given json)
returns json
language sql immutable
set search_path = ''
as $$
  select reprise_engine.build_object(
    array_agg(g.key order by g.place),
    array_agg(
      case
        when json_typeof(g.value) in ('array', 'object') and d.wants_text and not reprise_engine.holds_sealed(g.value) then to_json(g.value::text)
        else g.value
      end
      order by g.place
    )
  )
  from json_each(print_given.given) with ordinality as g (key, value, place)
  left join lateral (
    select true as wants_text
    from json_array_elements(print_given.definitions) as d (definition)
    where d.definition ->> 'id' = g.key and d.definition ->> 'type' in ('STRING', 'SELECT', 'ENUM')
    limit 1
  ) as d on true;
$$;

comment on function reprise_engine.print_given is
  'What a task gives to the inputs of another flow, with the JSON of a list or a map where a text is wanted, as in any text that a template '
  'makes. What a secret stands in is left as it is.';
