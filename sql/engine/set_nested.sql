create or replace function reprise_engine.set_nested(document json, path text[], value json)
returns json
language sql immutable
set search_path = ''
as $$
  select reprise_engine.lay_over(
    set_nested.document,
    json_build_object(
      set_nested.path[1],
      case
        when cardinality(set_nested.path) = 1 then set_nested.value
        else reprise_engine.set_nested(coalesce(set_nested.document -> set_nested.path[1], '{}'), set_nested.path[2:], set_nested.value)
      end
    )
  );
$$;

comment on function reprise_engine.set_nested is 'Sets a value deep in a document, making the objects on the way.';
