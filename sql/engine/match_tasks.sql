create or replace function reprise_engine.match_tasks(
  original reprise.executions,
  target_revision integer,
  inputs json,
  overrides json,
  from_key integer default null
)
returns reprise.replay_node[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
declare
  -- Taken out of the row once: doing that for each task would cost more than all the rest.
  v_id uuid := original.id;
  v_namespace text := original.namespace;
  v_flow_id text := original.flow_id;
  v_revision integer := original.flow_revision;
  v_is_replay boolean := original.original_id is not null;
  v_labels jsonb := reprise_engine.replay_labels(original, target_revision);
  v_overridden text[] := array(select json_object_keys(overrides));
  -- Who reads outputs of a loop may read those of any iteration.
  v_overridden_ids text[] := array(select distinct split_part(o.key, '[', 1) from json_object_keys(overrides) as o (key));
  v_nodes reprise.replay_node[];
begin
  with recursive matched as materialized (
    select l.*, (row_number() over (order by l.place, l.task_run_id))::integer as number,
      l.task_id = any (v_overridden_ids)
        and (l.task_id = any (v_overridden) or reprise_engine.override_key(l.task_id, l.iteration_path) = any (v_overridden)) as is_overridden
    from reprise_engine.lay_tasks(v_id, v_namespace, v_flow_id, v_revision, match_tasks.target_revision, match_tasks.from_key) as l
  ), passed_by (place) as (
    -- What has run, and was moved to where the decision that is carried does not come to, with what is in it.
    select m.place
    from matched as m
    join matched as b on b.place = m.around
    where b.task_run_id is not null and (b.decision is not null or b.state = 'SKIPPED')
      and reprise_engine.is_passed_by(b.kind, b.decision, b.state = 'SKIPPED', m.branch)
    union all
    select m.place
    from passed_by as p
    join matched as m on m.around = p.place
  ), ran as materialized (
    select distinct m.ran_execution_id as execution_id from matched as m where m.ran_execution_id is not null
  ), other as materialized (
    -- What had not run will have outputs now, what does not run any more will have none, and what is overridden has others.
    select ran.execution_id, m.task_id, m.iteration_path
    from matched as m
    cross join ran
    where m.is_overridden or m.task_key is null or m.task_run_id is null and not m.in_handler and (m.is_inserted or m.around is null)
      or m.task_run_id is not null and m.place in (select p.place from passed_by as p)
    union all
    -- What ran in an earlier execution has read what that one shows, which a replay between may have replaced.
    select ran.execution_id, was.task_id, was.iteration_path
    from ran
    cross join lateral reprise_engine.replay_sources(ran.execution_id) as was
    join matched as now on now.task_id = was.task_id and now.iteration_path is not distinct from was.iteration_path
    where ran.execution_id <> v_id and now.task_run_id is not null and now.attempt_id is distinct from was.attempt_id
  ), changes as materialized (
    select
      ran.execution_id, c.changed_variables, c.changed_inputs, c.changed_defaults, c.changed_labels,
      coalesce(other.task_ids, '{}') as changed_outputs
    from ran
    cross join lateral reprise_engine.changed_values(
      ran.execution_id, match_tasks.target_revision, match_tasks.inputs, v_labels
    ) as c
    left join (select o.execution_id, array_agg(distinct o.task_id) as task_ids from other as o group by o.execution_id) as other
      on other.execution_id = ran.execution_id
  ), own as materialized (
    -- What is read of the reader's own iteration only: which steps of the paths of both say so.
    select reader.task_key, o.key as task_id, array(select step.step::integer + 1 from jsonb_array_elements_text(o.value) as step (step)) as steps
    from (select distinct m.task_key from matched as m where m.task_run_id is not null and exists (select from other)) as reader
    cross join lateral (select t.reads from reprise.tasks as t where t.key = reader.task_key offset 0) as t
    -- A revision that was saved before that was written down says so of Loops alone.
    cross join lateral jsonb_each(coalesce(t.reads -> 'own', t.reads -> 'loops')) as o
    where o.key in (select o.task_id from other as o)
  ), unseen as (
    select reader.number, array_agg(reader.read_id) as task_ids
    from (
      select m.number, m.ran_execution_id as execution_id, own.task_id as read_id, own.steps, array(select m.iteration_path[s.step] from unnest(own.steps) as s (step)) as path
      from matched as m
      join own on own.task_key = m.task_key
      where m.task_run_id is not null
    ) as reader
    left join (
      select distinct o.execution_id, o.task_id, own.steps, array(select o.iteration_path[s.step] from unnest(own.steps) as s (step)) as path
      from other as o
      join (select distinct own.task_id, own.steps from own) as own on own.task_id = o.task_id
    ) as o on o.execution_id = reader.execution_id and o.task_id = reader.read_id and o.steps = reader.steps and o.path = reader.path
    where o.task_id is null
    group by reader.number
  ), counting as materialized (
    -- Who reads the numbers of iterations. They can only be others on another revision, or where a replay has carried what it found elsewhere.
    select t.key
    from (
      select distinct m.task_key
      from matched as m
      where (v_is_replay or v_revision <> match_tasks.target_revision) and m.task_run_id is not null and m.iteration_path is not null
    ) as m
    cross join lateral (select t.key, t.reads from reprise.tasks as t where t.key = m.task_key offset 0) as t
    where (t.reads ->> 'all')::boolean or t.reads -> 'numbers' <> '[]'
  ), written as materialized (
    select l.key, l.is_loop, w.value, (w.place - 1)::integer as number
    from (select distinct m.task_key from matched as m where m.kind = 'FOR_EACH' and exists (select from counting)) as m
    cross join lateral (select t.key, t.type like '%.flow.Loop' as is_loop, t.definition from reprise.tasks as t where t.key = m.task_key offset 0) as l
    left join lateral unnest(reprise_engine.written_values(l.definition)) with ordinality as w (value, place) on true
  ), renumbered as (
    select m.number, array_agg(distinct name.name) as names
    from matched as m
    cross join lateral (select reprise_engine.place_in_loops(r) as numbers from reprise.task_runs as r where r.id = m.task_run_id offset 0) as now
    cross join lateral (select reprise_engine.place_in_loops(r) as numbers from reprise.task_runs as r where r.id = m.ran_task_run_id offset 0) as ran
    cross join lateral generate_subscripts(m.iteration_path, 1) as step
    -- A place names the loops around it, each with a number that tells its iterations apart.
    join (select distinct w.key, w.is_loop from written as w) as loop on loop.key = m.place[2 * step - 1]
    left join written as w on w.key = loop.key and w.value = m.iteration_path[step]
    cross join lateral (
      select 'taskrun.iteration' where m.iteration is not null and step = cardinality(m.iteration_path) union all select 'item.index' where loop.is_loop
    ) as name (name)
    where m.task_key in (select c.key from counting as c) and m.task_run_id is not null and m.iteration_path is not null
      and coalesce(w.number, now.numbers[step]) <> ran.numbers[step]
    group by m.number
  ), remembered as (
    -- What an earlier execution had tried, and the original, a replay itself, has not come to.
    select t.id, p.iteration_path, p.attempt_number
    from (select * from reprise.replayed_task_runs as p where p.execution_id = v_id offset 0) as p
    cross join lateral (select t.id from reprise.tasks as t where t.key = p.task_key offset 0) as t
  )
  select coalesce(array_agg(
    row(
      block.number, m.branch, m.is_wide, m.in_handler, m.is_inserted, m.decision, m.kind, m.task_key, m.task_id, m.iteration,
      m.iteration_path, m.task_run_id, m.state, m.attempt_id, coalesce(m.attempt_number, r.attempt_number),
      case when m.attempt_id is not null then m.ran_execution_id end,
      -- The attempt of a Subflow that runs has ended with its start, and will end again.
      case when reprise_engine.is_terminal(m.state::text) and (m.kind is null or not reprise_engine.is_block(m.kind)) then m.duration_ms end,
      case
        when m.task_key is null or m.task_run_id is null or m.place in (select p.place from passed_by as p) then null
        -- Nearly always nothing that it reads has changed, and to see that is cheap.
        when m.task_key <> m.ran_task_key
            and m.fingerprint <> (select ran.fingerprint from reprise.tasks as ran where ran.key = m.ran_task_key)
          or m.reads_variables and c.changed_variables <> '{}'
          or m.reads_inputs and (c.changed_inputs <> '{}' or c.changed_defaults <> '{}')
          or m.reads_labels and c.changed_labels <> '{}'
          or n.names is not null
          or seen.changed_outputs <> '{}' and (m.reads_task_ids is null or m.reads_task_ids && seen.changed_outputs)
        then reprise_engine.changed_keys(
          m.task_key, m.ran_task_key, c.changed_variables, c.changed_inputs, c.changed_defaults, c.changed_labels, seen.changed_outputs, n.names
        )
      end,
      m.is_overridden,
      m.allows_failure, m.is_serial, m.is_tolerant, m.lane, m.is_conditional
    )::reprise.replay_node
    order by m.number
  ), '{}') into v_nodes
  from matched as m
  left join (select b.place, b.number from matched as b where reprise_engine.is_block(b.kind)) as block on block.place = m.around
  left join changes as c on c.execution_id = m.ran_execution_id
  left join unseen on unseen.number = m.number
  left join renumbered as n on n.number = m.number
  cross join lateral (
    select case
      when unseen.number is null then c.changed_outputs
      else array(select o.id from unnest(c.changed_outputs) as o (id) where o.id <> all (unseen.task_ids))
    end as changed_outputs
  ) as seen
  left join remembered as r on r.id = m.task_id and r.iteration_path is not distinct from m.iteration_path and m.task_run_id is null;

  return v_nodes;
end;
$$;

comment on function reprise_engine.match_tasks is
  'What a replay has to decide about: the task runs of an execution beside the tasks of a revision, and for each run what differs between '
  'what it ran with and what it would run with now. from_key: leaves out what stands before this task.';
