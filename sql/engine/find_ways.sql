create or replace function reprise_engine.find_ways(task_run_ids bigint[])
returns table (
  id bigint,
  execution_id uuid,
  parent_id bigint,
  iteration integer,
  iteration_path text[],
  state reprise.task_run_state,
  is_carried boolean,
  is_ending boolean,
  onward_key integer,
  kind reprise.task_kind,
  branch text,
  is_handler boolean,
  leads_to text
)
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select
    r.id, r.execution_id, r.parent_id, r.iteration, r.iteration_path, r.state, r.is_carried, e.is_ending, onward.key as onward_key, t.kind, t.branch, t.is_handler,
    case
      -- Nobody waits for what a Pause runs when it begins, whatever becomes of it.
      when e.state not in ('CREATED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RESTARTED') and not t.is_after or e.is_ending or t.branch = 'onPause' then 'NOWHERE'
      when t.kind = 'OUTPUTS' then 'CLOSE'
      when onward.key is not null then 'TASK'
      when r.parent_id is not null then 'BLOCK'
      when t.is_after then 'FINISH'
      when t.kind = 'DEFAULTS' and r.state <> 'SUCCESS' then 'CLOSE'
      else 'LIST'
    end as leads_to
  from unnest(find_ways.task_run_ids) as ended (id)
  cross join lateral (
    select r.id, r.execution_id, r.task_key, r.parent_id, r.iteration, r.iteration_path, r.state, r.is_carried
    from reprise.task_runs as r
    where r.id = ended.id
    offset 0
  ) as r
  cross join lateral (
    select t.next_key, t.leave_key, t.failed_key, t.kind, t.branch, t.is_handler, t.is_after, t.allow_failure from reprise.tasks as t where t.key = r.task_key offset 0
  ) as t
  cross join lateral (
    -- Only a failure ends a list, and not that of a handler: what cleans up does all that it can.
    -- The kill of a child ends the blocks around its Subflow, and a failure beside it in these is one all the same.
    select case
      when t.is_handler and t.next_key is null and t.leave_key is not null then reprise_engine.find_way_out(r.id, t.leave_key)
      when r.state not in ('FAILED', 'KILLED') or t.is_handler then coalesce(t.next_key, t.leave_key)
      when r.state = 'FAILED' then t.failed_key
      when r.parent_id is not null and t.failed_key is null then null
      when not t.allow_failure and t.kind <> 'ALLOW_FAILURE' and reprise_engine.has_failed_inside(r.execution_id, r.id) then t.failed_key
      when r.parent_id is null then coalesce(t.next_key, t.leave_key)
    end as key
  ) as onward
  cross join lateral (select e.state, e.is_ending from reprise.executions as e where e.id = r.execution_id offset 0) as e;
$$;

comment on function reprise_engine.find_ways is
  'Where each of these task runs leads that have ended: to a TASK behind it, whose key is given, to the end of a lane of its BLOCK or of a LIST of the flow, to the '
  'CLOSE of its execution, to the FINISH behind that, or NOWHERE, since its execution is being killed or ends.';
