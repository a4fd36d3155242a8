create or replace function reprise_engine.found_definitions(definitions json, given json)
returns json
language sql immutable
set search_path = ''
as $$
  select json_agg(
    case
      when reprise_engine.unless_null(
        coalesce(found_definitions.given -> (i.input ->> 'id'), found_definitions.given #> string_to_array(i.input ->> 'id', '.'))
      ) is not null then reprise_engine.leave_out(i.input, '{isDeferred}')
      else i.input
    end
    order by i.place
  )
  from json_array_elements(found_definitions.definitions) with ordinality as i (input, place);
$$;

comment on function reprise_engine.found_definitions is
  'Definitions of inputs as they are once somebody has found out what depends on others: what is there is to be of its type.';
