create or replace function reprise_engine.reach(
  openings reprise.opening[],
  out free reprise.opening[],
  out blocks bigint[],
  out passed bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_found record;
  v_next record;
  v_opened bigint[];
begin
  free := '{}';
  blocks := '{}';
  passed := '{}';
  if cardinality(openings) = 0 then
    return;
  end if;

  -- Nearly always a task has no task run yet. Where it has one, a replay carried it. Nobody can come between: executions are locked.
  select
    coalesce(array_agg(o.opening) filter (where o.id is null and not o.is_inline), '{}') as free,
    coalesce(array_agg(o.opening) filter (where o.id is null and o.is_inline), '{}') as inline,
    coalesce(array_agg(o.opening) filter (where o.id is not null), '{}') as met
  into v_found
  from (
    select opening, r.id, t.is_inline
    from unnest(openings) as opening
    left join lateral (
      select r.id from reprise_engine.find_task_run(opening.execution_id, opening.task_key, opening.iteration_path) as r offset 0
    ) as r on true
    cross join lateral (select t.is_inline from reprise.tasks as t where t.key = opening.task_key offset 0) as t
  ) as o;

  if v_found.met <> '{}' then
    select * into v_next from reprise_engine.step_over(v_found.met);
    v_found.free := v_found.free || v_next.free;
    v_found.inline := v_found.inline || v_next.inline;
    passed := v_next.passed;
    blocks := v_next.blocks;
    if v_next.due <> '{}' then
      perform reprise_engine.take_turns(v_next.due);
    end if;
  end if;

  free := v_found.free;
  if v_found.inline <> '{}' then
    v_opened := reprise_engine.open_inline(v_found.inline);
    if reprise_engine.find_watched(v_found.inline) is not null then
      v_opened := reprise_engine.stop_at_breakpoints(v_opened);
    end if;
    blocks := blocks || v_opened;
  end if;
end;
$$;

comment on function reprise_engine.reach is
  'Executions come to tasks. Opens the blocks among them that need no worker, steps over what a replay carried, and returns the rest, '
  'free to be opened; the blocks that are to run their lists; and of lists with nothing left to open, the task run at which they end.';
