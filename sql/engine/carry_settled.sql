create or replace function reprise_engine.carry_settled(
  replay_id uuid,
  original reprise.executions,
  before_key integer,
  task_run_count integer,
  now timestamptz
)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
declare
  v_id uuid := original.id;
  v_namespace text := original.namespace;
  v_flow_id text := original.flow_id;
  v_revision integer := original.flow_revision;
  v_count integer;
begin
  with settled as materialized (
    select nextval('reprise.task_runs_id_seq') as id, s.*
    from (
      select * from reprise_engine.shown_runs(v_id, until_key => carry_settled.before_key) as s order by s.task_run_id offset 0
    ) as s
  ), saved as (
    update reprise.executions as e
    set saved_ms = e.saved_ms + (
      select coalesce(sum(s.duration_ms), 0)
      from settled as s
      where s.task_key not in (
        select t.key
        from reprise.tasks as t
        where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = v_revision
          and reprise_engine.is_block(t.kind)
      )
    )
    where e.id = carry_settled.replay_id
  )
  insert into reprise.task_runs (
    id, parent_id, execution_id, task_key, iteration, iteration_path, state, attempt_number, is_carried, carried_attempt_id, original_id, created_at,
    ended_at
  )
  overriding system value
  select
    s.id, block.id, carry_settled.replay_id, s.task_key, s.iteration, s.iteration_path, s.state,
    coalesce(s.attempt_number, s.last_attempt_number), true, s.attempt_id,
    case when s.attempt_id is null then s.task_run_id end, carry_settled.now, carry_settled.now
  from settled as s
  left join settled as block on block.task_run_id = s.parent_id
  where s.parent_id is not null or s.state in ('SUCCESS', 'WARNING', 'SKIPPED');
  get diagnostics v_count = row_count;

  if v_count <> carry_settled.task_run_count then
    raise serialization_failure using message = 'The original has changed while it was replayed.';
  end if;
end;
$$;

comment on function reprise_engine.carry_settled is
  'Gives a replay the task runs that find_settled has found, without asking anything about them: each as a plan would carry it. Raises serialization_failure where '
  'somebody has changed one of them meanwhile.';
