create or replace function reprise_engine.replay_sources(execution_id uuid, from_key integer default null)
returns table (
  task_run_id bigint,
  parent_id bigint,
  task_key integer,
  kind reprise.task_kind,
  task_id text,
  iteration integer,
  iteration_path text[],
  state reprise.task_run_state,
  last_attempt_number integer,
  attempt_id bigint,
  attempt_number integer,
  duration_ms bigint,
  ran_execution_id uuid,
  ran_task_key integer,
  ran_task_run_id bigint,
  in_handler boolean
)
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  with recursive shown as materialized (
    select * from reprise_engine.shown_runs(replay_sources.execution_id, from_key => replay_sources.from_key)
  ), ran as materialized (
    select t.key, t.id, t.kind, t.parent_key, t.is_handler
    from reprise.tasks as t
    where t.key = any (array(select s.task_key from shown as s)) and t.kind not in ('DEFAULTS', 'OUTPUTS')
  ), handling (key) as (
    select t.key from ran as t where t.is_handler and reprise_engine.is_block(t.kind)
    union
    select t.key from handling as h join ran as t on t.parent_key = h.key
  ), deciders as materialized (
    -- What is skipped has no attempt. When it is carried, an earlier execution decided so.
    select s.task_run_id, reprise_engine.find_decider(s.task_run_id) as id
    from shown as s
    where s.is_carried and s.attempt_id is null
  )
  select
    s.task_run_id, s.parent_id, s.task_key, t.kind, t.id, s.iteration, s.iteration_path, s.state, s.last_attempt_number, s.attempt_id, s.attempt_number,
    s.duration_ms, coalesce(p.execution_id, replay_sources.execution_id), coalesce(p.task_key, s.task_key), coalesce(p.id, s.task_run_id), t.is_handler or t.key in (select h.key from handling as h)
  from shown as s
  join ran as t on t.key = s.task_key
  left join deciders as d on d.task_run_id = s.task_run_id
  left join (
    select p.id, p.execution_id, p.task_key
    from reprise.task_runs as p
    where p.id = any (array(select s.ran_task_run_id from shown as s union all select d.id from deciders as d))
  ) as p on p.id = coalesce(s.ran_task_run_id, d.id);
$$;

comment on function reprise_engine.replay_sources is
  'The task runs of an execution as a replay finds them: the attempt that each shows, and with which execution, task and task run that attempt '
  'ran, or was left out, and whether it stands among handlers. from_key: only of this task and those behind it.';
