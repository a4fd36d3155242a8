create or replace function reprise_engine.take_turns(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update reprise.task_runs as r set is_put_off = null where r.id = any (take_turns.task_run_ids);
  perform reprise_engine.enqueue_task_runs(reprise_engine.stop_at_breakpoints(take_turns.task_run_ids));
end;
$$;

comment on function reprise_engine.take_turns is 'The turn has come of task runs that a restart had put off.';
