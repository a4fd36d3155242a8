create or replace function reprise_engine.merge_deep(base jsonb, over jsonb)
returns jsonb
language sql immutable
set search_path = ''
as $$
  select case
    when merge_deep.over is null or merge_deep.over = 'null' then coalesce(merge_deep.base, merge_deep.over)
    when jsonb_typeof(merge_deep.base) = 'object' and jsonb_typeof(merge_deep.over) = 'object'
      -- A secret is one value.
      and 'io.kestra.datatype:aes_encrypted' not in (coalesce(merge_deep.base ->> 'type', ''), coalesce(merge_deep.over ->> 'type', '')) then (
      select coalesce(jsonb_object_agg(coalesce(b.key, o.key), reprise_engine.merge_deep(b.value, o.value)), '{}')
      from jsonb_each(merge_deep.base) as b
      full join jsonb_each(merge_deep.over) as o on o.key = b.key
    )
    when jsonb_typeof(merge_deep.base) = 'array' and jsonb_typeof(merge_deep.over) = 'array' then merge_deep.base || (
      select coalesce(jsonb_agg(o.value order by o.place), '[]')
      from jsonb_array_elements(merge_deep.over) with ordinality as o (value, place)
      where not exists (select from jsonb_array_elements(merge_deep.base) as b where b.value = o.value)
    )
    else merge_deep.over
  end;
$$;

comment on function reprise_engine.merge_deep is
  'Merges a document into another: maps key by key, lists one behind the other without what is there already, and else what is merged in '
  'counts, unless it is null.';
