create or replace function reprise_engine.merge_deep(base json, over json)
returns json
language sql immutable
set search_path = ''
as $$
  select case
    when merge_deep.over is null or json_typeof(merge_deep.over) = 'null' then coalesce(merge_deep.base, merge_deep.over)
    when json_typeof(merge_deep.base) = 'object' and json_typeof(merge_deep.over) = 'object'
      -- A secret is one value.
      and 'io.kestra.datatype:aes_encrypted' not in (coalesce(merge_deep.base ->> 'type', ''), coalesce(merge_deep.over ->> 'type', '')) then (
      select reprise_engine.build_object(array_agg(m.key order by m.is_new, m.place), array_agg(m.value order by m.is_new, m.place))
      from (
        select
          coalesce(b.key, o.key) as key, reprise_engine.merge_deep(b.value, o.value) as value, b.key is null as is_new,
          coalesce(b.place, o.place) as place
        from json_each(merge_deep.base) with ordinality as b (key, value, place)
        full join json_each(merge_deep.over) with ordinality as o (key, value, place) on o.key = b.key
      ) as m
    )
    when json_typeof(merge_deep.base) = 'array' and json_typeof(merge_deep.over) = 'array' then (
      select coalesce(json_agg(i.value order by i.is_new, i.place), '[]')
      from (
        select b.value, false as is_new, b.place from json_array_elements(merge_deep.base) with ordinality as b (value, place)
        union all
        select o.value, true, o.place
        from json_array_elements(merge_deep.over) with ordinality as o (value, place)
        where not exists (select from json_array_elements(merge_deep.base) as b where b.value::jsonb = o.value::jsonb)
      ) as i
    )
    else merge_deep.over
  end;
$$;

comment on function reprise_engine.merge_deep is
  'Merges a document into another: maps key by key, in their place or behind the others, lists one behind the other without what is there '
  'already, and else what is merged in counts, unless it is null.';
