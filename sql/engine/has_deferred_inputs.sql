create or replace function reprise_engine.has_deferred_inputs(definitions jsonb)
returns boolean
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select coalesce(has_deferred_inputs.definitions @> '[{"isDeferred": true}]', false);
$$;

comment on function reprise_engine.has_deferred_inputs is 'Whether only a worker can tell what some of these inputs may be.';
