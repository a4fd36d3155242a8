create or replace function reprise_engine.resume_mended(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution reprise.executions;
begin
  -- Only those that had ended so by their children alone: for anything else, a kill of their own among it, somebody restarts them. In the
  -- order of their flows, since those that look for a slot lock these.
  for v_execution in
    select e.*
    from reprise.executions as e
    where e.id = any (resume_mended.execution_ids) and e.state in ('FAILED', 'KILLED') and e.killing_at is null and not e.is_finishing and e.error is null
      and not exists (
        select
        from reprise.task_runs as r
        cross join lateral (select t.is_handler from reprise.tasks as t where t.key = r.task_key offset 0) as t
        where r.execution_id = e.id and r.state in ('FAILED', 'KILLED') and not t.is_handler
          and not exists (select from reprise.blocks as b where b.task_run_id = r.id)
          and not exists (
            select from reprise.task_runs as h join reprise.tasks as k on k.key = h.task_key where h.id = r.parent_id and k.is_handler
          )
          and not reprise_engine.has_mended_children(r.id, r.attempt_number)
      )
    order by e.namespace, e.flow_id, e.id
  loop
    perform reprise_engine.go_on(v_execution);
    perform reprise_engine.log_restart(v_execution, 'Restarted, since the subflow execution that had stopped it has ended well.');
  end loop;
end;
$$;

comment on function reprise_engine.resume_mended is
  'Restarts ended executions that had failed, or were killed, only by children that have ended well since, which is what the attempts of a restart take up. '
  'The caller holds their locks.';
