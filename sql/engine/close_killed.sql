create or replace function reprise_engine.close_killed(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
as $$
  select reprise_engine.close_executions(array_agg(e.id))
  from reprise.executions as e
  where e.id = any (close_killed.execution_ids)
    and e.state = 'KILLING'
    and not exists (
      select
      from reprise.task_runs as r
      where r.execution_id = e.id and r.state = 'RUNNING'
    );
$$;

comment on function reprise_engine.close_killed is 'Ends those executions that are being killed and have nothing running any more.';
