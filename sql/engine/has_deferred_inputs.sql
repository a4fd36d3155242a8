create or replace function reprise_engine.has_deferred_inputs(definitions json)
returns boolean
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    when has_deferred_inputs.definitions::text like '%"isDeferred"%' then has_deferred_inputs.definitions::jsonb @> '[{"isDeferred": true}]'
    else false
  end;
$$;

comment on function reprise_engine.has_deferred_inputs is 'Whether only a worker can tell what some of these inputs may be.';
