create or replace function reprise_engine.log_children(children reprise.taken_child[])
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
  select now.at, c.execution_id, c.task_run_id, c.attempt_id, line.level::reprise.log_level, line.message
  from unnest(log_children.children) as c
  cross join reprise_engine.clock() as now (at)
  cross join lateral (
    select
      case c.child_state when 'FAILED' then 'ERROR' else 'WARN' end as level,
      format(
        'Subflow execution [[link execution="%s" flowId="%s" namespace="%s"]] ends in %s state', c.child_id, c.child_flow_id, c.child_namespace,
        c.child_state
      ) as message
    where (c.counts is null or c.extract -> 'fault' is null) and c.transmits_failed and c.child_state in ('FAILED', 'KILLED', 'WARNING')
    union all
    select
      case when c.extract -> 'fault' is not null then 'ERROR' else 'WARN' end,
      format('Failed to extract outputs with the error: ''%s''', coalesce(c.extract ->> 'fault', c.extract ->> 'missing'))
    where coalesce(c.extract -> 'fault', c.extract -> 'missing') is not null
  ) as line;
$$;

comment on function reprise_engine.log_children is
  'Says in the logs of task runs which of these children ended badly, and whose outputs could not be rendered.';
