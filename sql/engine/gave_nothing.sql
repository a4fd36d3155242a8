create or replace function reprise_engine.gave_nothing(task_run_id bigint, attempt_number integer, namespace text, flow_id text)
returns boolean
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select
    exists (
      select
      from (
        select s.execution_id, s.outputs
        from reprise.subflows as s
        where s.task_run_id = gave_nothing.task_run_id and s.attempt_number = gave_nothing.attempt_number
        offset 0
      ) as s
      cross join lateral (select * from reprise.executions as x where x.id = s.execution_id offset 0) as x
      where x.purged_at is null and x.state = 'SUCCESS' and not x.is_finishing and x.outputs is null and s.outputs is null
    )
    or exists (
      select
      from reprise.flows as f
      where f.namespace = gave_nothing.namespace and f.id = gave_nothing.flow_id
        and not exists (
          select
          from reprise.flow_revisions as v
          where v.namespace = f.namespace and v.flow_id = f.id and coalesce(v.definition ->> 'outputs', '[]') <> '[]'
        )
    );
$$;

comment on function reprise_engine.gave_nothing is
  'Whether the children of an attempt of a ForEachItem, of this flow, cannot have given anything: one of them has succeeded so, or no revision of the flow has outputs.';
