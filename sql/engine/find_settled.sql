create or replace function reprise_engine.find_settled(
  original reprise.executions,
  target_revision integer,
  anchors text[],
  overrides json,
  out before_key integer,
  out task_run_count integer
)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  -- Taken out of the row once: doing that for each task costs more than all the rest.
  v_id uuid := original.id;
  v_namespace text := original.namespace;
  v_flow_id text := original.flow_id;
  v_revision integer := original.flow_revision;
  v_given reprise.anchor[] := array(select reprise_engine.parse_anchor(a.anchor) from unnest(anchors) as a (anchor));
  v_anchor_keys integer[];
  v_found record;
  v_tasks record;
  v_is_closed boolean := false;
begin
  if target_revision <> v_revision or overrides::text <> '{}' or original.error is not null or reprise_engine.is_cut_off(original)
    or 'start' = any (anchors) or 'auto' = any (anchors)
  then
    return; -- What is before the anchors may have become another.
  end if;

  -- Keys are in the order of the flow, a block before what is in it.
  v_anchor_keys := array(
    select (
      select max(t.key)
      from reprise.tasks as t
      where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = v_revision
        and t.parent_key is null and t.key <= found.key
    )
    from unnest(v_given) as g
    left join lateral (
      select r.task_key as key from reprise.task_runs as r where r.id = g.task_run_id and r.execution_id = v_id
      union all
      select t.key
      from reprise.tasks as t
      where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = v_revision
        and t.id = g.task_id
    ) as found on true
    where g.anchor <> 'failed'
  );
  if array_position(v_anchor_keys, null) is not null then
    return; -- There is something to say about one that is not there.
  end if;

  select min(k.key) into before_key from unnest(v_anchor_keys) as k (key);
  loop
    select
      count(*) as task_runs, count(*) filter (where r.parent_id is null and r.state in ('SUCCESS', 'WARNING', 'SKIPPED')) as well_ended,
      bool_and(r.ended_at is not null) as have_ended, bool_or(r.state in ('FAILED', 'KILLED', 'RETRIED')) as have_failed
    into v_found
    from reprise.task_runs as r
    where r.execution_id = v_id and r.task_key < before_key;

    select
      count(*) filter (where t.parent_key is null and not t.is_disabled) as count, array_agg(t.key) filter (where t.kind = 'PAUSE') as pauses
    into v_tasks
    from (
      select t.key, t.parent_key, t.kind, t.is_disabled
      from reprise.tasks as t
      where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = v_revision
      offset 0 -- or it may look through all that have lower keys, of any flow
    ) as t
    where t.key < before_key;
    -- What a Pause runs as it begins stands in no block, and is no task of the flow either.
    if exists (select from reprise.tasks as t where t.parent_key = any (v_tasks.pauses)) then
      before_key := null;
      return;
    end if;
    -- Nearly always all that is before the first of them has ended well, and to count it is quicker than to look for what has not.
    exit when v_is_closed or before_key is not null and v_found.well_ended = v_tasks.count;
    before_key := least(before_key, reprise_engine.find_open(find_settled.original));
    v_is_closed := true;
  end loop;

  if v_found.have_ended
    -- From what failed it also starts inside of what allows that.
    and not ('failed' = any (anchors) and v_found.have_failed)
    -- What a replay has brought with it may have run beside other outputs than those that are shown now.
    and not exists (
      select from reprise.task_runs as r where r.execution_id = v_id and r.task_key >= before_key and r.is_carried
    )
  then
    task_run_count := v_found.task_runs;
  else
    before_key := null;
  end if;
end;
$$;

comment on function reprise_engine.find_settled is
  'The part of an execution about which a replay has nothing to decide: on its own revision, all that stands before the first task of the flow that holds an '
  'anchor or has not ended well. Gives the key of that task, and how many task runs are before it; null where there is none, or everything has to be looked at.';
