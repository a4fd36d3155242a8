create or replace function reprise_engine.warn_of_breakpoints(plan reprise.replay_plan, breakpoints text[])
returns reprise.replay_problem[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_breakpoints jsonb;
begin
  select reprise_engine.parse_breakpoints(warn_of_breakpoints.breakpoints, r) into v_breakpoints
  from reprise.executions as e
  join reprise.flow_revisions as r
    on r.namespace = e.namespace and r.flow_id = e.flow_id and r.revision = (warn_of_breakpoints.plan).flow_revision
  where e.id = (warn_of_breakpoints.plan).execution_id;

  return (
    with named as materialized (
      select
        b.ordinality as place, t.task_id,
        case
          -- A loop that asks anew for its values begins so.
          when t.disposition = 'REOPENED' and t.reason not in ('revalued', 'rewritten') then 'it goes on, and has begun in the original'
          when t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then 'it is carried'
          when t.disposition in ('NOT_REACHED', 'REMOVED') then 'it does not run'
        end as why
      from jsonb_array_elements(v_breakpoints) with ordinality as b (breakpoint)
      cross join lateral (select b.breakpoint ->> 'taskId' as task_id, nullif(b.breakpoint -> 'path', 'null') as path) as at
      join unnest((warn_of_breakpoints.plan).tasks) as t
        on t.task_id = at.task_id
        and (at.path is null or at.path = to_jsonb(t.iteration_path[cardinality(t.iteration_path) - jsonb_array_length(at.path) + 1:]))
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
  'At which breakpoints a replay would not stop, since it carries the task, goes on inside of it, or does not come to it. Raises RP400 and RP422 for those that name nothing.';
