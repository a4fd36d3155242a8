create or replace function reprise_engine.judge_children(task_run_ids bigint[], extracts json)
returns table (
  ended_ids bigint[],
  subflow_id bigint,
  task_run_id bigint,
  execution_id uuid,
  fate text,
  attempt_id bigint,
  child_id uuid,
  child_namespace text,
  child_flow_id text,
  child_state reprise.execution_state,
  known_state reprise.execution_state,
  outputs json,
  wanted json,
  rendered json
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select
    told.ended_ids, s.id, told.task_run_id, r.execution_id,
    case
      when c.id is null or c.ended_at is null or c.is_finishing then 'GONE'
      -- It is to be restarted first.
      when r.state = 'RUNNING' and c.attempt_number < s.child_attempt_number then 'LATER'
      when r.state = 'RUNNING' then 'TAKE'
      when r.state not in ('FAILED', 'KILLED') or c.state not in ('SUCCESS', 'WARNING') then 'GONE'
      -- Whom somebody has killed goes on with nothing.
      when e.killing_at is not null then 'GONE'
      -- Somebody has restarted the child alone, and it ended well. A parent that still goes on comes to its own end first.
      when e.ended_at is null or e.is_finishing then 'LATER'
      when e.state in ('FAILED', 'KILLED') and e.purged_at is null then 'MEND'
      else 'GONE'
    end,
    a.id, told.execution_id, c.namespace, c.flow_id, c.state, case when s.is_counted_failed then 'FAILED' else s.ended_state end, c.outputs,
    case
      when json_typeof(t.definition -> 'outputs') = 'object' and t.definition ->> 'outputs' <> '{}' and not exists (
        select
        from reprise.flow_revisions as v
        where v.namespace = c.namespace and v.flow_id = c.flow_id and v.revision = c.flow_revision
          and coalesce(v.definition ->> 'outputs', '[]') <> '[]'
      ) then t.definition -> 'outputs'
      when json_array_length(unmade.outputs) > 0 then unmade.outputs
    end,
    case
      -- An older worker makes a list of what a flow gives, which is no answer: one that knows better comes.
      when json_typeof(handed.extract -> 'outputs') = 'array' then null
      -- That is missing where a child has failed, and was to be expected.
      when handed.extract -> 'fault' is not null and json_array_length(unmade.outputs) > 0 and c.state in ('FAILED', 'KILLED')
      then json_build_object('missing', handed.extract -> 'fault')
      else handed.extract
    end
  from (
    select d.task_run_id, d.execution_id, array_agg(d.id) as ended_ids
    from reprise.ended_subflows as d
    where d.task_run_id = any (judge_children.task_run_ids)
    group by d.task_run_id, d.execution_id
  ) as told
  left join lateral (
    select r.execution_id, r.task_key, r.state, r.attempt_number from reprise.task_runs as r where r.id = told.task_run_id offset 0
  ) as r on true
  left join lateral (select t.definition, t.type from reprise.tasks as t where t.key = r.task_key offset 0) as t on true
  left join lateral (
    select e.state, e.killing_at, e.ended_at, e.is_finishing, e.purged_at from reprise.executions as e where e.id = r.execution_id offset 0
  ) as e on true
  left join lateral (
    select a.id from reprise.attempts as a where a.task_run_id = told.task_run_id and a.number = r.attempt_number offset 0
  ) as a on true
  -- Only what the attempt that it shows waits for; an earlier one has given up on its children.
  left join lateral (
    select s.id, s.child_attempt_number, s.ended_state, s.is_counted_failed
    from reprise.subflows as s
    where s.execution_id = told.execution_id and s.task_run_id = told.task_run_id and s.attempt_number = r.attempt_number
    offset 0
  ) as s on true
  left join lateral (select * from reprise.executions as c where c.id = told.execution_id and s.id is not null offset 0) as c on true
  -- One that an Exit, a kill or a limit has ended did not come to what its flow gives.
  left join lateral (
    select step.definition -> 'outputs' as outputs
    from reprise.tasks as step
    where step.namespace = c.namespace and step.flow_id = c.flow_id and step.revision = c.flow_revision and step.branch = 'outputs'
      and step.parent_key is null and step.lane = 0
      and not exists (select from reprise.task_runs as made where made.execution_id = c.id and made.task_key = step.key offset 0)
    offset 0
  ) as unmade on true
  -- An older worker tells a child by the task run, which has several in a ForEachItem.
  cross join lateral (
    select coalesce(
      judge_children.extracts -> told.execution_id::text,
      case when t.type like '%.flow.Subflow' then judge_children.extracts -> told.task_run_id::text end
    ) as extract
  ) as handed;
$$;

comment on function reprise_engine.judge_children is
  'Children that have ended beside the task runs that they were started for, and what that means: TAKE where it waits for them, MEND where '
  'it has failed, or was killed, by them, and they have ended well since, LATER where something else comes first, else GONE. wanted is what a worker has to '
  'render of it before it is taken: what the Subflow names, {"ID": TEXT}, or the outputs of a flow that ended before it came to them, as a list; rendered is what a '
  'worker has made of that: {"outputs"}, or {"fault"}, which is {"missing"} where a flow that has failed, or was killed, does not give what it would have.';
