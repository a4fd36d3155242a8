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
  v_given reprise.anchor[] := array(select reprise_engine.parse_anchor(a.anchor) from unnest(anchors) as a (anchor));
  v_open_key integer;
  v_anchor_keys integer[];
begin
  if target_revision <> original.flow_revision or overrides::text <> '{}' or original.error is not null or reprise_engine.is_cut_off(original)
    or 'start' = any (anchors) or 'auto' = any (anchors)
  then
    return; -- What is before the anchors may have become another.
  end if;

  select min(t.key) into v_open_key
  from reprise.tasks as t
  left join (
    select r.task_key, r.state from reprise.task_runs as r where r.execution_id = find_settled.original.id and r.parent_id is null
  ) as r on r.task_key = t.key
  where t.namespace = find_settled.original.namespace and t.flow_id = find_settled.original.flow_id and t.revision = find_settled.original.flow_revision
    and t.parent_key is null and not t.is_handler and not t.is_disabled and t.kind not in ('DEFAULTS', 'OUTPUTS')
    and coalesce(r.state not in ('SUCCESS', 'WARNING', 'SKIPPED'), true);

  -- Keys are in the order of the flow, a block before what is in it.
  v_anchor_keys := array(
    select (
      select max(t.key)
      from reprise.tasks as t
      where t.namespace = find_settled.original.namespace and t.flow_id = find_settled.original.flow_id and t.revision = find_settled.original.flow_revision
        and t.parent_key is null and t.key <= found.key
    )
    from unnest(v_given) as g
    left join lateral (
      select r.task_key as key from reprise.task_runs as r where r.id = g.task_run_id and r.execution_id = find_settled.original.id
      union all
      select t.key
      from reprise.tasks as t
      where t.namespace = find_settled.original.namespace and t.flow_id = find_settled.original.flow_id and t.revision = find_settled.original.flow_revision
        and t.id = g.task_id
    ) as found on true
    where g.anchor <> 'failed'
  );
  if array_position(v_anchor_keys, null) is not null then
    return; -- There is something to say about one that is not there.
  end if;

  select min(k.key) into before_key from unnest(v_anchor_keys || v_open_key) as k (key);
  select count(*) into task_run_count
  from reprise.task_runs as r
  where r.execution_id = find_settled.original.id and r.task_key < before_key
  having bool_and(r.ended_at is not null)
    -- From what failed it also starts inside of what allows that.
    and not ('failed' = any (anchors) and bool_or(r.state in ('FAILED', 'KILLED', 'RETRIED')));
  -- What a replay has brought with it may have run beside other outputs than those that are shown now.
  if not found or exists (
    select from reprise.task_runs as r where r.execution_id = find_settled.original.id and r.task_key >= before_key and r.is_carried
  ) then
    before_key := null;
    task_run_count := null;
  end if;
end;
$$;

comment on function reprise_engine.find_settled is
  'The part of an execution about which a replay has nothing to decide: on its own revision, all that stands before the first task of the flow that holds an '
  'anchor or has not ended well. Gives the key of that task, and how many task runs are before it; null where there is none, or everything has to be looked at.';
