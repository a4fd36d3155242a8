create or replace function reprise_engine.find_stale_inputs(
  definitions json,
  defaulted text[],
  changed_inputs text[],
  changed_variables text[]
)
returns text[]
language plpgsql immutable
set search_path = ''
as $$
declare
  v_stale text[] := '{}';
  v_more text[];
begin
  loop
    select array_agg(d.id order by d.place) into v_more
    from (
      select
        i.input ->> 'id' as id, i.place,
        -- A revision that was saved before that was written down still says what it depends on.
        coalesce((i.input -> 'reads')::jsonb, jsonb_build_object('inputs', coalesce((i.input #> '{dependsOn,inputs}')::jsonb, '[]'))) as reads
      from json_array_elements(find_stale_inputs.definitions) with ordinality as i (input, place)
    ) as d
    where d.id = any (find_stale_inputs.defaulted) and d.id <> all (v_stale)
      and (
        d.reads -> 'variables' ?| find_stale_inputs.changed_variables
        or exists (
          select
          from unnest(find_stale_inputs.changed_inputs || v_stale) as c (id)
          where c.id <> d.id and reprise_engine.reads_input(d.reads, c.id)
        )
      );
    exit when v_more is null;
    v_stale := v_stale || v_more;
  end loop;
  return v_stale;
end;
$$;

comment on function reprise_engine.find_stale_inputs is
  'Of inputs whose values were made of their defaults, those whose defaults read, directly or through others of them, an input or a variable '
  'that has changed.';
