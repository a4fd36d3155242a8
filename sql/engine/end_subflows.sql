create or replace function reprise_engine.end_subflows(
  task_run_ids bigint[],
  extracts json default '{}'
)
returns setof reprise.subflow_extract
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_executions uuid[];
  v_taken record;
  v_ended record;
begin
  if not exists (select from reprise.ended_subflows as d where d.task_run_id = any (end_subflows.task_run_ids)) then
    return;
  end if;

  -- Lock.
  select coalesce(array_agg(locked.id), '{}') into v_executions
  from (
    select e.id
    from reprise.executions as e
    where e.id = any (array(
      select r.execution_id from reprise.task_runs as r where r.id = any (end_subflows.task_run_ids)
    ))
    order by e.id
    for no key update
  ) as locked;

  -- Guard: what needs a template rendered waits until a worker has done that.
  return query
  select
    j.task_run_id, j.wanted, c.id, c.namespace, c.flow_id, c.flow_revision, c.state, c.start_date, c.root_id, c.inputs, c.variables, c.labels,
    c.trigger, reprise_engine.read_outputs(c.id, null)
  from reprise_engine.judge_children(end_subflows.task_run_ids, end_subflows.extracts) as j
  cross join lateral (select * from reprise.executions as c where c.id = j.child_id offset 0) as c
  where j.fate = 'TAKE' and j.wanted is not null and j.rendered is null;

  -- Change.
  select * into v_taken from reprise_engine.take_children(end_subflows.task_run_ids, end_subflows.extracts);
  if v_taken.counting <> '{}' then
    perform reprise_engine.show_subflow_counts(v_taken.counting, v_taken.counts);
  end if;
  if v_taken.done <> '{}' then
    select * into v_ended from reprise_engine.end_subflow_attempts(v_taken.done, v_taken.outcomes, v_taken.outputs, v_taken.errors);

    -- Consequence.
    perform reprise_engine.enqueue_task_runs(v_ended.retrying || reprise_engine.open_tasks(reprise_engine.advance(v_ended.ended)));
  end if;
  if v_taken.mended <> '{}' then
    perform reprise_engine.resume_mended(v_taken.mended);
  end if;

  -- Notify.
  perform reprise_engine.notify_executions(v_executions) where v_taken.counting <> '{}' or v_taken.done <> '{}';
end;
$$;

comment on function reprise_engine.end_subflows is
  'Looks at the children of Subflow task runs that have ended for good, and ends the task runs that have waited for them. Where outputs are '
  'to be rendered as the child would, it returns these, and is called again with {"CHILD": {"outputs"} or {"fault"}}.';
