create or replace function reprise_engine.set_nested(document jsonb, path text[], value jsonb)
returns jsonb
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    when cardinality(set_nested.path) = 1 then set_nested.document || jsonb_build_object(set_nested.path[1], set_nested.value)
    else set_nested.document || jsonb_build_object(
      set_nested.path[1],
      reprise_engine.set_nested(coalesce(set_nested.document -> set_nested.path[1], '{}'), set_nested.path[2:], set_nested.value)
    )
  end;
$$;

comment on function reprise_engine.set_nested is 'Sets a value deep in a document, making the objects on the way.';
