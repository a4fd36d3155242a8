create or replace function reprise_engine.asks_checks(original reprise.executions, revision reprise.flow_revisions, inputs json)
returns boolean
language sql stable
set search_path = ''
as $$
  -- Otherwise it was let in with its original.
  select (asks_checks.revision).definition -> 'checks' is not null and (
    asks_checks.inputs::jsonb is distinct from (asks_checks.original).inputs::jsonb
    or ((asks_checks.revision).definition -> 'checks')::jsonb is distinct from (
      select (r.definition -> 'checks')::jsonb
      from reprise.flow_revisions as r
      where r.namespace = (asks_checks.original).namespace and r.flow_id = (asks_checks.original).flow_id
        and r.revision = (asks_checks.original).flow_revision
    )
  );
$$;

comment on function reprise_engine.asks_checks is
  'Whether the checks of a flow are asked before an execution is replayed on a revision of it, with these inputs: where the inputs are not those '
  'that it had, or the checks not those that it was held to.';
