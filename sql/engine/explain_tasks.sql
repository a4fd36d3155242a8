create or replace function reprise_engine.explain_tasks(tasks reprise.replay_plan_task[])
returns reprise.replay_plan_task[]
language plpgsql immutable
set search_path = ''
as $$
begin
  for i in 1 .. cardinality(tasks) loop
    tasks[i].explanation := reprise_engine.explain_disposition(tasks[i]);
  end loop;
  return tasks;
end;
$$;

comment on function reprise_engine.explain_tasks is 'Adds the sentences to planned tasks.';
