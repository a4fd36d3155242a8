create or replace function reprise_engine.warn_of_breakpoints(plan reprise.replay_plan, breakpoints text[])
returns reprise.replay_problem[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_revision reprise.flow_revisions;
  v_breakpoints jsonb;
  v_steps text[]; -- Of these a plan says nothing.
begin
  select r.* into v_revision
  from reprise.executions as e
  join reprise.flow_revisions as r
    on r.namespace = e.namespace and r.flow_id = e.flow_id and r.revision = (warn_of_breakpoints.plan).flow_revision
  where e.id = (warn_of_breakpoints.plan).execution_id;
  v_breakpoints := reprise_engine.parse_breakpoints(breakpoints, v_revision);
  v_steps := array(
    select t.id
    from reprise.tasks as t
    where t.namespace = v_revision.namespace and t.flow_id = v_revision.flow_id and t.revision = v_revision.revision and t.kind = 'LOOP_OUTPUTS'
  );

  return (
    with recursive given as materialized (
      -- One that is named twice is one.
      select min(b.ordinality) as place, b.breakpoint ->> 'taskId' as task_id, nullif(b.breakpoint -> 'path', 'null') as path
      from jsonb_array_elements(v_breakpoints) with ordinality as b (breakpoint)
      group by b.breakpoint
    ), planned as materialized (
      select
        t.task_id, t.task_key, t.iteration_path,
        t.disposition in ('RERUN', 'NEW', 'UNKNOWN') or t.disposition = 'REOPENED' and t.reason = 'revalued' as is_open,
        case
          -- A loop that asks anew for its values begins so.
          when t.disposition = 'REOPENED' and t.reason not in ('revalued', 'rewritten') then 'it goes on, and has begun in the original'
          when t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then 'it is carried'
          when t.disposition in ('NOT_REACHED', 'REMOVED') then 'it does not run'
        end as why
      from unnest((warn_of_breakpoints.plan).tasks) as t
    ), around (task_id, key) as (
      select p.task_id, k.parent_key
      from planned as p
      join reprise.tasks as k on k.key = p.task_key
      where p.task_id in (select g.task_id from given as g)
      union
      select a.task_id, k.parent_key from around as a join reprise.tasks as k on k.key = a.key
    ), undecided as (
      -- Loops around whose values are found when they run: any may be among them.
      select distinct a.task_id
      from around as a
      join reprise.tasks as k on k.key = a.key and k.kind = 'FOR_EACH'
      join planned as p on p.task_key = k.key and p.is_open
    ), named as materialized (
      select
        g.place, g.task_id,
        case when t.task_id is not null then t.why when g.task_id in (select p.task_id from planned as p) then 'no iteration has this value' else 'it does not run' end as why
      from given as g
      left join planned as t
        on t.task_id = g.task_id
        and (g.path is null or g.path = to_jsonb(t.iteration_path[cardinality(t.iteration_path) - jsonb_array_length(g.path) + 1:]))
      where t.task_id is not null or g.task_id <> all (v_steps) and g.task_id not in (select u.task_id from undecided as u)
    ), idle as (
      select n.place, n.task_id, min(n.why) as why from named as n group by n.place, n.task_id having bool_and(n.why is not null)
    )
    select coalesce(
      array_agg(
        row(
          'breakpoint_not_reached', format('The replay does not stop before `%s`: %s. Start there, or stop before what runs.', i.task_id, i.why), i.task_id, false
        )::reprise.replay_problem
        order by i.place
      ),
      '{}'
    )
    from idle as i
  );
end;
$$;

comment on function reprise_engine.warn_of_breakpoints is
  'At which breakpoints a replay would not stop, since it carries the task, goes on inside of it, or does not come to it, or to an iteration of this value. Raises RP400 and RP422 for those that name nothing.';
