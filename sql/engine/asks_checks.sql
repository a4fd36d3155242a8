create or replace function reprise_engine.asks_checks(original reprise.executions, revision reprise.flow_revisions, inputs json)
returns boolean
language sql stable
set search_path = ''
as $$
  select (asks_checks.revision).definition -> 'checks' is not null and (
    asks_checks.inputs::jsonb is distinct from (asks_checks.original).inputs::jsonb
    or ((asks_checks.revision).definition -> 'checks')::jsonb is distinct from (
      select (r.definition -> 'checks')::jsonb
      from reprise.flow_revisions as r
      where r.namespace = (asks_checks.original).namespace and r.flow_id = (asks_checks.original).flow_id
        and r.revision = (asks_checks.original).flow_revision
    )
    -- Otherwise it was let in with its original, if that was.
    or coalesce((asks_checks.original).error ->> 'reason' in ('check_failed', 'execution_blocked'), false)
    or not (asks_checks.original).is_checked and not exists (
      select
      from reprise.task_runs as r
      join reprise.tasks as t on t.key = r.task_key and t.kind = 'DEFAULTS'
      where r.execution_id = (asks_checks.original).id and r.parent_id is null and r.state = 'SUCCESS'
    )
  );
$$;

comment on function reprise_engine.asks_checks is
  'Whether the checks of a flow are asked before an execution is replayed on a revision of it, with these inputs: where the inputs are not those '
  'that it had, or the checks not those that it was held to, or they have not let it in.';
