create or replace function reprise_engine.unsealed_definitions(definitions json)
returns json
language sql immutable
set search_path = ''
as $$
  select json_agg(
    case
      when i.input ->> 'type' = 'SECRET' then reprise_engine.lay_over(reprise_engine.leave_out(i.input, '{validator}'), '{"type": "STRING"}')
      else i.input
    end
    order by i.place
  )
  from json_array_elements(unsealed_definitions.definitions) with ordinality as i (input, place);
$$;

comment on function reprise_engine.unsealed_definitions is
  'Definitions of inputs as they are for whoever looks at secrets before they are encrypted: texts, about which nothing is to be said yet.';
