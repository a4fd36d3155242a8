create or replace function reprise_engine.remove_nested(document json, path text[])
returns json
language sql immutable
set search_path = ''
as $$
  select case
    when json_typeof(remove_nested.document) is distinct from 'object' or remove_nested.document -> remove_nested.path[1] is null
      then remove_nested.document
    when cardinality(remove_nested.path) = 1 then reprise_engine.leave_out(remove_nested.document, remove_nested.path)
    else reprise_engine.lay_over(
      remove_nested.document,
      json_build_object(
        remove_nested.path[1], reprise_engine.remove_nested(remove_nested.document -> remove_nested.path[1], remove_nested.path[2:])
      )
    )
  end;
$$;

comment on function reprise_engine.remove_nested is 'A document without what stands deep in it, under the keys of a path. What is not there is not missed.';
