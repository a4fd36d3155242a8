create or replace function reprise_engine.set_nested(document json, path text[], value json)
returns json
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    -- What is new is written behind the others, without taking these apart.
    when cardinality(set_nested.path) = 1 and json_typeof(set_nested.document) = 'object' and set_nested.document -> set_nested.path[1] is null then (
      left(rtrim(set_nested.document::text, E' \t\n\r'), -1) || case when set_nested.document::text ~ '^\s*\{\s*\}\s*$' then '' else ', ' end
        || to_json(set_nested.path[1])::text || ': ' || set_nested.value::text || '}'
    )::json
    else reprise_engine.lay_over(
      case when json_typeof(set_nested.document) = 'object' then set_nested.document else '{}' end,
      json_build_object(
        set_nested.path[1],
        case
          when cardinality(set_nested.path) = 1 then set_nested.value
          else reprise_engine.set_nested(coalesce(set_nested.document -> set_nested.path[1], '{}'), set_nested.path[2:], set_nested.value)
        end
      )
    )
  end;
$$;

comment on function reprise_engine.set_nested is 'Sets a value deep in a document, making the objects on the way, also in the place of what is none.';
