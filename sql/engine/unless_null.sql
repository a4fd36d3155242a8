create or replace function reprise_engine.unless_null(document json)
returns json
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case when json_typeof(unless_null.document) <> 'null' then unless_null.document end;
$$;

comment on function reprise_engine.unless_null is 'The document, unless it is JSON''s null, which says no more than nothing at all.';
