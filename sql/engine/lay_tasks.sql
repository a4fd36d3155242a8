create or replace function reprise_engine.lay_tasks(
  execution_id uuid,
  namespace text,
  flow_id text,
  original_revision integer,
  target_revision integer,
  from_key integer
)
returns table (
  place integer[],
  around integer[],
  branch text,
  is_wide boolean,
  in_handler boolean,
  is_inserted boolean,
  decision text,
  kind reprise.task_kind,
  task_key integer,
  task_id text,
  fingerprint text,
  reads_variables boolean,
  reads_inputs boolean,
  reads_labels boolean,
  reads_task_ids text[],
  iteration integer,
  iteration_path text[],
  task_run_id bigint,
  state reprise.task_run_state,
  attempt_id bigint,
  attempt_number integer,
  ran_execution_id uuid,
  ran_task_key integer,
  ran_task_run_id bigint,
  duration_ms bigint,
  allows_failure boolean,
  is_serial boolean,
  is_tolerant boolean,
  lane integer,
  is_conditional boolean
)
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select
    n.place, n.around, n.branch, coalesce(n.is_wide, false), n.in_handler,
    -- What has stood elsewhere, and has not run, is as good as new.
    s.task_run_id is null and not coalesce((
      select jsonb_object_agg(format('%s/%s/%s', (select around.id from reprise.tasks as around where around.key = was.parent_key), was.branch, was.id), true)
      from reprise.tasks as was
      where was.namespace = lay_tasks.namespace and was.flow_id = lay_tasks.flow_id and was.revision = lay_tasks.original_revision and not was.is_disabled
    ) ? format('%s/%s/%s', (select around.id from reprise.tasks as around where around.key = n.parent_key), n.branch, n.id), false),
    case
      when n.kind in ('IF', 'SWITCH', 'FOR_EACH', 'LOOP_UNTIL') and s.state in ('RESTARTED', 'KILLED', 'CANCELLED') and reprise_engine.decides_anew(s.task_run_id) then null
      when n.kind in ('IF', 'SWITCH') then
        (select reprise_engine.chosen_list(n.kind, a.state, a.outputs) from reprise.attempts as a where a.id = s.attempt_id)
      when n.kind = 'FOR_EACH' and s.state not in ('SUCCESS', 'WARNING', 'SKIPPED') and not exists (
        select from reprise.iterations as i where i.attempt_id = s.attempt_id
      ) then null
      -- Whoever has a condition has had to find out first whether it holds.
      when n.is_conditional and s.state <> 'SKIPPED' and not exists (
        select from reprise.attempts as a where a.id = s.attempt_id and a.state = 'SUCCESS'
      ) and not (n.kind = 'WORKING_DIRECTORY' and exists (
        -- And what was begun in it tells that it did.
        select from reprise.task_runs as inside where inside.parent_id = s.task_run_id and inside.state in ('FAILED', 'RETRIED')
      )) then null
      when reprise_engine.is_block(n.kind) then 'tasks'
    end,
    n.kind, n.key, coalesce(n.id, s.task_id), n.fingerprint, n.reads_variables, n.reads_inputs, n.reads_labels, n.reads_task_ids,
    case when n.key is null then s.iteration else n.iteration end, coalesce(n.iteration_path, s.iteration_path), s.task_run_id, s.state, s.attempt_id,
    coalesce(s.attempt_number, s.last_attempt_number), s.ran_execution_id, s.ran_task_key, s.ran_task_run_id, s.duration_ms,
    n.allow_failure or n.kind = 'ALLOW_FAILURE' or n.is_tolerant, n.is_serial, n.is_tolerant, n.lane, n.is_conditional
  from (
    select
      t.key, t.id, t.kind, t.parent_key, t.branch, case when not l.is_unvalued then t.id end as run_id, t.allow_failure, t.fingerprint,
      t.kind in ('PARALLEL', 'DAG', 'FOR_EACH') and reprise_engine.concurrency_of(t.kind, t.type, t.definition) is not distinct from 1 as is_serial,
      reprise_engine.tolerated_in(t.type, t.definition) is not distinct from 'KILLED' as is_tolerant, t.reads_variables, t.reads_inputs, t.reads_labels, t.reads_task_ids,
      l.lead || t.key as place, l.around, l.is_wide, l.in_handler, l.iteration, l.iteration_path, l.lane,
      reprise_engine.is_block(t.kind) and t.definition -> 'runIf' is not null as is_conditional
    from reprise.tasks as t
    join reprise_engine.lay_lists(
      lay_tasks.execution_id, lay_tasks.namespace, lay_tasks.flow_id, lay_tasks.original_revision, lay_tasks.target_revision, lay_tasks.from_key
    ) as l on l.block_key = coalesce(t.parent_key, 0) and l.is_handler = t.is_handler
    where t.namespace = lay_tasks.namespace and t.flow_id = lay_tasks.flow_id and t.revision = lay_tasks.target_revision
      and t.kind not in ('DEFAULTS', 'OUTPUTS') and not t.is_disabled and t.key >= coalesce(lay_tasks.from_key, 0)
  ) as n
  full join reprise_engine.replay_sources(lay_tasks.execution_id, from_key => lay_tasks.from_key) as s
    on s.task_id = n.run_id and s.in_handler = n.in_handler and coalesce(s.iteration_path, '{}') = coalesce(n.iteration_path, '{}');
$$;

comment on function reprise_engine.lay_tasks is
  'Lays the task runs of an execution beside the tasks of a revision, as a tree: identity is the task id and the iteration path, and whether it stands among handlers. Places sort '
  'in the order of the flow, a block before what is in it, which names its place by around. What is only in the execution has none. '
  'from_key: leaves out what stands before this task.';
