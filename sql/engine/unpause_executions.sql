create or replace function reprise_engine.unpause_executions(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
as $$
  update reprise.executions as e
  set state = 'RUNNING', started_at = reprise_engine.clock()
  where e.id = any (unpause_executions.execution_ids) and e.state in ('PAUSED', 'BREAKPOINT') and not e.is_held
    and not exists (select from reprise.task_runs as r where r.execution_id = e.id and r.state = 'PAUSED');
$$;

comment on function reprise_engine.unpause_executions is
  'Executions run again that nothing in them and nobody holds any more. The caller holds their locks.';
