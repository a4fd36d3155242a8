create or replace function reprise_engine.open_subflows(
  task_run_ids bigint[],
  out ended bigint[],
  out retrying bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
declare
  v_requests reprise.subflow_request[] := reprise_engine.read_subflow_requests(open_subflows.task_run_ids);
  v_kept reprise.kept_child[];
  v_prepared reprise.prepared_subflow[];
  v_children uuid[];
  v_answers record;
begin
  if exists (select from unnest(v_requests) as r where r.kept_attempt_number is not null) then
    -- Children that are kept may be purged at this moment: then they are no more, and others are started.
    perform
    from reprise.executions as e
    where e.id = any (array(
      select s.execution_id
      from unnest(v_requests) as r
      cross join lateral (
        select s.execution_id from reprise.subflows as s where s.task_run_id = r.task_run_id and s.attempt_number = r.kept_attempt_number offset 0
      ) as s
    ))
    order by e.id
    for key share;
  end if;
  v_kept := reprise_engine.find_kept_children(v_requests);
  v_prepared := reprise_engine.prepare_subflows(v_requests, v_kept);
  -- A request is no output.
  update reprise.attempts as a
  set outputs = null
  where a.id = any (array(select r.attempt_id from unnest(v_requests) as r));

  v_children := reprise_engine.create_children(v_requests, v_kept, v_prepared);
  perform reprise_engine.log_subflows(v_requests, v_prepared, v_children);

  select
    coalesce(array_agg(a.task_run_id) filter (where a.is_over), '{}') as done,
    array_agg(a.outcome) filter (where a.is_over) as outcomes,
    array_agg(a.outputs) filter (where a.is_over) as outputs,
    array_agg(a.error) filter (where a.is_over) as errors,
    coalesce(array_agg(a.task_run_id) filter (where not a.is_over and a.outputs is not null), '{}') as counting,
    array_agg(a.outputs) filter (where not a.is_over and a.outputs is not null) as counts
  into v_answers
  from reprise_engine.answer_subflows(v_requests, v_kept, v_prepared) as a;

  if v_answers.counting <> '{}' then
    perform reprise_engine.show_subflow_counts(v_answers.counting, v_answers.counts);
  end if;
  if v_children <> '{}' then
    perform reprise_engine.start_children(v_children);
  end if;
  if v_kept <> '{}' then
    -- Whoever looks at them next restarts those that failed, and takes how the others have ended.
    insert into reprise.ended_subflows (task_run_id, execution_id, ended_at)
    select k.task_run_id, k.execution_id, reprise_engine.clock() from unnest(v_kept) as k where k.has_ended;
    perform reprise_engine.enqueue_parents(array(select distinct k.task_run_id from unnest(v_kept) as k where k.has_ended));
  end if;

  ended := '{}';
  retrying := '{}';
  if v_answers.done <> '{}' then
    select e.ended, e.retrying into open_subflows.ended, open_subflows.retrying
    from reprise_engine.end_subflow_attempts(v_answers.done, v_answers.outcomes, v_answers.outputs, v_answers.errors) as e;
  end if;
end;
$$;

comment on function reprise_engine.open_subflows is
  'Starts what Subflow task runs ask for, whose attempts a worker has just rendered: their children, or behind a restart those that they '
  'have. Those that wait for nothing end at once; returns these.';
